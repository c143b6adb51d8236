"""How a least value is searched: Newton's method between bounds, an augmented Lagrangian over it, an interior-point method."""
