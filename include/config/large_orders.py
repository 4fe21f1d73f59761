"""large_orders.yaml: which online orders are worth a mail at once, and to whom."""

from include.config.model import Model


class LargeOrders(Model):
    """The whole of large_orders.yaml."""
