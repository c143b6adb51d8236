"""The operators of Python and the protocols of NumPy, for what can be combined by the operators of the language.

``*`` and ``@`` are the product of the language; NumPy's functions and indices mean what they mean for arrays.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Operators"]


class Operators:
    """What Python asks of an object, in terms of `_operation`."""

    def _operation(self, symbol: str, other: Any, reflected: bool = False) -> Any:
        raise NotImplementedError

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """NumPy's and SciPy's functions by entries give formulas."""
        from matcalc.objects.arrays.ufuncs import called

        return called(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions, with its axes."""
        from matcalc.objects.arrays.functions import called

        return called(func, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        """Entries and slices, counted from 0 as in Python."""
        from matcalc.objects.arrays.indexing import item
        from matcalc.objects.arrays.values import as_array

        return item(as_array(self), key).expr

    __iter__ = None  # an expression has no members

    def __add__(self, other: Any) -> Any:
        return self._operation("+", other)

    def __radd__(self, other: Any) -> Any:
        return self._operation("+", other, reflected=True)

    def __sub__(self, other: Any) -> Any:
        return self._operation("-", other)

    def __rsub__(self, other: Any) -> Any:
        return self._operation("-", other, reflected=True)

    def __mul__(self, other: Any) -> Any:
        return self._operation("*", other)

    def __rmul__(self, other: Any) -> Any:
        return self._operation("*", other, reflected=True)

    __matmul__ = __mul__
    __rmatmul__ = __rmul__

    def __truediv__(self, other: Any) -> Any:
        return self._operation("/", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._operation("/", other, reflected=True)

    def __pow__(self, exponent: Any) -> Any:
        return self._operation("^", exponent)

    def __lt__(self, other: Any) -> Any:
        return self._compared("less", other)

    def __le__(self, other: Any) -> Any:
        return self._compared("less_equal", other)

    def __gt__(self, other: Any) -> Any:
        return self._compared("greater", other)

    def __ge__(self, other: Any) -> Any:
        return self._compared("greater_equal", other)

    def _compared(self, name: str, other: Any) -> Any:
        """Entries 0 and 1; beside an array of a traced function an array."""
        from matcalc.objects.arrays.functions import by_name

        return by_name(name, (self, other), {}).expr
