"""Proofs that an expression is zero: both sides brought to common ground, however long that gets."""
