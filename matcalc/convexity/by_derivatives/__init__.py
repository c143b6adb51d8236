"""Convexity by second derivatives: their sign, for functions of one number and for quadratic forms in a direction.

Functions that are smooth on a convex domain come in, claims with the rule that proves them go out; no point is sampled.
"""
