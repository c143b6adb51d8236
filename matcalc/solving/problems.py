"""What is asked: a function whose gradient is to be zero, or equations, in some unknowns and under constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from matcalc.calculus import derive
from matcalc.calculus.adjoint import inner
from matcalc.checking.subject import Subject
from matcalc.expr import Node, transpose
from matcalc.language import Declaration
from matcalc.notes import Note
from matcalc.objects.expressions import Expr
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.solving.ways.equations import Equation

__all__ = ["Constraint", "Problem"]


@dataclass(frozen=True, eq=False)
class Constraint:
    """``left = right``, or ``left <= right``, with the multiplier that it has in a Lagrangian.

    Attributes:
        left: one side.
        right: the other.
        multiplier: a variable shaped as the sides (a row has a column), or None of an equation that is solved itself.
        is_equality: whether the sides are equal.
        is_turned: whether an inequality was typed with the larger side first.
    """

    left: Expr
    right: Expr
    multiplier: Node | None = None
    is_equality: bool = True
    is_turned: bool = False

    @property
    def residual(self) -> Node:
        """The left side less the right one."""
        found = self.left.node - self.right.node
        return transpose(found) if found.is_row else found

    @property
    def subjects(self) -> tuple[Subject, Subject]:
        """Both sides as they were typed."""
        joined = self.joined
        left, right = (
            Subject(side.node, joined.declarations, side.tree, style=side.style) for side in (self.left, self.right)
        )
        return left, right

    @property
    def joined(self) -> Expr:
        """An expression in the names of both."""
        return self.left._with(self.left.node, self.right)

    @property
    def sign(self) -> str:
        return "=" if self.is_equality else "<="


@dataclass(frozen=True, eq=False)
class Problem:
    """A function to be made stationary, or equations alone.

    Attributes:
        objective: the function, or None.
        unknowns: the variables that are asked for.
        constraints: equations and inequalities between the unknowns and data.
        notes: how the texts were read.
    """

    objective: Expr | None
    unknowns: tuple[Node, ...]
    constraints: tuple[Constraint, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def frame(self) -> Expr:
        """An expression in all names that occur, with which others are printed."""
        parts = [] if self.objective is None else [self.objective.function]
        parts += [c.joined for c in self.constraints]
        whole = parts[0]._with(parts[0].node, *parts[1:])
        known = {x.data[0]: _declared(x) for x in self.multipliers}
        return replace(whole, declarations={**whole.declarations, **known})

    @property
    def multipliers(self) -> tuple[Node, ...]:
        return tuple(c.multiplier for c in self.constraints if c.multiplier is not None)

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        return self.frame.declarations

    @property
    def subject(self) -> Subject:
        """What tells the sizes that occur."""
        frame = self.frame
        return Subject(self.lagrangian if self.objective is not None else frame.node, frame.declarations)

    @property
    def objective_subject(self) -> Subject:
        """The function as it was typed."""
        f = self.objective
        assert f is not None
        return Subject(f.node, self.declarations, f.tree, {d.name: d.node for d in f.definitions}, style=f.style)

    @property
    def lagrangian(self) -> Node:
        """f + <lambda, g> for each constraint g = 0 or g <= 0; of a maximum f - <mu, g> for g <= 0, so that mu >= 0, too."""
        assert self.objective is not None
        found = self.objective.node
        said = self.objective.statement
        is_maximum = said is not None and said.sense == "max"
        for c in self.constraints:
            if c.multiplier is not None:
                weighed = inner(c.multiplier, c.residual)
                found = found - weighed if is_maximum and not c.is_equality else found + weighed
        return found

    @property
    def equations(self) -> list[Equation]:
        """What has to be zero, for each unknown and each multiplier."""
        if self.objective is None:
            return [Equation(simplify(c.residual), x) for c, x in zip(self.constraints, self.unknowns, strict=True)]
        own = [Equation(_gradient(self.lagrangian, x), x) for x in self.unknowns]
        return own + [
            Equation(simplify(c.residual), c.multiplier) for c in self.constraints if c.multiplier is not None
        ]


def _gradient(f: Node, x: Node) -> Node:
    found = derive(f, [x]).matrix
    assert found is not None
    return found


def _declared(x: Node) -> Declaration:
    """The declaration of a multiplier."""
    kind = (
        "scalar" if x.is_scalar else "vector" if x.is_column else "symmetric" if "symmetric" in x.data[1] else "matrix"
    )
    sizes = {"scalar": 0, "vector": 1, "symmetric": 1, "matrix": 2}[kind]
    return Declaration(x.data[0], kind, x.shape[:sizes], inferred=True)
