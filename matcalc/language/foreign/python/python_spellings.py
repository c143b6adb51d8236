"""Python code in fewer spellings: attributes of objects as names, operations that are written as calls as their signs."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from matcalc.language.foreign.python_axes.python_evidence import arguments_of, word_of
from matcalc.language.foreign.python_axes.python_names import MODULES
from matcalc.language.foreign.python_functions.looped.python_pairs import cdist, with_distances
from matcalc.language.foreign.python_functions.python_table import is_known

__all__ = ["ATTRIBUTES", "respelled"]

#: What arrays have, whatever their names are.
ATTRIBUTES = frozenset("T mT H shape size data values I ndim".split())
#: What they have, too, that means nothing here, or another thing than a name would.
_OF_ARRAYS = frozenset(
    "A A1 flat real imag grad dtype device base nnz newaxis indices sign logabsdet eigenvalues eigenvectors S U V Vh Q R"
    " iloc loc index columns str dt at is_cuda grad_fn names layout itemsize nbytes strides logdet".split()
)
_OWN = ("self", "cls")
#: What TensorFlow has called its arguments, and calls them now.
_KEYWORDS = {"reduction_indices": "axis", "reduction_index": "axis", "keep_dims": "keepdims"}
_SIGNS: Mapping[str, type[ast.operator]] = {
    **dict.fromkeys(("add",), ast.Add), **dict.fromkeys(("sub", "subtract"), ast.Sub),
    **dict.fromkeys(("mul", "multiply"), ast.Mult), **dict.fromkeys(("div", "divide", "true_divide"), ast.Div),
}  # fmt: skip
#: b + A @ x, and what the product is there.
_ADDED = {"addmm": "mm", "addmv": "mv"}


def respelled(tree: ast.Module, *, symbolic: bool) -> ast.Module:
    """par.X is the name X, or par_X where another X stands there; a.div(b) is a / b; addmm(b, A, x) is b + mm(A, x)."""
    tree = _Attributes(_names_of_attributes(tree)).visit(tree)
    return tree if symbolic else ast.fix_missing_locations(_Signs().visit(with_distances(tree)))


class _Attributes(ast.NodeTransformer):
    def __init__(self, names: Mapping[tuple[str, ...], str]) -> None:
        self.names = names

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = self.names.get(_path(node))
        if name is not None:
            return ast.copy_location(ast.Name(id=name, ctx=node.ctx), node)
        self.generic_visit(node)
        return node


class _Signs(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        for keyword in node.keywords:
            keyword.arg = _KEYWORDS.get(keyword.arg or "", keyword.arg)
            if keyword.arg == "axis" and isinstance(keyword.value, ast.List) and len(keyword.value.elts) == 1:
                keyword.value = keyword.value.elts[0]
        word, operands = word_of(node.func), arguments_of(node)
        scales = {k.arg: k.value for k in node.keywords}
        if word in _SIGNS and isinstance(node.func, ast.Attribute) and len(operands) == 2 and not scales:
            return ast.copy_location(ast.BinOp(operands[0], _SIGNS[word](), operands[1]), node)
        if word in _ADDED and len(operands) == 3 and scales.keys() <= {"alpha", "beta"}:
            function = ast.copy_location(ast.Name(id=_ADDED[word], ctx=ast.Load()), node)
            product = ast.copy_location(ast.Call(func=function, args=operands[1:], keywords=[]), node)
            left, right = _scaled(scales.get("beta"), operands[0]), _scaled(scales.get("alpha"), product)
            return ast.copy_location(ast.BinOp(left, ast.Add(), right), node)
        squared = word in ("pow", "square") and len(operands) == 2 - (word == "square")
        return _squared(operands[0], operands[1:], node) if squared else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return _squared(node.left, [node.right], node) if isinstance(node.op, ast.Pow) else node


def _squared(base: ast.expr, exponent: Sequence[ast.expr], node: ast.expr) -> ast.expr:
    """cdist(x, y)**2 is that of the squares, which have a derivative at 0, too."""
    is_two = all(isinstance(e, ast.Constant) and e.value == 2 for e in exponent)
    if is_two and isinstance(base, ast.Call) and word_of(base.func) == "cdist" and not base.keywords:
        return ast.copy_location(cdist(*base.args, squares=True), node) if len(base.args) == 2 else node
    return node


def _scaled(factor: ast.expr | None, term: ast.expr) -> ast.expr:
    return term if factor is None else ast.copy_location(ast.BinOp(factor, ast.Mult(), term), term)


def _path(node: ast.expr) -> tuple[str, ...]:
    """a.b.c as its words; empty where it is no path of names."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return (*([node.id] if isinstance(node, ast.Name) else []), *reversed(words)) if isinstance(node, ast.Name) else ()


def _names_of_attributes(tree: ast.Module) -> dict[tuple[str, ...], str]:
    """The names of attributes of objects that are only objects: nothing is done with them but that."""
    chains = list(dict.fromkeys(_chains(tree)))
    bare = {chain[0] for chain in chains if len(chain) == 1 or _OF_ARRAYS & set(chain[1:])}
    found = [c for c in chains if len(c) > 1 and (c[0] in _OWN or c[0] not in bare | MODULES)]
    last = Counter(c[-1] for c in found)
    return {c: c[-1] if last[c[-1]] == 1 and c[-1] not in bare else _joined(c) for c in found}


def _joined(chain: tuple[str, ...]) -> str:
    return "_".join(chain[1:] if chain[0] in _OWN and len(chain) > 2 else chain)


def _chains(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """Every name with the attributes behind it, without those of arrays and without methods."""
    inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inner and (chain := _path(node)):
            if id(node) in called:
                chain = chain[: 1 if len(chain) < 3 or not is_known(chain[-1]) else -1]
            while chain[-1] in ATTRIBUTES and len(chain) > 1:
                chain = chain[:-1]
            yield chain
