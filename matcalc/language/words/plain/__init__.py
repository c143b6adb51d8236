"""The plain dialect's spellings: products typed without spaces, other names of functions, how far an operand reaches.

Tokens of plain text come in, the spellings that the grammar knows go out; LaTeX is not read here.
"""
