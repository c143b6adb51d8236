"""The normal form of products for proofs: factors that share indices, with one labelling for all that are the same.

Nodes come in, networks of labelled edges go out; two products are equal where their networks are.
"""
