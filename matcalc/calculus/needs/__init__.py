"""What conditions say: for which indices of sums they are meant, and the sentences that they are."""
