"""Stock: what goes into what is sold, what there is, what to order."""
