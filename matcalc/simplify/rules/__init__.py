"""Identities by subject, each a function from node to node, or to None where it says nothing."""
