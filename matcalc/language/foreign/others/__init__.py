"""MATLAB, Julia, R and Mathematica: one table each for the small parser."""
