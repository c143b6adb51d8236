"""Long results: repeated subexpressions get names and are listed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import count

from matcalc.expr import ONE, Index, Node, at, in_order, matmul, postorder, rebuild, reindex, transpose, variable
from matcalc.expr.facts import is_symmetric
from matcalc.printing.defined import definitions_in_use
from matcalc.printing.folding import folded
from matcalc.printing.formats import displayed, layout_of, text
from matcalc.printing.indexed.opened import holds_sum, letters_for
from matcalc.printing.indexed.weights import with_weights
from matcalc.printing.lines.breaking import WIDTH
from matcalc.printing.roots import drawn_apart, put_back
from matcalc.printing.style import PLAIN, Style
from matcalc.records import dataclass

__all__ = ["LONG", "Abbreviated", "Names", "abbreviate", "displayed_rows", "latex_lines", "readable"]

#: A result that prints shorter is shown in one piece: about one line on a screen.
LONG = 110
#: So is a longer one that would not be shorter with its names and their lines, unless nobody reads it in one piece.
VERY_LONG = 700
#: A repeated part that prints shorter is written out each time.
WORTH_A_NAME = 12
#: A part that is used once gets a name where it prints longer than this.
TOO_LONG_FOR_ONE_LINE = 160
#: Weights over an index get a name where they print as long as this, in a result that is longer than that.
WORTH_A_WEIGHT, SHORT = 25, 60
#: Letters of weights, and how many indices they have at most.
WEIGHTS, MOST_INDICES = "rqgshz", 2


@dataclass(frozen=True, slots=True)
class Abbreviated:
    """An expression, and the definitions of the names in it, each in terms of earlier ones."""

    node: Node
    definitions: tuple[tuple[Node, Node], ...]


class Names:
    """u_1 for vectors, M_1 for matrices, s_1 for scalars, r_ik for weights; in one answer a name stands for one part."""

    def __init__(self) -> None:
        self._given: dict[Node, Node] = {}
        self._numbers = {letter: count(1) for letter in "usM"}
        self._weights: dict[Node, Node] = {}
        self._told: set[Node] = set()

    def is_new(self, name: Node) -> bool:
        """Whether it is not the name of a weight that was told before in this answer."""
        known = name in self._told
        self._told.update([name] if name.free else [])
        return not known

    def of_weight(self, weight: Node, over: Index, taken: Set[str]) -> Node | None:
        """The entry of an array that stands for a weight over an index, which stands last."""
        free = (*in_order(weight.free - {over}), over)
        if len(free) > MOST_INDICES:
            return None
        part = reindex(weight, {index: Index(k, index.size) for k, index in enumerate(free)})
        if part not in self._weights:
            used = {str(array.data[0]) for array in self._weights.values()}
            name = next((letter for letter in WEIGHTS if letter not in taken | used), None)
            if name is None:
                return None
            self._weights[part] = variable(name, (free[0].size, free[1].size if len(free) > 1 else ONE))
        return _entry(self._weights[part], free)

    def weights_in(self, nodes: Sequence[Node], style: Style) -> Iterator[tuple[Node, Node]]:
        """Each weight that is named there with what it stands for, in letters."""
        there = set(postorder(*nodes))
        for part, array in self._weights.items():
            if array in there:
                order = in_order(part.free)
                letters = letters_for(order, nodes, style)
                yield _entry(array, [letters[index] for index in order]), reindex(part, letters)

    def of(self, node: Node, taken: Set[str]) -> Node:
        """The part's name in this answer, or the transpose of its transpose's; a new one is none of those taken."""
        flipped = None if node.is_scalar else self._given.get(transpose(node))
        if flipped is not None:
            return flipped if is_symmetric(node) else transpose(flipped)
        if node not in self._given:
            letter = "s" if node.is_scalar else "u" if node.is_column or node.is_row else "M"
            name = next(n for k in self._numbers[letter] if (n := f"{letter}_{k}") not in taken)
            self._given[node] = variable(name, node.shape)
        return self._given[node]


def abbreviate(root: Node, *, longer_than: int = LONG, names: Names | None = None, style: Style = PLAIN) -> Abbreviated:
    """The user's names for its parts, then others for those that are repeated where it would print longer than that."""
    names = names or Names()
    root = _with_weights(folded(style.named(root), style.manner.functions), names, style)
    apart, sums, whole = _with_roots_of_sums(root, style)
    size = layout_of(whole, style).size
    if size > longer_than:
        short = _abbreviated(apart, names, sums, style)
        if size > VERY_LONG or _size(short, style) < size:
            return _defined(short.node, short.definitions, names, style)
    return _defined(whole, definitions_in_use([whole], style.bodies), names, style)


def _with_roots_of_sums(root: Node, style: Style) -> tuple[Node, dict[Node, Node], Node]:
    """The expression with roots of numbers drawn into those of sums, apart and whole: always where decimals are printed.

    Elsewhere where that is shorter and no number is left before a sum: sqrt(s + t / 3) rather than sqrt(1/3) sqrt(3 s + t).
    """
    apart, sums = drawn_apart(root)
    whole = put_back(apart, sums)
    if style.manner.decimals or not sums:
        return apart, sums, whole
    plain = all(1 in map(abs, total.data) for total in sums.values())
    if plain and layout_of(whole, style).size < layout_of(root, style).size:
        return apart, sums, whole
    return root, {}, root


def _with_weights(root: Node, names: Names, style: Style) -> Node:
    if not holds_sum(root) or layout_of(root, style).size <= SHORT:
        return root
    taken = {str(n.data[0]) for n in postorder(root) if n.op in ("variable", "perturbation")} | style.told_from
    sizes = {name for n in postorder(root) for dim in n.shape for name in dim.names}
    naming = partial(_weight, names=names, taken=taken | sizes, style=style)
    return with_weights(root, naming)


def _weight(weight: Node, over: Index, *, names: Names, taken: Set[str], style: Style) -> Node | None:
    return names.of_weight(weight, over, taken) if layout_of(weight, style).size >= WORTH_A_WEIGHT else None


def _defined(node: Node, definitions: tuple[tuple[Node, Node], ...], names: Names, style: Style) -> Abbreviated:
    weights = names.weights_in([node, *(body for _, body in definitions)], style)
    return Abbreviated(node, (*definitions, *weights))


def _entry(array: Node, indices: Sequence[Index]) -> Node:
    first, *others = (at(index) for index in indices)
    return matmul(transpose(first), array, *others)


def _size(short: Abbreviated, style: Style) -> int:
    """How long it is with the names that are not the user's."""
    users = {d.name for d in style.definitions}
    ours = [body for name, body in short.definitions if name not in users]
    return sum(layout_of(n, style).size for n in (short.node, *ours)) + len("where u_1 = ") * len(ours)


def _abbreviated(root: Node, names: Names, sums: Mapping[Node, Node], style: Style) -> Abbreviated:
    """`sums` are those that have names in it already, which need not stay."""
    order = postorder(*sums.values(), root)
    alone = {root, *sums.values()}
    uses = _uses(order)
    taken = {str(n.data[0]) for n in order if n.op in ("variable", "perturbation")} | style.told_from
    memo: dict[Node, Node] = {}
    definitions: list[tuple[Node, Node]] = []
    for node in order:
        if node in sums:
            memo[node] = node
            if _worth_a_name(body := memo[sums[node]], uses[node], style):
                memo[node] = names.of(body, taken)
                definitions.append((memo[node], body))
            continue
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        flipped = None if node.is_scalar else memo.get(transpose(node))
        if flipped is not None and _is_name(flipped) and not _is_name(node):
            again = transpose(flipped)
        elif node not in alone and not node.free and _worth_a_name(again, uses[node], style):
            name = names.of(node, taken)
            turned = name.op == "transpose"
            definitions.append((transpose(name), transpose(again)) if turned else (name, again))
            again = name
        memo[node] = again
    back = {name: memo[total] for name, total in sums.items() if memo.get(name) is name}
    short = put_back(memo[root], back)
    ours = tuple((name, put_back(body, back)) for name, body in _still_used(definitions, short))
    return Abbreviated(short, (*definitions_in_use([short, *(body for _, body in ours)], style.bodies), *ours))


def readable(
    root: Node,
    write: Callable[..., str] = text,
    *,
    longer_than: int = LONG,
    names: Names | None = None,
    style: Style = PLAIN,
) -> str:
    """The expression, and under ``where`` the user's names in it and, where it is long, those of its repeated parts.

    ``write`` is a format; it is told of an expression that stands ``alone``, so that no context gives it its shape.
    ``names`` are those that other parts of the same answer have given.
    """
    short = abbreviate(root, longer_than=longer_than, names=names, style=style)
    style = style.beside(_names_in(root, short.node, *(name for name, _ in short.definitions)))
    new = [pair for pair in short.definitions if names is None or names.is_new(pair[0])]
    lines = [f"{write(name, style=style)} = {write(body, alone=True, style=style)}" for name, body in new]
    first = write(short.node, style=style)
    return "\n".join([first, *(("where " if i == 0 else "      ") + line for i, line in enumerate(lines))])


def latex_lines(root: Node, *, bold: str = "none", width: float | None = WIDTH, style: Style = PLAIN) -> str:
    """LaTeX: one line, or lines of an ``aligned`` environment.

    A formula that is wider than ``width`` letters is broken; of a long one repeated parts are named below it.
    """
    lines = displayed_rows(root, "latex", bold=bold, width=width, style=style)
    if len(lines) == 1:
        return lines[0]
    inside = " \\\\\n".join(f"& {line}" for line in lines)
    return f"\\begin{{aligned}}\n{inside}\n\\end{{aligned}}"


#: "where", and the same width of nothing, in LaTeX and MathML.
_WHERE = {
    "latex": (r"\text{where } ", r"\phantom{\text{where }} "),
    "mathml": ("<mtext>where&#xA0;</mtext>", "<mphantom><mtext>where&#xA0;</mtext></mphantom>"),
}
_INDENT = {"latex": r"\qquad ", "mathml": '<mspace width="3em"></mspace>'}
_EQUALS = {"latex": " = ", "mathml": "<mo>=</mo>"}


def displayed_rows(
    root: Node, form: str, *, bold: str = "none", width: float | None = WIDTH, style: Style = PLAIN
) -> list[str]:
    """Lines of "latex" or "mathml": the formula, then the definitions of the names in it."""
    short = abbreviate(root, longer_than=VERY_LONG if width is None else LONG, style=style)
    style = style.beside(_names_in(root, short.node, *(name for name, _ in short.definitions)))
    lines = displayed(short.node, form, bold=bold, width=width, style=style)
    for i, (name, body) in enumerate(short.definitions):
        (left,) = displayed(name, form, bold=bold, width=None, style=style)
        first, *more = displayed(body, form, bold=bold, width=width, alone=True, style=style)
        lines.append(f"{_WHERE[form][min(i, 1)]}{left}{_EQUALS[form]}{first}")
        lines += [_INDENT[form] + line for line in more]
    return lines


def _names_in(*roots: Node) -> set[str]:
    return {str(n.data[0]) for n in postorder(*roots) if n.op in ("variable", "perturbation")}


def _is_name(node: Node) -> bool:
    return node.op == "variable" or (node.op == "transpose" and node.args[0].op == "variable")


def _uses(order: list[Node]) -> dict[Node, int]:
    uses = dict.fromkeys(order, 0)
    for node in order:
        for arg in node.args:
            uses[arg] += 1
    for node in order:
        if node.op == "transpose" and node.args[0] in uses:
            uses[node.args[0]] += uses[node] - 1
    return uses


def _worth_a_name(node: Node, uses: int, style: Style) -> bool:
    if not node.args or node.free or node.op in ("transpose", "diag") or node.is_number:
        return False
    size = layout_of(node, style).size
    saved, written = uses * (size - len("M_1")), size + len("where M_1 = ")
    return size > TOO_LONG_FOR_ONE_LINE or (uses > 1 and size >= WORTH_A_NAME) or saved > written


def _still_used(definitions: list[tuple[Node, Node]], root: Node) -> Iterator[tuple[Node, Node]]:
    used = set(postorder(root, *(body for _, body in definitions)))
    return (pair for pair in definitions if pair[0] in used)
