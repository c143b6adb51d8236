"""What stands around an expression and declares its names: sentences, declarations in words, differentials beside their variables.

Texts and names come in, declarations and notes go out; the expression itself is read elsewhere.
"""
