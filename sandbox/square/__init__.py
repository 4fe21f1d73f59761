"""Square's stand-in, as its OpenAPI document describes the seller's API."""
