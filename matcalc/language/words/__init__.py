"""Names, words and spellings: what may be typed, and the one form of it that the rest of the reader knows.

Characters and words come in, names and plain spellings go out.
"""
