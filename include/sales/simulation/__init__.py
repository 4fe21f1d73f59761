"""A random business: what customers order, when, and how they pay. Reproducible by seed."""
