"""Equations in powers, inverses and products of an unknown matrix."""
