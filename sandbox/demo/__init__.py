"""The demo chain's past: a year of a real pizza place's orders, as Square would have kept them."""
