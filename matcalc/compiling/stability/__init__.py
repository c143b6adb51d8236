"""What is computed where that is not what is written: forms that neither overflow nor cancel.

A function is rewritten before it is differentiated for the plan, so that its derivatives follow from stable rules; what
is left in values and derivatives is rewritten once more. What is printed stays as it is.
"""

from matcalc.compiling.stability.forms import STABLE_FORMS, stable, stable_function, stable_output

__all__ = ["STABLE_FORMS", "stable", "stable_function", "stable_output"]
