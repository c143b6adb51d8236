"""Derivatives by routes that share nothing with the derivation: differences, dual numbers, scalar calculus."""
