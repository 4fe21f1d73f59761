"""phones.yaml: the departments that answer the phones, and when a missed call is worth a mail."""

from include.config.model import Model


class Phones(Model):
    """The whole of phones.yaml."""
