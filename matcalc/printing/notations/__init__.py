"""The notations: one table each, one row for every kind of layout, from layout to markup."""
