"""Whether two functions are equal: refuted at a point, proved by identities or by their derivatives, or left open.

Proofs name where both functions are defined; a point that refutes is one at which the texts as they were typed have values.
"""
