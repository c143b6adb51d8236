"""The texts of the table of functions as expressions, and rows that a user adds."""
