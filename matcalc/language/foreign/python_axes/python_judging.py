"""What operations of Python code do to arrays of given axes, and what those cost that hardly anyone writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence

from matcalc.language import prices
from matcalc.language.foreign.common.names.naming import face_of
from matcalc.language.foreign.python.python_forms import (
    ENTRIES,
    base,
    has_product,
    is_constant,
    is_identity,
    is_method,
    names,
    of_name,
    scaled,
)
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import OF_MATRICES, factors, is_integer
from matcalc.language.foreign.python_axes.python_numbers import is_number
from matcalc.language.foreign.python_axes.python_scope import Kind, Scope, is_location
from matcalc.patterns import pattern

__all__ = ["Judge"]

_OF_COLUMNS = frozenset("mean std var".split())
_RANKS = {0: "", 1: "v", 2: "m"}
_ALONG = frozenset("sum mean average max min prod amax amin var std norm logsumexp".split())
_SPREADING = frozenset("div mul add sub multiply divide subtract where maximum minimum true_divide".split())
_LOCATIONS = frozenset("mean max min amax amin logsumexp".split())
_LOSSES = pattern(r"(?:\w*_)?(?:loss|cost|nll|obj|objective|energy|loglik|likelihood)\d*|J", re.IGNORECASE)
_PRODUCTS: dict[tuple[Kind, Kind], Kind] = {
    ("v", "v"): "", ("m", "v"): "v", ("v", "m"): "v", ("m", "m"): "m", ("m", "c"): "c", ("r", "m"): "r", ("r", "c"): "",
    ("c", "r"): "m",
}  # fmt: skip


class Judge(Scope):
    """The statements of a program, and what their operations cost."""

    def __init__(self, tree: ast.Module) -> None:
        super().__init__(tree)
        self.ranks: Mapping[str, int] = {}
        self.spent = 0
        self.in_square = False

    def cost(self, ranks: Mapping[str, int]) -> int:
        """What all operations cost where names have these axes."""
        self.ranks, self.env, self.spent = ranks, {}, 0
        self.along: set[str] = set()
        for statement in self.body:
            self._statement(statement)
        return self.spent

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                kinds = [self.kind(v) for v in values]
                self.env.update((n.id, k) for n, k in zip(targets, kinds, strict=False) if isinstance(n, ast.Name))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                kind = self.kind(value)
                self.along |= {name} if kind == "" and self._is_along(value) else set()
                self.env[name] = kind
                if node is self.body[-1] and _LOSSES.fullmatch(name) and kind in ("v", "m"):
                    self.spent += prices.AXES_LOSS_OF_LOSSES if _is_weighted_sum(value) else prices.AXES_LOSS_AS_ARRAY
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                self.kind(value)
            case _:
                for name in (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)):
                    self.env[name] = None

    def kind(self, node: ast.expr) -> Kind:
        """The axes of an expression; None where they are not known."""
        match node:
            case ast.Constant():
                return ""
            case ast.Name(id=name):
                return self.env[name] if name in self.env else _RANKS.get(self.ranks.get(name, -1))
            case ast.UnaryOp(operand=operand):
                return self.kind(operand)
            case ast.Lambda(body=body):
                return self.kind(body)
            case ast.BinOp():
                return self._operation(node)
            case ast.Attribute(value=inner, attr=attr):
                return self._attribute(inner, attr)
            case ast.Subscript(value=base, slice=index):
                return self._subscript(base, index)
            case ast.Call():
                return self._call(node)
            case ast.Compare(left=left, comparators=[right]):
                return self._spread(self.kind(left), self.kind(right))
        return None

    # Operations.

    def _operation(self, node: ast.BinOp) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        match node.op:
            case ast.MatMult():
                if right == "v" and isinstance(node.right, ast.Attribute):
                    self.spent += (
                        (1 + (left == "m")) * prices.AXES_TIMES_TURNED_VECTOR if node.right.attr in ("T", "mT") else 0
                    )
                if (left, right) == ("v", "m") and isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name):
                    self.spent += prices.AXES_VECTOR_IN_FRONT
                return self._product(left, right, prices.AXES_NO_PRODUCT)
            case ast.Add() | ast.Sub():
                return self._sum(node, left, right)
            case ast.Mult() | ast.Div():
                return self._factors(node, left, right)
            case ast.Pow():
                return left or right if left is not None and right is not None else None
        return None

    def _product(self, left: Kind, right: Kind, number: int) -> Kind:
        if left is None or right is None:
            return None
        if "" in (left, right):
            self.spent += number
            return left or right
        return _PRODUCTS.get((left, right))

    def _spread(self, left: Kind, right: Kind) -> Kind:
        if left is None or right is None:
            return None
        if "" in (left, right) or left == right:
            return left or right
        return "v" if {left, right} == {"v"} else "m"

    def _sum(self, node: ast.BinOp, left: Kind, right: Kind) -> Kind:
        for number, array, of, beside in ((left, right, node.left, node.right), (right, left, node.right, node.left)):
            if number == "" and array in ("v", "m") and self._is_loss(of, beside):
                self.spent += prices.AXES_BESIDE_IDENTITY if is_identity(beside) else prices.AXES_LOSS_SPREAD
            elif number == "" and array in ("v", "m") and self.is_array_by_name(of):
                self.spent += prices.AXES_NUMBER_SPREAD
        if {left, right} == {"v", "m"}:
            row, matrix = (node.left, node.right) if left == "v" else (node.right, node.left)
            self.spent += self._row_over(row, matrix, subtracted=isinstance(node.op, ast.Sub))
        return self._spread(left, right)

    def _row_over(self, row: ast.expr, matrix: ast.expr, *, subtracted: bool) -> int:
        """An array of one axis beside one of two: a bias or a mean, or rather a target."""
        bare = scaled(row)
        if self.in_square and isinstance(bare, ast.Name) and bare.id not in self.env:
            return prices.AXES_TARGET_SPREAD
        if isinstance(bare, ast.BinOp) and isinstance(bare.op, ast.MatMult):
            return prices.AXES_PRODUCT_SPREAD
        if isinstance(bare, ast.Call) and word_of(bare.func) in ("dot", "matmul", "mm", "mv"):
            return prices.AXES_PRODUCT_SPREAD
        if not isinstance(bare, ast.Name) or bare.id in self.env:
            return prices.AXES_TARGET_SPREAD if self.takes_its_shape(matrix, bare) else prices.AXES_COMPUTED_SPREAD
        if is_location(bare.id):
            return prices.AXES_TARGET_SPREAD if subtracted and bare.id == "b" and has_product(matrix) else 0
        return prices.AXES_TARGET_SPREAD if subtracted or not has_product(matrix) else 0

    def _factors(self, node: ast.BinOp, left: Kind, right: Kind) -> Kind:
        divides = isinstance(node.op, ast.Div)
        if divides and left == "" and right in ("v", "m") and self._is_loss(node.left, node.right):
            self.spent += prices.AXES_LOSS_OVER_ARRAY
        if (
            not divides
            and (left in ("v", "m") or right in ("v", "m"))
            and any(map(is_constant, (node.left, node.right)))
        ):
            self.spent += prices.AXES_CONSTANT_TIMES_ARRAY
        if divides and (left, right) == ("m", "m") and isinstance(below := base(node.right), ast.Name):
            self.spent += prices.AXES_SMALL_DIVISOR if below.id[0].islower() and below.id not in self.env else 0
        if "m" in (left, right) and left != right:
            factor, matrix = (node.right, node.left) if left == "m" else (node.left, node.right)
            kind = right if left == "m" else left
            self.spent += self._factor(factor, kind, matrix, below=divides and left == "m", divides=divides)
        return self._spread(left, right)

    def _factor(self, factor: ast.expr, kind: Kind, matrix: ast.expr, *, below: bool, divides: bool) -> int:
        """What multiplies a matrix or divides it, or what it divides."""
        name = of_name(factor)
        is_word = self.is_word(factor, matrix)
        is_target = not divides and kind in ("", "v") and self.is_target(factor, matrix)
        if kind == "" and isinstance(scaled(factor), ast.Name) and not divides:
            return prices.AXES_TARGET_SPREAD if is_target else prices.AXES_WORD_AS_NUMBER if is_word else 0
        if kind != "v":
            return 0
        over = prices.AXES_WORD_SPREAD if is_word and not divides else prices.AXES_FACTOR_SPREAD
        over = over if not divides else prices.AXES_DIVISOR_SPREAD if below else prices.AXES_TARGET_SPREAD
        return prices.AXES_TARGET_SPREAD * is_target + (
            prices.AXES_COMPUTED_SPREAD if name is None or name in self.env else over
        )

    def _is_loss(self, node: ast.expr, beside: ast.expr) -> bool:
        """A number by its form that is no location of the array beside it: tr(A), not z.max() or log(sum(exp(z)))."""
        inner = scaled(node)
        match inner:
            case ast.Name(id=name):
                return name in self.env and self.env[name] == ""
            case ast.BinOp(op=ast.MatMult()):
                return True
            case ast.BinOp(left=left, right=right):
                return self._is_loss(left, beside) or self._is_loss(right, beside)
            case ast.Call(func=function, args=args):
                word = word_of(function)
                if word in ("sum", "log", *_LOCATIONS) and names(inner) <= names(beside):
                    return False
                if word in ENTRIES:
                    parts = [
                        *args,
                        *([function.value] if isinstance(function, ast.Attribute) and is_method(function) else []),
                    ]
                    return any(self._is_loss(a, beside) for a in parts)
                return word in _ALONG or word in OF_MATRICES or word in ("dot", "inner", "vdot", "quad_form")
        return False

    # Arrays.

    def _attribute(self, inner: ast.expr, attr: str) -> Kind:
        if attr in ("T", "mT", "H"):
            return self._turned(self.kind(inner), prices.AXES_TURNED_VECTOR)
        if attr in ("pi", "e", "size", "ndim"):
            return ""
        return self.kind(inner) if attr in ("data", "values", "real") else None

    def _turned(self, kind: Kind, of_vector: int) -> Kind:
        self.spent += of_vector if kind == "v" else 0
        return {"c": "r", "r": "c"}.get(kind or "", kind)

    def _subscript(self, base: ast.expr, index: ast.expr) -> Kind:
        if isinstance(base, ast.Attribute) and base.attr == "shape":
            return ""
        kind = self.kind(base)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if any(isinstance(p, ast.Constant) and p.value is None for p in parts) or any(
            isinstance(p, ast.Attribute) and p.attr == "newaxis" for p in parts
        ):
            return ("r" if not isinstance(parts[0], ast.Slice) else "c") if kind == "v" else None
        taken = sum(not isinstance(p, ast.Slice) for p in parts)
        if kind in ("v", "m"):
            return ["", "v", "m"][max(len(kind + "m" * (kind == "m")) - taken, 0)]
        return None

    # Calls.

    def _call(self, node: ast.Call) -> Kind:
        word = _reduction(node.func)
        operands = [
            *([node.func.value] if is_method(node.func) and isinstance(node.func, ast.Attribute) else []),
            *node.args,
        ]
        if word in _ALONG:
            return self._reduced(node, word, operands)
        rule = _CALLS.get(word)
        if rule is not None and operands:
            return rule(self, word, operands)
        if word in OF_MATRICES and operands:
            outside, self.in_square = self.in_square, True
            kind = self.kind(operands[0])
            self.in_square = outside
            self.spent += prices.AXES_NO_MATRIX if kind in ("", "v") else 0
            return "" if word in ("trace", "det", "logdet", "slogdet") else None if word.startswith("eig") else "m"
        if word in ENTRIES and operands:
            kinds = [self.kind(a) for a in operands]
            if word in _SPREADING:
                found = kinds[0]
                for other in kinds[1:]:
                    found = self._spread(found, other)
                return found
            return kinds[0]
        for operand in operands:
            self.kind(operand)
        return None

    def _reduced(self, node: ast.Call, word: str, operands: Sequence[ast.expr]) -> Kind:
        if not operands:
            return None
        kind = self.kind(operands[0])
        given = next((k.value for k in node.keywords if k.arg in ("axis", "dim")), None)
        place = 2 if word == "norm" else 1
        axis = is_integer(given if given is not None else operands[place] if len(operands) > place else None)
        if given is None and axis is None and len(operands) <= place:
            if kind == "" and names(operands[0]):
                self.spent += prices.AXES_REDUCED_TWICE if self._is_along(operands[0]) else prices.AXES_REDUCED_NUMBER
            return ""
        if (kind in ("", "v") and axis == 1) or (kind == "" and axis is not None):
            self.spent += prices.AXES_NO_AXIS
        if kind == "v" and axis == 0 and isinstance(operands[0], ast.Name) and word in _OF_COLUMNS:
            self.spent += prices.AXES_ONLY_AXIS if operands[0].id not in self.env else 0
        if kind == "m" and axis is not None:
            kept = any(k.arg in ("keepdims", "keepdim") for k in node.keywords)
            return ("r" if axis == 0 else "c") if kept else "v"
        return "" if kind == "v" else None

    def _is_along(self, node: ast.expr) -> bool:
        """Whether a sum along an axis stands in it, or the name of one."""
        return any(
            (isinstance(n, ast.Name) and n.id in self.along)
            or (
                isinstance(n, ast.Call)
                and _reduction(n.func) in {*_ALONG, "cosine_similarity"}
                and (
                    any(k.arg in ("axis", "dim") for k in n.keywords)
                    or is_integer(n.args[-1] if n.args else None) == -1
                )
            )
            for n in ast.walk(node)
        )

    def _two(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        left, right = (self.kind(operands[0]), self.kind(operands[1]) if len(operands) > 1 else None)
        if (left, right) == ("v", "m") and all(isinstance(o, ast.Name) for o in operands[:2]):
            self.spent += prices.AXES_VECTOR_IN_FRONT
        if word == "mm":
            self.spent += prices.AXES_NO_MATRIX * sum(k in ("", "v") for k in (left, right))
        if word == "mv":
            self.spent += prices.AXES_NO_MATRIX * ((left in ("", "v")) + (right in ("", "m")))
        return self._product(left, right, prices.AXES_DOT_OF_NUMBER if word == "dot" else prices.AXES_NO_PRODUCT)

    def _outer(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        for operand in operands:
            self.spent += prices.AXES_FACTOR_SPREAD if self.kind(operand) == "" else 0
        return "m"

    def _inner(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        for operand in operands:
            self.kind(operand)
        return ""

    def _along_rows(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        """The cosines of the rows of two matrices, or that of two arrays of one axis."""
        kinds = [self.kind(operand) for operand in operands[:2]]
        self.spent += prices.AXES_TARGET_SPREAD if "m" in kinds and {"", "v"} & {*kinds} else 0
        return "v" if "m" in kinds else ""

    def _solved(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        self.spent += prices.AXES_NO_MATRIX if self.kind(operands[0]) in ("", "v") else 0
        return self.kind(operands[1]) if len(operands) > 1 else None

    def _diagonal(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        kind = self.kind(operands[0])
        self.spent += prices.AXES_NO_MATRIX if kind == "" or (kind == "v" and word == "diagonal") else 0
        return {"v": "m", "m": "v"}.get(kind or "")

    def _transposed(self, word: str, operands: Sequence[ast.expr]) -> Kind:
        return self._turned(
            self.kind(operands[0]), 6 * prices.AXES_TURNED_VECTOR if word == "t" else prices.AXES_TURNED_VECTOR
        )


def _reduction(function: ast.expr) -> str:
    """The function; of reduce_sum in TensorFlow sum."""
    return word_of(function).removeprefix("reduce_")


def _is_weighted_sum(node: ast.expr) -> bool:
    """a + lam * b: multiples of words."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _is_weighted_sum(left) and _is_weighted_sum(right)
    parts = list(factors(node.operand if isinstance(node, ast.UnaryOp) else node))
    words = [p for p in parts if isinstance(p, ast.Name) and face_of(p.id) == "code word"]
    return len(words) == 1 and all(p in words or is_number(p) for p in parts)


_CALLS: dict[str, Callable[[Judge, str, Sequence[ast.expr]], Kind]] = {
    **dict.fromkeys(("dot", "matmul", "mm", "mv"), Judge._two),
    **dict.fromkeys(("inner", "vdot", "mse_loss"), Judge._inner),
    **dict.fromkeys(("outer", "ger"), Judge._outer),
    **dict.fromkeys(("diag", "diagonal"), Judge._diagonal),
    **dict.fromkeys(("transpose", "t"), Judge._transposed),
    **dict.fromkeys(("eye", "identity"), lambda judge, word, operands: "m"),
    **dict.fromkeys(("len", "numel"), lambda judge, word, operands: ""),
    "solve": Judge._solved,
    "cosine_similarity": Judge._along_rows,
}
