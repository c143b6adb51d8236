"""From the surface tree to one in which every index is bound: members, entries, indicators, indices as numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from string import ascii_lowercase
from typing import TYPE_CHECKING

from matcalc.errors import Span, SyntaxFault
from matcalc.language.indices.binders import STACKED, Binder, Bound, Limit, Member, Place, Relation
from matcalc.language.indices.bound.checked import check_last, check_letters, typed_index
from matcalc.language.indices.bound.compared import bound_by_relations, with_triangles
from matcalc.language.indices.bound.member_names import Scope, base_of, fixed_member, taken_apart
from matcalc.language.indices.bound.occurring import SIGNS_OF_RELATIONS
from matcalc.language.latex.latex_places import whole
from matcalc.language.mends.hints import write
from matcalc.language.surface.tree import Surface, mapped, walk
from matcalc.language.words.indices import told_by_label
from matcalc.language.words.names import spelled, typed_name

if TYPE_CHECKING:
    from matcalc.language.meaning.members import Members

__all__ = ["Binding"]

#: A letter that is an index wherever it stands below a name: a sum over it was forgotten.
_USUAL_INDICES = "ijklmnst"
_MEANINGS = {"sum": "sum", "prod": "product", "max": "maximum", "min": "minimum", "mean": "mean"}


# --- binding ---------------------------------------------------------------------------------------


class Binding:
    """Binds the indices of trees of one text.

    Attributes:
        bounds: all indices, by their numbers.
        used: definitions that were put in for members.
        placed: members at a place that no sum binds, u_o beside the sum over all u_w.
        unbound: names inside of sums with a letter of indices that none of them binds.
        deltas: members of delta that were read as 1 where their indices are equal, else 0.
    """

    def __init__(
        self,
        text: str,
        declared: Collection[str],
        definitions: Mapping[str, Surface],
        members: Members,
        *,
        units: bool = False,
    ) -> None:
        """With ``units`` e_i is the unit column, as in what is printed, where no e is declared.

        If ``members`` are sliced, expressions may have more entries than the index of an entry has values.
        """
        self.text = text
        self.declared = declared
        self.definitions = definitions
        self.sliced, self.sizes = members.sliced, members.sizes
        self.units = units and "e" not in declared
        self.bounds: list[Bound] = []
        self.used: set[str] = set()
        self.deltas: list[Surface] = []
        self.placed: list[Surface] = []
        self.unbound: list[Surface] = []

    def all(self, root: Surface) -> tuple[Surface, dict[str, Surface]]:
        """The expression and the definitions that are no members, with their indices bound."""
        bound = self.of(root, Scope())
        kept = {name: self.of(body, Scope()) for name, body in self.definitions.items() if name not in self.used}
        families = {
            (n.value.base, len(n.value.places)) for t in (bound, *kept.values()) for n in walk(t) if _is_member(n)
        }
        lasts = {n.value for b in self.bounds if b.last is not None for n in walk(b.last) if n.kind == "name"}
        ends = lasts | self.sizes
        letters = {b.letter for b in self.bounds}

        def fixed(node: Surface) -> Surface:
            return self._fixed(node, families, ends, letters)

        return mapped(bound, fixed), {name: mapped(body, fixed) for name, body in kept.items()}

    def _fixed(self, node: Surface, families: set[tuple[str, int]], ends: set[str], letters: set[str]) -> Surface:
        """x_1, x_T and x_{T-1} beside the x_t of a sum; x_t outside of it has no meaning."""
        if node.kind != "name" or _is_member(node):
            return node
        member = fixed_member(node.value, families, ends) if node.value not in self.declared else None
        if member is not None:
            return Surface("name", (), member, node.span)
        parts = spelled(node.value)
        base = base_of(node.value, 1)
        if not parts.below or (base, 1) not in families:
            return node
        word = parts.below[-1]
        if node.value in self.declared and word not in letters:
            return node
        shown = typed_name(node.value)
        if word in letters:
            message = f"{shown} stands outside of the sum over {word}"
            raise self._fault(message, node, "put brackets around all that is summed")
        if len(word) == 1 and word.islower() and word not in _USUAL_INDICES:
            return self._at_place(base, word, node)
        if len(word) == 1:
            message = f"{shown} stands beside the {base} of a sum, and no sum binds {word}"
            raise self._fault(message, node, f"write {base}_1, …, for a fixed one, or give it another letter")
        return node

    def _at_place(self, base: str, word: str, node: Surface) -> Surface:
        """u_o beside a sum over the u_w is one of them: the sum of all, each times a number that is 1 at o and 0 elsewhere."""
        number, letter = len(self.bounds), self._plain_letter("w_prime")
        self.bounds.append(Bound(letter, 1, None))
        self.placed.append(node)
        place = (Place(number),)
        weight = Member.of(f"e_{word}_{letter}", f"e_{word}", place, is_number=True)
        names = [Surface("name", (), name, node.span) for name in (weight, Member.of(f"{base}_{letter}", base, place))]
        product = Surface("multiply", tuple(names), None, node.span)
        return Surface("total", (product,), Binder("sum", (Limit(letter),), bound=(number,)), node.span)

    def of(self, root: Surface, scope: Scope) -> Surface:
        """The tree of a part in a scope; sums inside open scopes of their own."""
        done: dict[int, Surface] = {}
        stack: list[tuple[Surface, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if id(node) in done:
                continue
            if node.kind == "total":
                done[id(node)] = self._total(node, scope)
            elif ready:
                children = tuple(done[id(c)] for c in node.children)
                done[id(node)] = self._built(node, children, scope)
            else:
                stack.append((node, True))
                stack.extend((c, False) for c in reversed(node.children))
        return done[id(root)]

    # Sums.

    def _total(self, node: Surface, scope: Scope) -> Surface:
        binder = with_triangles(node.value, scope)
        limits = list(binder.limits)
        known = {limit.letter for limit in limits}
        for letter in bound_by_relations(binder, known, scope):
            last = next((limit.last for limit in limits if limit.last is not None), None)
            limits.append(Limit(letter, None, last))
        missing = {r.left for r in binder.relations} | {r.right for r in binder.relations}
        missing -= {*scope.numbers, *(limit.letter for limit in limits)}
        if missing:
            letter = min(missing)
            shown = typed_index(letter)
            raise self._fault(f"the index {shown} is not bound", node, f"put a sum over {shown} in front of it")
        if not limits:
            relation = binder.relations[0]
            raise self._fault(f"{relation.left} and {relation.right} are bound by other sums", node, None)
        check_letters(node, binder, limits, scope, self._fault)
        numbers: dict[str, int] = {}
        lasts: dict[str, int] = {}
        for limit in limits:
            check_last(limit, scope, self._fault)
            numbers[limit.letter] = len(self.bounds)
            for name in walk(limit.last) if limit.last is not None else ():
                if name.kind == "name":
                    lasts[name.value] = numbers[limit.letter]
            first = self._first(limit, binder, scope) if limit.first is None else limit.first
            self.bounds.append(Bound(self._plain_letter(limit.letter), first, limit.last))
        inner = scope.with_bound(numbers, lasts, binder.relations)
        body = self.of(node.children[0], inner)
        relations = tuple(
            Relation(r.sign, str(inner.numbers[r.left]), str(inner.numbers[r.right])) for r in binder.relations
        )
        for weight, letters in binder.weights:
            body = self._weighted(self._member(weight, letters, inner, node.span), body, binder)
        made = replace(binder, limits=tuple(limits), relations=relations, weights=(), bound=tuple(numbers.values()))
        return self._reduced(Surface("total", (body,), made, node.span), made)

    def _first(self, limit: Limit, binder: Binder, scope: Scope) -> int:
        """Where an index begins that a relation binds: at 1, or at 0 where the other index does and may be equal or behind."""
        firsts = [1]
        for sign, left, right in binder.relations:
            above = sign == ("<" if right == limit.letter else ">")
            other = left if right == limit.letter else right
            if limit.letter in (left, right) and other in scope.numbers:
                firsts.append(self.bounds[scope.numbers[other]].first + above)
        return min(firsts)

    def _plain_letter(self, letter: str) -> str:
        """The index as it is printed: k' has another letter there, the next one that does not stand in the text."""
        if len(letter) == 1:
            return letter
        typed = {*re.sub(r"\\[A-Za-z]+", "", self.text), *(b.letter for b in self.bounds)}
        after = ascii_lowercase[ascii_lowercase.index(letter[0]) + 1 :]
        return next((c for c in after + ascii_lowercase if c not in typed), letter)

    def _reduced(self, total: Surface, binder: Binder) -> Surface:
        """Means, products and extrema are functions of the stack of all values."""
        if binder.sign == "sum":
            return total
        if binder.sign == "mean" and not binder.relations:
            count = [Surface("count", (), number, total.span) for number in binder.bound]
            found = Surface("total", total.children, replace(binder, sign="sum"), total.span)
            for size in count:
                found = Surface("divide", (found, size), None, total.span)
            return found
        (found,) = total.children
        if binder.sign == "stack":
            unit = Surface("at", (), binder.bound[0], total.span)
            row = Surface("transpose", (found,), STACKED, total.span)
            kept = Surface("kron", (unit, row), STACKED, total.span)
            return Surface("total", (kept,), replace(binder, sign="sum"), total.span)
        for relation in binder.relations:
            found = self._weighted(Surface("same", (), relation, total.span), found, binder)
        for limit, number in reversed(list(zip(binder.limits, binder.bound, strict=True))):
            one = Binder("sum", (limit,), bound=(number,))
            stacked = Surface("multiply", (found, Surface("at", (), number, total.span)), None, total.span)
            found = Surface("call", (Surface("total", (stacked,), one, total.span),), binder.sign, total.span)
        return found

    def _weighted(self, weight: Surface, body: Surface, binder: Binder) -> Surface:
        """What counts where a weight of 0 or 1 is 1: 0 is added, and 1 multiplied, where it is 0."""
        span = body.span
        if binder.sign == "sum":
            return Surface("multiply", (weight, body), None, span)
        if binder.sign != "prod":
            message = f"a {_MEANINGS[binder.sign]} runs over all values of its index"
            raise self._fault(message, body, "give a large number, or a small one, to those that do not count")
        one = Surface("number", (), Fraction(1), span)
        less = Surface("add", (body, one), (1, -1), span)
        return Surface("add", (one, Surface("multiply", (weight, less), None, span)), (1, 1), span)

    # Names and entries.

    def _built(self, node: Surface, children: tuple[Surface, ...], scope: Scope) -> Surface:
        if node.kind == "name":
            return self._name(node, scope)
        if node.kind == "entry" and any(c.kind == "place" for c in children[1:]):
            return self._entry(node, children)
        if node.kind == "einsum":
            return self._einsum(node, children)
        if node.kind == "open" and scope.numbers and node.value.name not in self.declared:
            self._check_function(node, scope)
        if node.kind == "open" and children and all(c.kind == "place" for c in children):
            return self._of_places(node, children)
        if node.kind == "call" and node.value in SIGNS_OF_RELATIONS and all(c.kind == "place" for c in children):
            relation = Relation(SIGNS_OF_RELATIONS[node.value], *(str(c.value) for c in children))
            return Surface("same", (), relation, node.span)
        if node.kind == "call" and node.value == "e" and children and children[0].kind == "place":
            return Surface("at", (), children[0].value, node.span)
        if all(a is b for a, b in zip(children, node.children, strict=True)):
            return node
        return Surface(node.kind, children, node.value, node.span)

    def _einsum(self, node: Surface, operands: tuple[Surface, ...]) -> Surface:
        from matcalc.language.indices.bound.einsum import as_sum

        def fault(message: str, hint: str | None) -> SyntaxFault:
            return self._fault(message, node, hint)

        found, letters = as_sum(node, operands, {*self.declared, *self.definitions}, len(self.bounds), fault)
        self.bounds += [Bound(letter, 1, None) for letter in letters]
        return found

    def _check_function(self, node: Surface, scope: Scope) -> None:
        r"""q_i (x_i)^2 in a sum over i: a function for each i, or a factor."""
        letter = next((p.bound for p in taken_apart(node.value.name, scope)[1] if p.bound is not None), None)
        if letter is not None:
            start, end = whole(self.text, node.span)
            name, bracket, behind = self.text[start:end].partition("(")
            shown, index = typed_name(node.value.name), self.bounds[letter].letter
            message = f"{shown} before a bracket may be a function for each {index} or a factor"
            hint = write((start, end), (rf"{name.strip()} \cdot {bracket}{behind}", "for a product"))
            raise SyntaxFault(message, code="index", text=self.text, span=node.span, hint=hint)

    def _of_places(self, node: Surface, children: tuple[Surface, ...]) -> Surface:
        """p(x) of a sum over x is the member p_x."""
        use = node.value
        if use.name in self.declared or use.inner is not None or use.directions:
            return Surface(node.kind, children, use, node.span)
        places = tuple(Place(c.value) for c in children)
        name = f"{use.name}_{''.join(self.bounds[c.value].letter for c in children)}"
        return Surface("name", (), Member.of(name, use.name, places), node.span)

    def _name(self, node: Surface, scope: Scope) -> Surface:
        name: str = node.value
        if not scope.numbers or isinstance(name, Member):
            return node
        if name in scope.numbers:
            return Surface("place", (), scope.numbers[name], node.span)
        base, places = taken_apart(name, scope)
        if not places:
            self._check_free(node, scope)
            return node
        if base in scope.numbers and base not in self.declared:
            message = f"{base} is an index of a sum, and in {typed_name(name)} the name of what has one"
            raise self._fault(message, node, "give one of them another letter")
        self._check_label(base, node)
        if base == "delta" and len(places) == 2 and "delta" not in self.declared:
            if all(p.bound is not None and p.offset == 0 for p in places) and not _never_equal(places, scope):
                self.deltas.append(node)
                return Surface("same", (), Relation("==", *(str(p.bound) for p in places)), node.span)
        if base == "e" and self.units and len(places) == 1 and places[0].bound is not None and places[0].offset == 0:
            return Surface("at", (), places[0].bound, node.span)
        return self._defined(base, places, scope, node) or Surface("name", (), Member.of(name, base, places), node.span)

    def _check_free(self, node: Surface, scope: Scope) -> None:
        """A name that holds a bound index in a way that is not known is no name of its own."""
        parts = spelled(node.value)
        words = [*parts.below, *parts.above]
        held = next(
            (c for w in words if len(w) <= 3 for c in w if c in scope.numbers and node.value not in self.declared), None
        )
        if held is not None:
            shown = typed_name(node.value)
            others = sorted({c for w in words if len(w) <= 3 for c in w if c.isalpha() and c not in scope.numbers})
            hint = f"bind {others[0]} by a sum of its own" if others else None
            raise self._fault(f"{shown} depends on the index {held} in a way that is not known", node, hint)
        if parts.below and re.fullmatch("[ijkl]", parts.below[-1]) and node.value not in self.declared:
            self.unbound.append(node)

    def _check_label(self, base: str, node: Surface) -> None:
        """A member for each i has a name of its own."""
        start, end = whole(self.text, node.span)
        found = told_by_label(self.text[start:end])
        if found is not None and not {node.value, base} & {*self.declared}:
            message, hint = found
            raise self._fault(message, node, hint)

    def _member(self, base: str, letters: tuple[str, ...], scope: Scope, span: Span) -> Surface:
        """Of a set the number 0 or 1 that says whether it holds what the indices count."""
        free = next((letter for letter in letters if letter not in scope.numbers), None)
        name = Surface("name", (), f"{base}_{''.join(letters)}", span)
        if free is not None:
            message = f"the set {base} depends on {free}, which no sum binds"
            raise self._fault(message, name, f"put a sum over {free} in front of it")
        places = tuple(Place(scope.numbers[letter]) for letter in letters)
        return Surface("name", (), Member.of(name.value, base, places, is_number=True), span)

    def _defined(self, base: str, places: tuple[Place, ...], scope: Scope, node: Surface) -> Surface | None:
        """What ``where`` defines for all members: e_i = y_i - x_i^T w."""
        for name, body in self.definitions.items():
            parts = spelled(name)
            if parts.below and base_of(name, 1) == base and re.fullmatch("[a-z]{1,2}", parts.below[-1]):
                letters = parts.below[-1]
                if len(letters) == len(places) and all(p.bound is not None and not p.offset for p in places):
                    inner = {letter: p.bound for letter, p in zip(letters, places, strict=True) if p.bound is not None}
                    self.used.add(name)
                    return self.of(body, scope.with_bound(inner, {}))
        return None

    def _entry(self, node: Surface, children: tuple[Surface, ...]) -> Surface:
        """(A x)_i as e_i^T A x, (A B)_ij as e_i^T A B e_j, A_{i:} as a row."""
        base, *places = children
        if self.sliced:
            base = self._slice(base, node, places)
        forms = list(node.value)
        if any(p.kind != "place" for p in places):
            raise self._fault("an entry at an index of a sum has such indices only", node, None)
        sides: list[Surface | None] = [
            Surface("at", (), places.pop(0).value, node.span) if form == "at" else None for form in forms
        ]
        found = base
        if len(sides) == 2 and sides[1] is not None:
            found = Surface("multiply", (found, sides[1]), None, node.span)
        if sides[0] is not None:
            row = Surface("transpose", (sides[0],), None, node.span)
            found = Surface("multiply", (row, found), None, node.span)
        return found

    def _slice(self, base: Surface, node: Surface, places: list[Surface]) -> Surface:
        """The entries of an expression at the values of an index that does not run over all: (W a)[2:n] in a sum from 2 on."""
        bounds = [self.bounds[p.value] for p in places if p.kind == "place"]
        if len(bounds) != len(node.value) or any(form != "at" for form in node.value):
            return base
        ends: list[Surface] = []
        for bound in bounds:
            if bound.last is None:
                return base
            ends += [Surface("number", (), Fraction(bound.first), node.span), bound.last]
        return Surface("entry", (base, *ends), ("range",) * len(bounds), node.span)

    def _fault(self, message: str, node: Surface, hint: str | None) -> SyntaxFault:
        return SyntaxFault(message, code="index", text=self.text, span=node.span, hint=hint)


def _never_equal(places: tuple[Place, ...], scope: Scope) -> bool:
    r"""Whether a sum around has i < j or i \ne j: the \delta_{ij} in it are data, as of multidimensional scaling."""
    return frozenset(p.bound for p in places) in scope.apart


def _is_member(node: Surface) -> bool:
    return node.kind == "name" and isinstance(node.value, Member)
