"""Runs of reports, of whatever kind: asked for, begun, ended, with their files and who was told."""
