"""The listener: what the outside world pushes (telephone calls, order webhooks), written durably into Postgres."""
