"""Compiled functions: what `matcalc.compile` gives."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.compiling.calling.arguments import ArgumentError, Arguments, checked_size
from matcalc.compiling.calling.costs import flops
from matcalc.compiling.calling.entry import entry
from matcalc.compiling.calling.signature import Signature, read_size
from matcalc.compiling.emitting.target import Order, Target
from matcalc.compiling.passes.sparse import with_sparse_products
from matcalc.compiling.planning.program import Value, flat, unflattened
from matcalc.compiling.targets import TARGETS
from matcalc.notes import Note

__all__ = ["ArgumentError", "CodeFunction", "CompiledFunction", "executed"]


def executed(source: str, name: str) -> Callable[..., Any] | None:
    """The function that the source defines, or None where the library is not installed."""
    namespace: dict[str, Any] = {"__name__": "matcalc_compiled"}
    try:
        exec(compile(source, f"<compiled {name}>", "exec"), namespace)
    except ImportError:
        return None
    function: Callable[..., Any] = namespace[name]
    return function


class CodeFunction:
    """A function of arrays by its source, which is what goes through pickle."""

    def __init__(self, source: str, name: str) -> None:
        self.source = source
        self._name = name
        self._run = executed(source, name)

    def __reduce__(self) -> tuple[type[CodeFunction], tuple[str, str]]:
        return CodeFunction, (self.source, self._name)

    def __call__(self, *args: Any) -> Any:
        assert self._run is not None
        return self._run(*args)


def _restored(own: tuple[Any, ...], plan: Any, notes: tuple[Note, ...]) -> CompiledFunction:
    name, source, target, signature, required, sizes, single = own
    language = TARGETS[target]
    return CompiledFunction(name, source, language, signature, required, sizes, unflattened(plan), notes, single)


class CompiledFunction:
    """Code that evaluates expressions; call it with the variables as keyword arguments.

    A vector is an array (n,), a matrix (m, n), a scalar a number. Every spelling of a name is accepted (``Sigma``,
    ``Σ``), and so are variables that the result does not depend on.

    Attributes:
        source: the code that is executed.
        target: the library or language of the code.
        parameters: the names of the arguments it needs; sizes that no argument shows come last.
        notes: how the texts were read, where a reader has to know; they stand in the code as comments, too.

    Raises:
        ArgumentError: an argument is missing, unknown or of the wrong shape.
    """

    def __init__(
        self,
        name: str,
        source: str,
        target: Target,
        signature: Signature,
        required: Sequence[str],
        sizes: Sequence[str],
        plan: Sequence[Value] = (),
        notes: tuple[Note, ...] = (),
        single: bool | None = None,
    ) -> None:
        """``single`` is whether it returns the one output alone; None where the plan is not what it computes."""
        self.__name__ = name
        self.source = source
        self.target = target.name
        self.notes = notes
        self._signature = signature
        self._arguments = Arguments(signature, required, sizes)
        self.parameters = self._arguments.names
        self._plan = tuple(plan)
        self._single = single
        self._of_sparse: dict[frozenset[str], Callable[..., Any]] = {}
        function = self._executed() if target.runs else None
        if function is not None:
            self.__signature__ = inspect.Signature(
                [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in self.parameters]
            )
            # a class of its own: what is handed on by ``__call__`` costs as much as small arrays
            call = staticmethod(entry(self._arguments, function, target.traces, self._for_sparse))
            own = {"__call__": call, "__doc__": function.__doc__, "__module__": __name__}
            self.__class__ = type(type(self).__name__, (type(self),), own)

    def _executed(self) -> Callable[..., Any] | None:
        """What is called with all arguments that the code needs; None where the library is not installed."""
        return executed(self.source, self.__name__)

    def __reduce__(self) -> tuple[Callable[..., CompiledFunction], tuple[Any, ...]]:
        signature, arguments = self._signature, self._arguments
        own = (self.__name__, self.source, self.target, signature, arguments.required, arguments.sizes, self._single)
        return _restored, (own, flat(self._plan), self.notes)

    def _for_sparse(self, names: frozenset[str]) -> Callable[..., Any]:
        """The code whose parameters of these names are sparse matrices; it is written when the first ones come."""
        if names not in self._of_sparse:
            language = TARGETS[self.target]
            if self._single is None or "sparse_product" not in language.rows:
                raise ArgumentError(
                    f"{min(names)} is sparse, and this code for {self.target} takes dense arrays",
                    hint=f"pass {min(names)}.toarray()",
                )
            plan = with_sparse_products(self._plan, names)
            order = Order(self._signature, plan, self._single, self.__name__, ["Of sparse matrices."], True, names)
            function = executed(language.write(language, order).text, self.__name__)
            assert function is not None
            self._of_sparse[names] = function
        return self._of_sparse[names]

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        raise ArgumentError(
            f"code for {self.target} cannot be run: the library is not installed, or it is no Python",
            hint="its text is the attribute source",
        )

    def __repr__(self) -> str:
        return f"<{self.target} function {self.__name__}({', '.join(self.parameters)})>"

    @property
    def signature(self) -> Signature:
        """The parameters by the symbols of the expression."""
        return self._signature

    @property
    def required(self) -> tuple[str, ...]:
        """The symbols of the arguments that the code takes, in order."""
        return tuple(self._arguments.required)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that no argument shows, which the code takes last."""
        return tuple(self._arguments.sizes)

    def shape_of(self, name: str, given: Mapping[str, Any], x: Any) -> tuple[int, ...]:
        """The shape of an argument, as far as the others show it; else that of x itself."""
        parameter = self._signature.parameters[name]
        others = {self._signature.spelled(k) or k: v for k, v in given.items()}
        known = self._arguments.checked({k: v for k, v in others.items() if k != name})
        if len(np.shape(x)) == len(parameter.axes):
            return tuple(np.shape(x))
        missing = [n for dim in parameter.axes for n in dim.names if n not in known]
        if missing and len(parameter.axes) == 2:
            found = read_size(parameter.axes[0] * parameter.axes[1], int(np.size(x)), known)
            known |= dict([found]) if found else {}
        if any(n not in known for dim in parameter.axes for n in dim.names):
            raise ArgumentError(f"the shape of {parameter.name} cannot be read off the data", hint="pass shape=(…)")
        return tuple(dim.evaluate(known) for dim in parameter.axes)

    def shapes_of(self, names: Sequence[str], given: Mapping[str, Any]) -> list[tuple[int, ...]] | None:
        """The shapes of these arguments, None where what is given does not show all of them."""
        known = self._arguments.checked({self._signature.spelled(k) or k: v for k, v in given.items()})
        axes = [self._signature.parameters[name].axes for name in names]
        if any(n not in known for own in axes for dim in own for n in dim.names):
            return None
        return [tuple(dim.evaluate(known) for dim in own) for own in axes]

    def flops(self, /, **sizes: int) -> float:
        """Additions and multiplications of one call, for these sizes."""
        known = {self._signature.size_spelled(name) or name: checked_size(name, value) for name, value in sizes.items()}
        try:
            return flops(self._plan, known)
        except KeyError as missing:
            raise ArgumentError(f"the size {missing.args[0]} is missing") from None
