"""Claims as people write them: their parts, their layouts, and files that hold them."""
