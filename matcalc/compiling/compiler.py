"""From expressions and derivatives to a compiled function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from matcalc import __version__
from matcalc.calculus import array_axes
from matcalc.calculus.structure import structure_of
from matcalc.compiling.calling.arguments import checked_size
from matcalc.compiling.calling.forms import boundary, check_map, structured_parts
from matcalc.compiling.calling.function import ArgumentError, CodeFunction, CompiledFunction
from matcalc.compiling.calling.maps import CompiledMap
from matcalc.compiling.calling.signature import Signature, parameter_name, symbol_of
from matcalc.compiling.cheaper.forms import cheaper
from matcalc.compiling.emitting.target import Order, Target
from matcalc.compiling.planning.open_functions import symbols_of
from matcalc.compiling.planning.plan import Planner
from matcalc.compiling.planning.program import BATCH, Value
from matcalc.compiling.stability import stable, stable_function, stable_output
from matcalc.compiling.stages import after, listed
from matcalc.compiling.targets import TARGETS, default_target
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Index, Node, in_order, postorder
from matcalc.language import canonical_name
from matcalc.language.words.names import typed_name
from matcalc.notes import Note, distinct, note_lines
from matcalc.objects.derivatives import Derivative
from matcalc.objects.expressions import Expr
from matcalc.objects.wirtinger.support import refuse_each

__all__ = ["compile_map", "compile_outputs", "program_after"]

#: Forms of a second derivative beside the dense array.
FORMS = ("operator", "structured")

#: A longer formula is not repeated in the docstring.
LONGEST_FORMULA = 400


def compile_outputs(
    outputs: Sequence[Expr | Derivative],
    *,
    target: str | None = None,
    single: bool = True,
    batch: str | Sequence[str] = (),
    checks: bool = True,
    sizes: Mapping[str, int] | None = None,
    name: str = "",
) -> CompiledFunction:
    """One function for all outputs, which share what they have in common.

    Variables in ``batch`` have one more axis, the first one, and so have all results. Without ``checks`` the arguments
    are taken as arrays of the library that fit. What is cheapest is decided for the ``sizes`` that are given, others are
    guessed by their names.

    Raises UnsupportedError for a target that does not exist, or a function that the target lacks.
    """
    language = _language(target)
    batched = frozenset(canonical_name(name) for name in ([batch] if isinstance(batch, str) else batch))
    if batched and not language.batched_determinants:
        outputs = [replace(output, derived=None) for output in outputs]
    signature = Signature(language.reserved, batched, _variables(outputs))
    known = {canonical_name(size): checked_size(size, number) for size, number in (sizes or {}).items()}
    if unknown := known.keys() - _size_names(outputs):
        raise ArgumentError(f"{min(unknown)} is no size of the expression")
    planner, values = _plan(outputs, signature, known)
    values = after(planner.program, values, language)
    signature.add_sizes(_size_names(outputs) | ({BATCH.names[0]} if batched else set()))
    name = name or _name(outputs)
    order = Order(signature, values, single, name, _summary(outputs, signature), checks)
    source = language.write(language, order)
    return CompiledFunction(
        name, source.text, language, signature, source.required, source.sizes, values, _notes(outputs), single
    )


def program_after(output: Expr | Derivative, stage: str, target: str | None = None) -> str:
    """The program of an expression or a derivative after a stage of `STAGES`, as text.

    Raises UnsupportedError for a target that does not exist.
    """
    language = _language(target)
    planner, values = _plan([output], Signature(language.reserved, frozenset(), _variables([output])))
    return listed(after(planner.program, values, language, stage))


def _language(target: str | None) -> Target:
    """The target of this name, SciPy or else NumPy where none is given."""
    language = TARGETS.get(target or default_target())
    if language is None:
        raise UnsupportedError(f"there is no target {target}", hint=f"targets are {', '.join(TARGETS)}")
    return language


def _plan(
    outputs: Sequence[Expr | Derivative], signature: Signature, sizes: Mapping[str, int] | None = None
) -> tuple[Planner, list[Value]]:
    """The outputs as values of a program, with the parameters that they have."""
    refuse_each(map(_expression, outputs), "code in this form")
    planner = Planner(sizes)
    planned = [_cheaper(_stable(output), planner.costs.__getitem__) for output in outputs]
    _declare(planned, signature, planner)
    unknown = signature.batched - signature.parameters.keys()
    if unknown:
        raise ArgumentError(f"{min(unknown)} is not a variable, so there is no batch of it")
    planner.prepare([_nodes(output)[0] for output in planned])
    free = [_nodes(output)[0].free for output in outputs]
    batch = bool(signature.batched)
    return planner, [_planned(planner, output, batch, found) for output, found in zip(planned, free, strict=True)]


def compile_map(output: Expr | Derivative, *, target: str | None = None, form: str = "structured") -> CompiledMap:
    """A function that gives a second derivative as a `LinearMap`: its parts, or else its products.

    Raises UnsupportedError for a derivative that is no linear map of its variable, or a target that is not NumPy.
    """
    if form not in FORMS:
        raise UnsupportedError(f"there is no form {form}", hint=f"forms are dense, {', '.join(FORMS)}")
    language = _language(target or "numpy")
    if language.maps is None:
        having = ", ".join(other.name for other in TARGETS.values() if other.maps)
        raise UnsupportedError(
            f"the form {form} is there for {having} only", hint='compile(mc.differential(…), target="…")'
        )
    if not isinstance(output, Derivative):
        raise UnsupportedError("an expression has one form only", hint="compile mc.hessian(…)")
    output = stable_output(output, shares=form != "structured")
    reading = output.reading
    direction = check_map(reading)
    signature = Signature(language.reserved, variables=_variables([output]))
    planner = Planner()
    _declare([output], signature, planner)
    signature.add_sizes(_size_names([output]))
    found = structured_parts(planner, reading.operator, direction) if form == "structured" else None
    sizes = [planner.program.size(d) for d in array_axes(direction.shape)]
    symmetric = structure_of(direction)
    if found is not None:
        values, layout = found
        setup = _setup(language, after(planner.program, [*values, *sizes], language), output, signature)
        return CompiledMap(setup, len(sizes), symmetric, layout=layout)
    moving = planner.names[direction] = parameter_name(symbol_of(direction, signature.variables), signature.taken)
    (value,) = after(planner.program, [planner.value(reading.operator)], language)
    ready = boundary([value], moving)
    source, used = language.maps(language, signature, value, moving, ready)
    more = [planner.program.size(Dim.of(name)) for name in used]
    setup = _setup(language, [*ready, *more, *sizes], output, signature)
    return CompiledMap(setup, len(sizes), symmetric, len(used), CodeFunction(source, "product"))


def _setup(language: Target, values: list[Value], output: Derivative, signature: Signature) -> CompiledFunction:
    """The function of the arguments that computes what the map is made of."""
    source = language.write(language, Order(signature, values, False, "parts", _summary([output], signature)))
    return CompiledFunction(
        "parts", source.text, language, signature, source.required, source.sizes, values, output.notes
    )


def _expression(output: Expr | Derivative) -> Expr:
    return output.f if isinstance(output, Derivative) else output


def _nodes(output: Expr | Derivative) -> tuple[Node, list[Node]]:
    """The expression to evaluate and its open directions."""
    if isinstance(output, Derivative):
        return output.reading.operator, list(output.reading.directions)
    return output.node, []


def _stable(output: Expr | Derivative) -> Expr | Derivative:
    """What is computed in place of the output: the same, in a stable form."""
    if isinstance(output, Derivative):
        return stable_output(output)
    if output.derived is None:
        return replace(output, node=stable(output.computed))
    derived = replace(output.derived, f=stable_function(output.derived.f))
    return replace(output, node=stable(derived.node), derived=None)


def _cheaper(output: Expr | Derivative, size: Callable[[Dim], float]) -> Expr | Derivative:
    """The output, of equal forms in that of fewest operations."""
    if isinstance(output, Derivative):
        reading = output.reading
        return replace(output, reading=replace(reading, operator=cheaper(reading.operator, size)))
    return replace(output, node=cheaper(output.node, size))


def _declare(outputs: Sequence[Expr | Derivative], signature: Signature, planner: Planner) -> None:
    """A parameter for every variable, used or only declared, and for every perturbation that is an argument."""
    for output in outputs:
        node, directions = _nodes(output)
        declarations = _expression(output).declarations
        used = [n for n in postorder(node) if n.op == "variable" or (n.op == "perturbation" and n not in directions)]
        for declaration in declarations.values():
            if declaration.is_function:
                continue
            if declaration.member:
                signature.add_family(declaration.member[0], declaration.name)
            is_matrix = declaration.kind == "matrix" and not declaration.inferred
            planner.names[declaration.node] = signature.add(declaration.node, is_matrix, declaration.axes)
        for leaf in sorted(used, key=lambda n: n.key):
            declared = declarations.get(str(leaf.data[0]))
            own = declared.axes if declared is not None and declared.kind == "array" else None
            planner.names[leaf] = signature.add(leaf, own=own)
            if own is not None:
                planner.arrays[leaf] = own
    for symbol in symbols_of([_nodes(output)[0] for output in outputs]):
        planner.functions[symbol] = signature.add_function(symbol)
    planner.batched = {p.name for symbol, p in signature.parameters.items() if symbol in signature.batched}


def _variables(outputs: Sequence[Expr | Derivative]) -> frozenset[str]:
    """The names of all variables, used or only declared."""
    declared = {name for output in outputs for name in _expression(output).declarations}
    used = {n.data[0] for output in outputs for n in postorder(_nodes(output)[0]) if n.op == "variable"}
    return frozenset(declared | used)


def _planned(planner: Planner, output: Expr | Derivative, batch: bool, free: Collection[Index]) -> Value:
    """The value of an output with the axes that it has for the user, in front those of its free indices."""
    node, directions = _nodes(output)
    with planner.framed(in_order(free)):
        value = planner.derivative(node, directions) if directions else planner.value(node)
        value = planner.whole(planner.program.reshape(value, value.like(output.shape)), output.shape)
    if batch and not value.batched:
        return planner.program.emit("broadcast", (value,), (), (BATCH, *value.axes))
    return value


def _size_names(outputs: Sequence[Expr | Derivative]) -> set[str]:
    names: set[str] = set()
    for output in outputs:
        node, directions = _nodes(output)
        dims = [
            d for n in (*postorder(node), *directions) for d in (*n.shape, *(x for x in n.data if isinstance(x, Dim)))
        ]
        dims += [d for declaration in _expression(output).declarations.values() for d in declaration.shape]
        names.update(name for d in dims for name in d.names)
    return names


def _name(outputs: Sequence[Expr | Derivative]) -> str:
    (*_, last) = outputs
    return last.name.lower() if len(outputs) == 1 and isinstance(last, Derivative) else "f"


def _summary(outputs: Sequence[Expr | Derivative], signature: Signature) -> list[str]:
    """The docstring: each formula, the shapes of the arguments and results, and where they come from."""
    lines = ["; ".join(_title(output) for output in outputs) + "."]
    lines.extend(formula for output in outputs if (formula := _short_text(output)))
    shapes = [f"{p.name} ({', '.join(map(str, p.axes))})" for p in signature.parameters.values() if p.axes]
    results = [f"({', '.join(map(str, output.shape))})" for output in outputs]
    lines.append(f"Shapes: {', '.join(shapes)} -> {', '.join(results)}" if shapes else f"Shape: {', '.join(results)}")
    parts = dict.fromkeys(_short_text(_expression(output)) for output in outputs)
    typed = "; ".join(parts)
    origin = f" from {typed}" if all(parts) and len(typed) <= LONGEST_FORMULA else ""
    return [*lines, f"Generated by matcalc {__version__}{origin}", *note_lines(_notes(outputs))]


def _short_text(output: Expr | Derivative) -> str:
    """The formula, or nothing where it is too long: every operand is at least one letter, so that most are never written."""
    if sum(len(node.args) for node in postorder(_nodes(output)[0])) > LONGEST_FORMULA:
        return ""
    formula = str(output)
    return formula if len(formula) <= LONGEST_FORMULA else ""


def _notes(outputs: Sequence[Expr | Derivative]) -> tuple[Note, ...]:
    """How the texts of all outputs were read, where a reader has to know."""
    return distinct(note for output in outputs for note in output.notes)


def _title(output: Expr | Derivative) -> str:
    if not isinstance(output, Derivative):
        return "The value of the expression"
    return f"The {output.name} by {', '.join(map(typed_name, output.wrt))}"
