"""Faults that are planted, one at a time, to see whether the tests of their package notice: run by hand."""
