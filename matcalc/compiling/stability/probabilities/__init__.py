"""Probabilities as code computes them: shares of sums of exponentials, their means, deviations and covariance.

Where one probability is nearly 1, what is left of the others keeps its digits: no rule here subtracts one from 1.
"""
