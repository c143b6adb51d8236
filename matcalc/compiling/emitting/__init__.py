"""The text of a plan: the same walk for every language, what differs is a table of rows."""
