"""Hints that can be followed: each is a whole text, tried before it is offered."""
