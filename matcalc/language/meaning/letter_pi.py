"""Where pi is a policy or a distribution, and not the number: what stands around it shows that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from matcalc.errors import SyntaxFault
from matcalc.language.indices.binders import Member
from matcalc.language.meaning.items import Findings, Program
from matcalc.language.surface.tree import Surface, walk
from matcalc.notes import Note

__all__ = ["frees_pi"]

_REDUCTIONS = frozenset({"sum", "mean", "max", "min", "entropy", "logsumexp", "norm1", "norm2", "diag"})


def frees_pi(program: Program, roots: Collection[Surface], found: Findings) -> bool:
    """Whether pi, which nothing declares, is a variable; with a note."""
    face = found.faces.get("pi")
    if any("pi" in known for known in (program.where.declarations, program.names)):
        return False
    if found.code and face not in ("vector shown", "matrix shown"):
        return False
    named = found.code or face in ("bold", "arrow") or ("pi" in found.beside and not has_members_of_pi(roots))
    note = pi_as_variable(roots, program.text, named=named)
    if note is not None:
        program.notes.append(note)
    return note is not None


def pi_as_variable(roots: Iterable[Surface], text: str, *, named: bool) -> Note | None:
    """The note on a pi that is a variable, or None; it is ``named`` where its type or the text around says that it is one.

    A transpose, an index, a logarithm of pi as a factor of pi, a sum of its entries and a row in front show an array.
    Raises SyntaxFault where 2 pi stands beside it.
    """
    nodes = [node for root in roots for node in walk(root)]
    places = [n for n in nodes if _is_pi(n)]
    if not places:
        return None
    found = next(_shown(nodes), places[0] if named else None)
    if found is None:
        return None
    for node in nodes:
        if node.kind == "multiply" and node.children[0].kind == "number" and _is_pi(node.children[1]):
            hint = "write p or q for the vector, or declare pi: vector(n) if both are it"
            raise SyntaxFault(
                "pi stands here for the number and for a vector", code="pi", text=text, span=node.span, hint=hint
            )
    message, hint = "pi is read as a variable here, not as the number", "write p for it, or 3.14159 for the number"
    return Note(message, hint, "pi", text, found.span)


def has_members_of_pi(roots: Iterable[Surface]) -> bool:
    """Whether pi_k stands in the text: a pi that is named beside the text means all of them, and 2 pi in it the number."""
    values = (node.value for root in roots for node in walk(root) if node.kind == "name")
    return any(isinstance(name, Member) and name.base == "pi" for name in values)


def _is_pi(node: Surface) -> bool:
    return node.kind == "name" and node.value == "pi"


def _shown(nodes: Iterable[Surface]) -> Iterator[Surface]:
    """What shows pi to be an array."""
    continued = {id(n.children[0]) for n in nodes if n.kind == "multiply"}
    for node in nodes:
        if not node.children:
            continue
        first, last = node.children[0], node.children[-1]
        match node.kind:
            case "transpose" | "entry" if _is_pi(first):
                yield node
            case "transpose" | "norm" if first.kind == "add" and any(_is_pi(_unsigned(c)) for c in first.children):
                yield node
            case "call" if node.value in _REDUCTIONS and _is_pi(first):
                yield node
            case "multiply" | "hadamard" if {True} == {_is_pi(first) or _is_log(first), _is_pi(last) or _is_log(last)}:
                yield node
            case "multiply" if first.kind == "transpose" and _is_pi(last) and id(node) not in continued:
                yield node


def _unsigned(node: Surface) -> Surface:
    return node.children[0] if node.kind == "negate" else node


def _is_log(node: Surface) -> bool:
    """log(pi), and log of pi / p."""
    if node.kind != "call" or node.value != "log":
        return False
    (inside,) = node.children
    return _is_pi(inside) or (inside.kind in ("divide", "hadamard_divide") and _is_pi(inside.children[0]))
