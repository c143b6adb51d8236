"""Letters in LaTeX: faces, accents, indices, what is raised behind them, and functions set upright."""
