"""Signs that mean several things, decided on tokens by what stands around them.

Tokens of either dialect come in, tokens with one meaning go out.
"""
