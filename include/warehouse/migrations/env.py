"""Alembic's entry: one transaction for the whole upgrade, as the role that owns the schemas."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

url: str = context.config.attributes["url"]
engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
