"""What a caller holds: compiled functions and objectives, their arguments, and second derivatives as maps."""
