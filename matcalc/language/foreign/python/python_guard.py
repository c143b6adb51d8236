"""Every name of Python code stands in what is made of it: what a function takes and does not use is no silent loss."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from matcalc.language.foreign.code import Code
from matcalc.language.foreign.common.formulas import DENSITIES, ENTRIES
from matcalc.language.foreign.common.shared import Count
from matcalc.language.foreign.python.python_calls import IGNORED
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import MODULES
from matcalc.patterns import pattern

__all__ = ["is_shared", "lost_name"]

#: What an array is asked for without its entries, and functions whose other arguments are types and places.
_SIZES = frozenset("shape size ndim dtype device len range numel".split())
_OF_TYPES = frozenset("to astype type type_as array asarray tensor as_tensor detach Variable".split())


def lost_name(node: ast.expr, code: Code, known: Mapping[str, Code], own: Collection[str]) -> ast.Name | None:
    """A name in the code that what was made of it does not hold, nor what is known to stand for it; a size may be inferred.

    Calls of functions of its own may leave arguments out.
    """
    words = set(_WORD.findall(code.text))
    return next((n for n in _names(node, own) if not _stands(n.id, known, words)), None)


#: What stands before the name of a function and is none of its arguments: norm.logpdf, optax.l2_loss.
_IN_FRONT = frozenset(DENSITIES) | {name.partition(".")[0] for name in ENTRIES if "." in name}
#: Functions whose value is another array, not a view of the same one.
_COPIES = frozenset("copy clone deepcopy array".split())


def is_shared(name: str, values: Mapping[str, ast.expr]) -> bool:
    """Whether another name may stand for the same array, so that an entry of both would be another one."""
    own = values.get(name)
    return (own is not None and not _is_new(own)) or any(
        not _is_new(value) and name in {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
        for other, value in values.items()
        if other != name
    )


def _is_new(value: ast.expr) -> bool:
    match value:
        case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Constant():
            return True
        case ast.Call(func=function):
            return word_of(function) in _COPIES or word_of(function) not in _VIEWS
    return False


_VIEWS = frozenset(
    "reshape ravel view asarray detach squeeze unsqueeze t transpose flatten diagonal expand_dims to".split()
)
_WORD = pattern(r"[^\W\d]\w*")


def _stands(name: str, known: Mapping[str, Code], words: set[str]) -> bool:
    if name in known and isinstance(known[name].value, Count):
        return True
    if name in known:
        return words.issuperset(_WORD.findall(known[name].text))
    return name in words or name.rstrip("_") in words


def _names(node: ast.AST, own: Collection[str]) -> Iterator[ast.Name]:
    match node:
        case ast.Name(id=name):
            if name not in own and name not in MODULES and name not in _IN_FRONT:
                yield node
            return
        case ast.Attribute(attr=attr) if attr in _SIZES:
            return
        case ast.Lambda() | ast.GeneratorExp() | ast.ListComp():
            return
        case ast.Call(func=function):
            yield from _of_call(node, word_of(function), own)
            return
    for child in ast.iter_child_nodes(node):
        yield from _names(child, own)


def _of_call(node: ast.Call, word: str, own: Collection[str]) -> Iterator[ast.Name]:
    if word in _SIZES or word in own:
        return
    if word == "Problem":  # its constraints have notes
        yield from (name for child in node.args[:1] for name in _names(child, own))
        return
    function = node.func
    places = [] if isinstance(function, ast.Name) else [function]
    arguments = node.args[: 1 - len(places)] if word in _OF_TYPES else node.args
    values = [k.value for k in node.keywords if k.arg not in IGNORED]
    for child in (*places, *arguments, *values):
        yield from _names(child, own)
