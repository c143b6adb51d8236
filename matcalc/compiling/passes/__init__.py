"""Passes over a finished plan: what is already there in another form, and sums that skip what a condition leaves out."""
