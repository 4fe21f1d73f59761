"""Orders that people place online: at the Square seller's own shop, or on a platform that tells the chain of them."""
