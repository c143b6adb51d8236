"""What the readers of several languages share: a small parser, functions by their names, axes, losses by their definitions."""
