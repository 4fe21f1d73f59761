"""Calls: one verdict per ended call of a telephone system, kept on disk and carried to Postgres."""

from listener.calls.watch import CallWatch

__all__ = ["CallWatch"]
