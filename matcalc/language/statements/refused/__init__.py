"""What is refused of a statement, and what to type instead: equations, lists, contradictions, several functions at once.

Segments of a text come in, errors with a caret go out; nothing is read here that an answer is made of.
"""
