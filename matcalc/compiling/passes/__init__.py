"""Passes over a finished plan that find what is already there in another form."""
