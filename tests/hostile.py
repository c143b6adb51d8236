"""Inputs of at most 100,000 characters that ask for much: each has to end soon, with an answer or with an error that names a limit.

Each is the arguments of a command. `EXPRESSIONS` are those of `matcalc diff`, with what Python and `matcalc tex` are given.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COMMANDS", "EXPRESSIONS", "Asked"]

Arguments = tuple[str, ...]


class Asked(NamedTuple):
    """An expression, by what it is differentiated and how often, and its declarations."""

    text: str
    wrt: str = "x"
    order: int = 1
    where: str = ""


S = "x: scalar"


def _each(pattern: str, n: int, between: str = " + ") -> str:
    """The pattern with 0, 1, … in place of each #."""
    return between.join(pattern.replace("#", str(i)) for i in range(n))


def _scalars(*letters: str, n: int) -> str:
    return ", ".join(f"{letter}_{i}: scalar" for i in range(n) for letter in letters)


def _chain(n: int, link: str, last: str = "x") -> str:
    return ", ".join(f"h_{i} = {link.replace('#', f'h_{i + 1}')}" for i in range(n)) + f", h_{n} = {last}"


def _nested(before: str, inside: str, after: str, n: int) -> str:
    return before * n + inside + after * n


EXPRESSIONS: dict[str, Asked] = {
    # products
    "one name 15,000 times": Asked("x " * 15_000),
    "one name 15,000 times with signs": Asked("*".join(["x"] * 15_000)),
    "200 factors": Asked(_each("(x + #)", 200, " "), where=S),
    "400 factors, the first of which is 0": Asked(_each("(x + #)", 400, "*"), where=S),
    "200 equal factors": Asked("*".join(["(x + 1)"] * 200), where=S),
    "the Hessian of 59 factors": Asked(_each("(1 + x[#])", 60, " ").removeprefix("(1 + x[0])"), order=2),
    "2,000 large rational factors": Asked(
        " * ".join(f"{10**20 + i}/{10**19 + 3 * i}" for i in range(2_000)) + " * x", where=S
    ),
    "large powers of numbers": Asked(" * ".join(["(9^999)"] * 900) + " x", where=S),
    "powers of powers of powers of a number": Asked("((9^999)^999)^999 x", where=S),
    "150 entrywise factors": Asked(f"sum({_each('(A_# x)', 150, ' .* ')})"),
    "the Hessian of 60 entrywise factors": Asked(f"sum({_each('(A_# x)', 60, ' .* ')})", order=2),
    "3,000 matrices": Asked(f"tr({_each('A_#', 3_000, ' ')})", wrt="A_5"),
    # powers
    "2,000 superscripts": Asked("x" + "²" * 2_000, where=S),
    "40 superscripts": Asked("x" + "²" * 40, where=S),
    "squares of squares": Asked(_nested("(", "x", ")^2", 90), where=S),
    "a power of a sum of 30": Asked(f"({_each('a_#', 30)})^30", "a_1", 2, _scalars("a", n=30)),
    "squares of sums of 200": Asked(f"({_each('a_#', 200)})^2 * ({_each('b_#', 200)})^2", "a_1", 1, _scalars("a", "b", n=200)),
    "a large power of a matrix": Asked("tr(X^1000)", "X"),
    "the Hessian of a power of a matrix": Asked("tr(X^100)", "X", 2),
    "a power of a sum of matrices": Asked("tr((A + X + B)^30)", "X", 2, "A: matrix(n, n), B: matrix(n, n)"),
    # sums
    "9,000 terms": Asked(_each("x_#", 9_000), wrt="x_7"),
    "3,000 fractions of x": Asked(" + ".join(f"x/{2 * i + 1}" for i in range(3_000)), where=S),
    "3,000 fractions": Asked("x + " + " + ".join(f"1/{2 * i + 1}" for i in range(3_000)), where=S),
    "2,000 exponentials": Asked(_each("exp(a_# x)", 2_000), where=S),
    "1,000 quadratic forms": Asked(_each("x^T A_# x", 1_000)),
    "500 norms": Asked(_each("||A_# x - b_#||", 500)),
    "the Hessian of 200 norms": Asked(_each("||A_# x - b_#||", 200), order=2),
    "a mixture of 40 Gaussians": Asked(f"-log({_each('p_# exp(-||x - m_#||^2/2)', 40)})"),
    "the Hessian of a mixture of 100": Asked(f"-log({_each('p_# exp(-||x - m_#||^2/2)', 100)})", order=2),
    "400 relations": Asked(_each("(x > #) x", 400), where=S),
    "300 sums over entries": Asked(_each(r"\sum_i x_i^{#}", 300)),
    "150 open functions": Asked(_each("f_#(g_#(a^T x))", 150)),
    # brackets
    "90 sines": Asked(f"sum({_nested('sin(', 'x', ')', 90)})"),
    "a net of 90 layers": Asked("sum(" + _each("tanh(W_# ", 90, "") + "x" + ")" * 91, wrt="W_89"),
    "80 maxima": Asked(_nested("max(", "x", ", 1)", 80), where=S),
    "40 inverses": Asked(f"tr({_nested('inv(A + ', 'X', ')', 40)})", "X"),
    "8 exponentials of matrices": Asked(f"tr({_nested('expm(', 'X', ')', 8)})", "X", 2),
    "12 Kronecker products": Asked(f"tr({_nested('kron(', 'A', ', A)', 12)})", "A"),
    "20 Kronecker products": Asked(f"vec({_nested('kron(', 'A_0', '', 20)}{_each(', A_#)', 21, '').removeprefix(', A_0)')})", "A_3"),
    "90 fractions": Asked(_nested(r"\frac{1}{1+", "x", "}", 90), where=S),
    "45 fractions": Asked(_nested(r"\frac{1}{1+", "x", "}", 45), where=S),
    "95 brackets": Asked(_nested("(", "x", ")", 95)),
    "2,000 bars": Asked(_nested("|", "x", "|", 2_000)),
    "50,000 primes": Asked("x" + "'" * 50_000),
    # arrays that are written out
    "2,000 blocks of one name": Asked(f"[{', '.join(['x'] * 2_000)}]"),
    "the sum of 2,000 blocks": Asked(f"sum([{', '.join(['x'] * 2_000)}])"),
    "2,000 blocks of their own": Asked(f"sum([{_each('x_#', 2_000, ', ')}])", wrt="x_1"),
    "900 blocks": Asked(f"tr([{'; '.join(_each(f'A_{i}_#', 30, ', ') for i in range(30))}])", "A_1_1"),
    "a matrix of 3,600 numbers": Asked(
        f"x^T [{';'.join(','.join(str(i * j + 1) for j in range(60)) for i in range(60))}] x"
    ),
    "300 cases": Asked(rf"\begin{{cases}}{_each('x^{#} & x > #', 300, chr(92) * 2)}\end{{cases}}", where=S),
    # orders
    "the sixth derivative of softmax": Asked("sum(softmax(x).^2)", order=6),
    "the sixth derivative of logdet": Asked("logdet(X)", "X", 6),
    "the fourth derivative of norm_nuc": Asked("norm_nuc(X)", "X", 4),
    "the sixth derivative of norm_nuc": Asked("norm_nuc(X)", "X", 6),
    "the fourth derivative of a power of a determinant": Asked("det(X)^50", "X", 4),
    "the order 12": Asked("softmax(x)", order=12),
    "the order 40": Asked("exp(x)", order=40, where=S),
    # definitions
    "12 definitions that double": Asked(f"sum(h_0) where {_chain(12, '# .* # + sin(#)')}"),
    "40 definitions that double": Asked(f"sum(h_0) where {_chain(40, 'sin(#) .* cos(#)')}"),
    "40 sums that double": Asked(f"sum(h_0) where {_chain(40, '# + #')}"),
    "1,500 definitions": Asked(f"sum(h_0) where {_chain(1_500, 'sin(#)')}"),
    "3,000 lines": Asked("\n".join([f"r_{i} = A r_{i - 1}" for i in range(1, 3_000)] + ["sum(r_2999)"]), "A"),
    "definitions in a circle": Asked("a where a = b, b = a", "a"),
    "3,000 declarations": Asked("x", where=_each("A_#: matrix(n_#, m_#)", 3_000, ", ")),
    # texts
    "20,000 letters": Asked(r"\alpha " + "A" * 20_000, "A"),
    "4,000 glued letters": Asked("tr(" + "XA" * 2_000 + ")", "X"),
    "2,000 sentences": Asked("Let f(x) = x^T x. " * 2_000),
    "60 calls of Mathematica": Asked(_nested("Tr[", "X", "]", 60), "X"),
    "60 calls of NumPy": Asked(_nested("np.sum(", "x", ")", 60)),
    "a number of 90,000 digits": Asked("9" * 90_000 + " x"),
    "more than 100,000 characters": Asked("x + " * 30_000 + "x"),
}  # fmt: skip


def _diff(asked: Asked) -> Arguments:
    options = ("--wrt", asked.wrt, *(("--order", str(asked.order)) if asked.order > 1 else ()))
    return ("diff", asked.text, *options, *(("--where", asked.where) if asked.where else ()))


def _defined(n: int, link: str) -> Arguments:
    """Functions of functions, and the last one."""
    texts = ["f_0(t) = sin(t)", *(f"f_{i}(t) = {link.replace('f(', f'f_{i - 1}(')}" for i in range(1, n + 1))]
    return ("diff", f"sum(f_{n}(x))", *(word for text in texts for word in ("--define", text)))


COMMANDS: dict[str, Arguments] = {
    **{name: _diff(asked) for name, asked in EXPRESSIONS.items()},
    "12 functions that double": _defined(12, "f(t) + f(t)^2"),
    "40 functions that double": _defined(40, "f(t) * f(t)"),
    "30 functions of two arguments": _defined(30, "f(2 t) * f(3 t)"),
    "functions in a circle": ("diff", "sum(g(x))", "--define", "f(t) = t^2", "--define", "g(t) = f(t)", "--define", "f(t) = g(t)"),
    "code of 300 norms": ("code", _each("||A_# x - b_#||^2", 300), "--wrt", "x", "--target", "torch"),
    "code of a Hessian": ("code", _each("log(1 + exp(a_#^T x))", 150), "--wrt", "x", "--order", "2"),
    "code of a chain": (
        "code", f"tr({_each('A_#', 300, ' ')})", "--wrt", "A_5",
        "--where", ", ".join(f"A_{i}: matrix(n_{i}, n_{(i + 1) % 300})" for i in range(300)),
    ),
    "a derivation of 300 norms": ("explain", _each("||A_# x - b_#||^2", 300), "--wrt", "x"),
    "a claim of 300 terms": ("check", _each("x^T A_# x", 300), "--wrt", "x", "--claim", _each("2 A_# x", 300)),
    "60 factors turned round": ("equal", _each("(x + #)", 60, " "), " ".join(f"(x + {i})" for i in reversed(range(60))), "--where", S),
    "a square and a cube": ("equal", f"({_each('a_#', 300)})^2", f"({_each('a_#', 300)})^3", "--where", _scalars("a", n=300)),
    "2,000 equals signs": ("equal", " = ".join(["x^T x"] * 2_000)),
    "an endless file of claims": ("check", "/dev/zero", "--trials", "1"),
    "an endless paper": ("tex", "/dev/zero"),
}  # fmt: skip
