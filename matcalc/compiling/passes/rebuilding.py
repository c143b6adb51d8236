"""The loop that passes over a plan have in common: every value once more, by a rule or as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["Rule", "rebuilt"]

#: From a value, its new arguments and what became of those before it, to what takes its place; None leaves it as it stands.
Rule = Callable[[Value, list[Value], Mapping[Value, Value]], Value | None]


def rebuilt(program: Program, outputs: Sequence[Value], rule: Rule) -> list[Value]:
    """The outputs by the rule; permutations of permutations become one."""
    new: dict[Value, Value] = {}
    for v in needed(outputs):
        args = [new[a] for a in v.args]
        found = rule(v, args, new)
        if found is not None:
            new[v] = found
        elif v.op == "permute":
            new[v] = program.permute(args[0], v.data)
        else:
            new[v] = program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]
