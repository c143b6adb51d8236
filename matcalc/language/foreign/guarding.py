"""No argument of a call is left out: its names stand in what is made of the call, and its keywords mean something there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault
from matcalc.language.foreign.common.pratt import Lambda
from matcalc.language.foreign.common.shared import Count, keywords, keywords_asked

__all__ = ["guarded"]

#: Arguments of R that only say how something is computed or shown.
_IGNORED = frozenset("na.rm na_rm drop simplify tol sparse check.names useNames USE.NAMES".split())
#: Words that stand for no array.
_FLAGS = frozenset("TRUE FALSE T F NULL true false nothing Inf inf Times All end abs2".split())
#: What the first argument is called, where it is named.
_FIRST = frozenset("x X a A object mat".split())

Build = Callable[[Code, Sequence[Code], Span], Code]


def guarded(build: Build, base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """What is made of a call. Raises Fault where a part of it would be left out."""
    arguments = _with_first(arguments)
    with keywords_asked() as asked:
        made = build(base, arguments, span)
    unknown = [name for name in keywords(arguments) if name not in {*asked, *_IGNORED}]
    if unknown:
        hint = "write what it computes"
        raise Fault(f"the argument {unknown[0]} of {base.text} is not known here", span, hint)
    words = set(re.findall(r"[^\W\d]\w*", made.text))
    for argument in (*arguments, *keywords(arguments).values()):
        if not words.issuperset(_of_arrays(argument)):
            raise Fault(f"{argument.text} would be left out here", argument.span, "write what it computes")
    return made


def _with_first(arguments: Sequence[Code]) -> Sequence[Code]:
    """x = y in the first place is y."""
    first = list(keywords(arguments[:1]).items())
    return [first[0][1], *arguments[1:]] if first and first[0][0] in _FIRST else arguments


def _of_arrays(argument: Code) -> Iterator[str]:
    """The names in an argument that stands for a value: not in a word of the language, a text, or how many rows there are."""
    is_size = isinstance(argument.value, Count) or re.fullmatch(r"sum\(.*\.\^0\)", argument.text) is not None
    if not is_size and argument.text not in _FLAGS and argument.text[:1] not in ("'", '"'):
        own = argument.value.arguments if isinstance(argument.value, Lambda) else ()
        yield from (name for name in re.findall(r"(?<!\^)\b[^\W\d]\w*\b(?!\()", argument.text) if name not in own)
