"""Functions as optimisers ask for them: of flat vectors, with their derivatives, the data given once."""
