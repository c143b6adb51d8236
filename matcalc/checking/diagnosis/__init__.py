"""What is wrong with a claim, in one sentence that is computed and true."""
