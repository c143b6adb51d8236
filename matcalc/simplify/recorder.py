"""Named rewriting rules and the record of which of them fired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from matcalc.expr import Node
from matcalc.records import dataclass

__all__ = ["Firing", "Rule", "by_operator", "is_recorded", "recording", "rewrite"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One identity: applied to a node of one of its operators it gives an equal node, or None.

    ``condition`` says where it holds, if that is not wherever both sides are defined; ``apply`` has made sure of it.
    """

    name: str
    operators: tuple[str, ...]
    identity: str
    reference: str
    apply: Callable[[Node], Node | None]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that rewrote ``before`` to ``after``."""

    rule: Rule
    before: Node
    after: Node


_record: ContextVar[list[Firing] | None] = ContextVar("record", default=None)


@contextmanager
def recording() -> Iterator[list[Firing]]:
    """Collect the rules that fire inside the block."""
    firings: list[Firing] = []
    token = _record.set(firings)
    try:
        yield firings
    finally:
        _record.reset(token)


def is_recorded() -> bool:
    """Whether somebody wants to know which rules fire."""
    return _record.get() is not None


def rewrite(rule: Rule, node: Node) -> Node | None:
    """Apply the rule and note it; None where it does not apply or changes nothing."""
    after = rule.apply(node)
    if after is None or after is node:
        return None
    assert after.shape == node.shape, f"rule {rule.name} changed the shape"
    firings = _record.get()
    if firings is not None:
        firings.append(Firing(rule, node, after))
    return after


def by_operator(rules: Sequence[Rule]) -> dict[str, list[Callable[[Node], Node | None]]]:
    """The rules for each operator, in their order, each noted where it is applied."""
    table: dict[str, list[Callable[[Node], Node | None]]] = {}
    for rule in rules:
        for op in rule.operators:
            table.setdefault(op, []).append(partial(rewrite, rule))
    return table
