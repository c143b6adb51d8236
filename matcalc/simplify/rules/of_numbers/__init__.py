"""Identities of functions of numbers, entry by entry: exponentials, logistic and trigonometric functions, signs, inverses."""
