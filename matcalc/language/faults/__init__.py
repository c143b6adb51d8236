"""What is said of texts that are refused: which operands disagree, which names are unknown, what was probably meant."""
