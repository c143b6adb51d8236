"""Functions that nobody defined: how they are used, what that demands of their arguments, and what was inferred of them."""
