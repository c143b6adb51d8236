"""The variables of an expression by their names, in whatever spelling, and the one that is meant where none is named."""

from __future__ import annotations

import re

from matcalc.errors import DeclarationError, Hint
from matcalc.expr import Node, variables
from matcalc.expr.named_powers import power_name
from matcalc.language import canonical_name, spelled_name
from matcalc.language.faults.name_faults import glued_names, glued_parts
from matcalc.language.mends.hints import did_you_mean, write
from matcalc.language.surface.tree import walk
from matcalc.language.words.names import entry_of, is_greek, nearest
from matcalc.language.words.spelling import named_power
from matcalc.objects.expressions import Expr, Variable
from matcalc.objects.members import member_named
from matcalc.objects.parameters import is_typed, parameter_of

__all__ = ["default_variable", "name_of", "variable_named"]

#: So many variables are offered in place of a name that is none.
MOST_OFFERED = 3


def default_variable(f: Expr) -> str:
    """The variable that is meant where none is named: X, else x, else the only free name.

    Of data X beside a response y it is the parameter, and an X that nobody typed, of the x_i of a sum, is none.

    >>> from matcalc.objects.variables import default_variable
    >>> default_variable(mc.parse("||A x - b||^2"))
    'x'

    Raises:
        DeclarationError: none of these settles it.
    """
    names = [name for name, d in f.declarations.items() if not d.is_function]
    parameter = parameter_of(f)
    if parameter is not None:
        return parameter
    for name in ("X", "x"):
        if name in names and is_typed(f, name):
            return name
    if len(names) == 1:
        return names[0]
    if not names:
        raise DeclarationError(
            "the expression has no variable to differentiate by",
            code="which-variable",
            text=f.text,
            span=(0, len(f.text or "")),
            hint="use a name such as x or X",
        )
    places = [_place(f.text or "", name) for name in names[:2]]
    raise DeclarationError(
        f"which variable? The expression has {', '.join(names)}",
        code="which-variable",
        text=f.text if places[0] else None,
        span=places[0],
        related=places[1],
        hint=f"for example --wrt {names[0]}",
    )


def _place(text: str, name: str) -> tuple[int, int] | None:
    """Where a name stands in a text, in whichever spelling."""
    words = re.finditer(r"[^\W\d_]\w*|_\{[^{}]*\}", text)
    return next((w.span() for w in words if canonical_name(w.group()) == name), None)


def variable_named(f: Expr, name: str) -> Node:
    """The variable of that name. Raises DeclarationError where the expression has none."""
    canonical = name_of(f, name)
    declaration = f.declarations.get(canonical)
    if declaration is not None and declaration.is_function:
        raise DeclarationError(f"{canonical} is a function, not a variable", code="unknown-variable", word=name)
    if declaration is None:
        _refuse_glued(f, canonical)
        raise _no_variable(f, name, canonical)
    found = [v for v in variables(f.node) if v.data[0] == canonical]
    return found[0] if found else declaration.node


def _refuse_glued(f: Expr, letter: str) -> None:
    """X of tr(AXB), which is a letter of one name there: the error names the spaces that are missing."""
    text = f.text or ""
    typed = [n for n in walk(f.tree) if n.kind == "variable"] if f.tree is not None else []
    for name in dict.fromkeys(n.value for n in typed if letter in n.value):
        spans = [n.span for n in typed if n.value == name and text[slice(*n.span)] == name]
        letters = list(name) if name.isalpha() and 2 <= len(name) <= 4 and not is_greek(name) else []
        parts = glued_parts(name, {letter, *f.declarations}) or letters
        if f.declarations[name].inferred and parts and spans:
            raise glued_names(name, parts, spans, text, False)


def _no_variable(f: Expr, name: str, canonical: str) -> DeclarationError:
    """A name that is not there, or that the expression defines."""
    known = [n for n, d in f.declarations.items() if not d.is_function]
    close = nearest(canonical, known)
    place = (0, len(name))
    indexed = re.fullmatch(r"\s*(\w+)\s*[\[(][^\])]*[\])]\s*", name)
    whole = entry_of(canonical, known) or (indexed.group(1) if indexed and indexed.group(1) in known else None)
    if whole is not None:
        message = f"{name.strip()} is an entry of {whole}, and derivatives by one entry are not read"
        purpose = "for the gradient, which holds the derivatives by all entries"
        return DeclarationError(message, code="unknown-variable", hint=write(place, (whole, purpose)), word=name)
    hint: Hint | str | None = (
        did_you_mean(place, close) if close else did_you_mean(place, *known) if 0 < len(known) <= MOST_OFFERED else None
    )
    several = [canonical_name(part.strip()) for part in name.split(",")]
    if len(several) > 1 and set(several) <= set(known):
        hint = f"name one each time: --wrt {' --wrt '.join(several)} is the mixed derivative"
    message = f"{name.strip() or 'an empty name'} is not a variable of the expression"
    if canonical == "pi":
        message, hint = (
            "pi is the number π here",
            "name pi_all" if "pi_all" in known else "declare pi: vector(n), or pi: scalar, if it is a variable",
        )
    if any(d.name == canonical for d in f.definitions):
        message = f"{canonical} is defined in where, and not a variable of the expression"
    listed = ", ".join(known) or "none"
    return DeclarationError(f"{message} (its variables: {listed})", code="unknown-variable", hint=hint, word=name)


def name_of(f: Expr, given: Variable) -> str:
    r"""The name of a variable of f in any spelling: `\beta`, `\mathbf{w}`, ``β``, ``x_{1}``.

    Raises DeclarationError for an expression that is none, and for anything else.
    """
    if isinstance(given, str):
        given = _of_object(f, given)
        name = _declared_like(f, spelled_name(given))
        raised = named_power(given) if name not in f.declarations else None
        return power_name(*raised) if raised is not None and raised[0] in f.declarations else name
    if isinstance(given, Expr) and given.node.op == "variable":
        return str(given.node.data[0])
    shown = str(given) if isinstance(given, Expr) else f"a {type(given).__name__}"
    raise DeclarationError(f"{shown} is not a variable", code="unknown-variable", hint='name it, as in "x"')


def _array_of(f: Expr, name: str) -> str | None:
    """X of x, whose members x_i are its rows."""
    arrays = {n.value.array for n in walk(f.tree) if n.kind == "member"} if f.tree is not None else set()
    inferred = {
        d.name for d in f.declarations.values() if d.inferred and re.search(rf"\\?{re.escape(name)}\W*_", f.text or "")
    }
    names = (name[:1].upper() + name[1:], f"{name}_all")
    named = [array for array in names if array in arrays or array in inferred]
    return named[0] if len(named) == 1 else None


def _of_object(f: Expr, given: str) -> str:
    """par.X of code is X, or par_X."""
    words = given.strip().split(".")
    if len(words) < 2 or given.strip() not in (f.text or ""):
        return given
    names = ("_".join(words), "_".join(words[1:]), words[-1])
    return next((name for name in names if spelled_name(name) in f.declarations), given)


def _declared_like(f: Expr, name: str) -> str:
    """W1 is W_1 where only that is declared, and varepsilon that of LaTeX."""
    if name not in f.declarations and (command := spelled_name(f"\\{name}")) in f.declarations:
        return command
    if name not in f.declarations and (array := _array_of(f, name)) is not None:
        return array
    if name not in f.declarations and (member := member_named(f, name)) is not None:
        return member.array
    same = [n for n in f.declarations if n.replace("_", "") == name.replace("_", "")]
    return same[0] if name not in f.declarations and len(same) == 1 else name
