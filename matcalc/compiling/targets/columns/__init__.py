"""MATLAB and Julia: rows of both (`rows`), parts of arrays and constant ones (`arrays`), any number of axes (`stacks`).

In come values of a plan and the texts of their operands, out go texts. Arrays are column-major and indices start at 1.
"""
