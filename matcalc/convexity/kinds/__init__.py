"""How convex: strictly, strongly with a constant, by the logarithm, quasi-convex. In come proofs; out go further claims."""
