"""Identities that proofs use beside those of simplification, by subject."""
