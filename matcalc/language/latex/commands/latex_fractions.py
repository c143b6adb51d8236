r"""What stands above and below a line, and under a root: \frac, \binom, \sqrt."""

from __future__ import annotations

from lark import Token

from matcalc.language.latex.commands.latex_environments import Environments
from matcalc.language.latex.latex_scan import joined, place
from matcalc.language.latex_letters.latex_faces import unswitched
from matcalc.language.surface.arrange import span_of

__all__ = ["Fractions"]


class Fractions(Environments):
    """Fractions, binomial coefficients and roots."""

    def _fraction(self, token: Token) -> None:
        above = unswitched(self.source.argument(token, "numerator"))
        below = unswitched(self.source.argument(token, "denominator"))
        if not above or not below:
            raise self._fault(token, "the fraction has an empty part", r"write \frac{a}{b}")
        slash = place("OPERATOR", "/", span_of(token))
        parts = [*self.source.braced(above, token), slash, *self.source.braced(below, token)]
        self.source.push(self.source.braced(parts, token))

    def _binomial(self, token: Token) -> None:
        r"""\binom{n}{k} is n! / (k! (n - k)!), of any numbers."""
        above, below = (unswitched(self.source.argument(token, part)) for part in ("upper part", "lower part"))
        difference = [
            *self.source.braced(above, token),
            place("SIGN", "-", span_of(token)),
            *self.source.braced(below, token),
        ]
        mark = place("FACTORIAL", "!", span_of(token))
        divided = [
            *self.source.braced([*self.source.braced(below, token), mark], token),
            *self.source.braced([*self.source.braced(difference, token), mark], token),
        ]
        slash = place("OPERATOR", "/", span_of(token))
        self.source.push(
            self.source.braced(
                [*self.source.braced(above, token), mark, slash, *self.source.braced(divided, token)], token
            )
        )

    def _root(self, token: Token) -> None:
        degree = self.source.option()
        inside = unswitched(self.source.argument(token, "radicand"))
        if not inside:
            raise self._fault(token, "there is nothing under the root", r"write \sqrt{x}")
        shown = joined(degree)
        if degree and shown not in ("2", "3"):
            one = place("NUMBER", "1", span_of(token))
            exponent = [one, place("OPERATOR", "/", span_of(token)), *self.source.braced(degree, token)]
            dot = place("DOT_POWER", ".^", span_of(token))
            power = [*self.source.braced(inside, token), dot, *self.source.braced(exponent, token)]
            self.source.push(self.source.braced(power, token))
            return
        self._call("cbrt" if shown == "3" else "sqrt", token, inside)
