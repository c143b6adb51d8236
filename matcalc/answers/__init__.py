"""Answers to the questions `check` and `equal`: what a text claims, compared with what is derived.

Objects and claims come in, reports come out. `checking` decides, this package asks it.
"""
