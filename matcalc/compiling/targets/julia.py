"""Julia, with its standard library and SpecialFunctions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.compiling.emitting.emitter import Emitter, coefficient_times, sum_text
from matcalc.compiling.emitting.listings import ColumnTarget, Listing, listing
from matcalc.compiling.emitting.source import safe
from matcalc.compiling.emitting.target import PRODUCT, SUM, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.columns.rows import ROWS, reserved_words
from matcalc.compiling.targets.columns.stacks import broadcast_ready
from matcalc.compiling.targets.shifts import JULIA_HELPERS

__all__ = ["JULIA"]

#: The words of the language.
KEYWORDS = (
    "abstract baremodule begin break catch ccall const continue do else elseif end export false finally for function global "
    "if import in isa let local macro module mutable new primitive quote return struct true try type using where while im"
)

MADE = {"mills_tail": "mills_tail~({0})", "horner": "horner~({args})"}

HELPERS = {
    **JULIA_HELPERS,
    "rowmajor": """# reshape in row-major order
function rowmajor(a, rank, sizes)
    b = reshape(permutedims(a, ntuple(k -> rank + 1 - k, rank)), reverse(sizes))
    return permutedims(b, ntuple(k -> length(sizes) + 1 - k, length(sizes)))
end
""",
    "spread": """# zeros, but the values where axes with one letter agree
function spread(values, pattern, sizes)
    out = zeros(sizes)
    for at in CartesianIndices(values)
        out[(at[k] for k in pattern)...] = values[at]
    end
    return out
end
""",
    "diagonal": """# the entries with equal indices on two axes, on a last axis
function diagonal(a, rank, i, j)
    rest = Tuple(setdiff(1:rank, (i, j)))
    b = permutedims(a, (rest..., i, j))
    n = size(a, i)
    return cat((selectdim(selectdim(b, rank, k), rank - 1, k) for k in 1:n)...; dims=rank - 1)
end
""",
    "stacked": """# f of the matrices on the last two axes, for every index of the leading ones
function stacked(f, sizes, parts...)
    lead = sizes[1:end-2]
    out = zeros(sizes)
    for at in CartesianIndices(lead)
        here(p::Number) = p
        here(p) = p[(min(at[k], size(p, k)) for k in 1:length(lead))..., :, :]
        out[at, :, :] = f(map(here, parts)...)
    end
    return out
end
""",
    "frechet": """# the derivative of f at x in the directions, from a block triangular matrix
function frechet(f, x, directions...)
    n = size(x, 1)
    for e in directions
        half = size(x, 1)
        corner = kron(Matrix{Float64}(I, half ÷ n, half ÷ n), e)
        x = [x corner; zeros(half, half) x]
    end
    return real(f(x)[1:n, end-n+1:end])
end
""",
    "matrix_sign": """# Newton's iteration, scaled by determinants
function matrix_sign(x)
    n = size(x, 1)
    for step in 1:40
        scale = step <= 8 ? abs(det(x))^(-1 / n) : 1.0
        x = (scale * x + inv(x) / scale) / 2
    end
    return x
end
""",
    "frechet_power": """function frechet_power(parts...)
    return frechet(x -> x^round(Int, parts[end]), parts[1:end-1]...)
end
""",
    "log_gamma": """log_gamma(x) = SpecialFunctions.logabsgamma(x)[1]
""",
    "horner": """# c[1] + c[2] x + c[3] x^2 + ...
horner(x, c...) = evalpoly(x, c)
""",
    "mills_tail": """# the continued fraction of the error function, for x >= 2
function mills_tail(x)
    fraction = zero(x)
    for k in 60:-1:1
        fraction = k / 2 / (x + fraction)
    end
    return fraction
end
""",
    "duplication": """function duplication(n)
    half = Matrix{Float64}(I, n * (n + 1) ÷ 2, n * (n + 1) ÷ 2)
    place(i, j) = (min(i, j) - 1) * n - (min(i, j) - 1) * min(i, j) ÷ 2 + max(i, j)
    return half[[place(i, j) for j in 1:n for i in 1:n], :]
end
""",
    "elimination": """function elimination(n)
    full = Matrix{Float64}(I, n * n, n * n)
    return full[[i + (j - 1) * n for j in 1:n for i in j:n], :]
end
""",
    "returned": """function returned(value, sizes, name)
    fits = length(sizes) == ndims(value) && all(n === nothing || n == k for (n, k) in zip(sizes, size(value)))
    fits || throw(DimensionMismatch("$name returns the size $(size(value)), not $sizes"))
    return value
end
""",
    "frechet_adj": """# the first two derivatives of a polynomial, in the coordinates in which x is diagonal
function frechet_adj(x, directions...)
    u, s, v = svd(x)
    e = [u' * h * v for h in directions]
    others(places...) = prod((s[k] for k in eachindex(s) if !(k in places)); init=1.0)
    d = zeros(size(x))
    for i in eachindex(s), j in eachindex(s)
        i == j && continue
        if length(e) == 1
            p = others(i, j)
            d[i, i] += p * e[1][j, j]
            d[i, j] -= p * e[1][i, j]
            continue
        end
        a, b = e
        for m in eachindex(s)
            m in (i, j) && continue
            p = others(i, j, m)
            d[i, i] += p * (a[j, j] * b[m, m] - a[j, m] * b[m, j])
            d[i, j] += p * (a[i, m] * b[m, j] + b[i, m] * a[m, j] - a[i, j] * b[m, m] - b[i, j] * a[m, m])
        end
    end
    return det(u) * det(v) * v * d * u'
end
""",
    "adjugate": """function adjugate(x)
    u, s, v = svd(x)
    others = [prod(s[k] for k in eachindex(s) if k != i; init=1.0) for i in eachindex(s)]
    return det(u) * det(v) * (v .* others') * u'
end
""",
    "lower_cholesky": """lower_cholesky(s) = Matrix(cholesky(Symmetric(s)).L)
""",
    "inverse_from_cholesky": """function inverse_from_cholesky(l)
    root = inv(LowerTriangular(l))
    return Matrix(root' * root)
end
""",
    "symmetric_eigen": """function symmetric_eigen(s)
    found = eigen(Symmetric(s))
    signs = [sign(c[argmax(abs.(c))]) for c in eachcol(found.vectors)]
    return (values=found.values, vectors=found.vectors .* signs')
end
""",
    "thin_svd": """function thin_svd(x)
    u, s, v = svd(x)
    signs = [sign(c[argmax(abs.(c))]) for c in eachcol(u)]
    return (left=u .* signs', values=s, right=v .* signs')
end
""",
    "gaps": """function gaps(values)
    g = values' .- values
    same = Matrix{Float64}(I, length(values), length(values))
    return (1 .- same) ./ (g .+ same)
end
""",
    "or_nan": """# f(x...), and NaN outside of its domain
function or_nan(f, x...)
    try
        return f(x...)
    catch fault
        fault isa DomainError || rethrow()
        return NaN
    end
end
""",
    "argmax_mark": """function argmax_mark(x)
    mark = zeros(size(x))
    mark[argmax(x)] = 1
    return mark
end
""",
    "argmin_mark": """function argmin_mark(x)
    mark = zeros(size(x))
    mark[argmin(x)] = 1
    return mark
end
""",
}


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Arrays of several shapes are added entry by entry, with a dot at each sign."""
    ready = broadcast_ready(e, v, args)
    text = sum_text(v.data[:1], ready[:1])
    if len(ready) == 1:
        return text
    first = text.at(PRODUCT)
    for c, arg in zip(v.data[1:], ready[1:], strict=True):
        first += f" {'.+' if c > 0 else '.-'} {coefficient_times(c, arg).at(UNARY)}"
    return Text(first, SUM)


def _reduced(name: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        if len(v.data) == v.args[0].rank:
            return Text(f"{name}({args[0].text})")
        dims = f"({', '.join(str(k + 1) for k in v.data)},)"
        return Text(f"dropdims({name}({args[0].text}, dims={dims}), dims={dims})")

    return row


def _check(name: str, sizes: Sequence[str]) -> list[str]:
    tuple_ = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    return [f'size({name}) == {tuple_} || throw(DimensionMismatch("{name} should be {tuple_}"))']


def _written(target: ColumnTarget, f: Listing) -> str:
    documentation = ['"""', *(safe(line).replace("$", "") for line in f.summary), '"""']
    body = [*f.lines, f"return {', '.join(f.results)}"]
    head = f"function {f.name}({', '.join(f.parameters)})"
    main = "\n".join([*documentation, head, *(f"    {line}" for line in body), "end", ""])
    helpers = target.helpers_in(main)
    text = "\n".join([*helpers, main])
    imports = ["using LinearAlgebra", *(line for key, line in target.imports.items() if re.search(rf"\b{key}\.", text))]
    return "\n".join(["\n".join(imports), "", *helpers, main])


#: What `columns` says in the words of a language.
OPTIONS = {
    "quotient": "÷",
    "sizes": "{}",
    "missing axis": "",
    "tuple": "({},)",
    "some sizes": "({})",
    "one size": "({},)",
    "index": "[{}]",
    "plus": ".+",
    "grown": "{} .+ {}",
    "dot": ".",
    "column": "vec({})",
    "vector": "vec({})",
    "permuted": "permutedims({}, ({}))",
    "rest": ":",
    "number": "{}[1]",
    "eye": "Matrix{{Float64}}(I, {})",
    "unit": "[at == {place} ? 1.0 : 0.0 for at in 1:({size})]",
    "length": "norm({})",
    "whole": "round(Int, {})",
    "choice": "ifelse",
    "unequal": "!=",
    "throws": "yes",
    "unknown": "nothing",
    "returned": 'returned({}, {}, "{}")',
    "read": "{size} = size({value}, {number})",
    "handle": "{}",
    "function of x": "x -> {}",
    "each mtimes": "*",
    "each det": "x -> fill(det(x), 1, 1)",
    "each logabsdet": "x -> fill(logabsdet(x)[1], 1, 1)",
    "one logabsdet": "logabsdet({0})[1]",
}

JULIA = ColumnTarget(
    name="julia",
    write=listing,
    module="",
    rows={
        **ROWS,
        "combine": _combine,
        "sum": _reduced("sum"),
        "largest": _reduced("maximum"),
        "smallest": _reduced("minimum"),
        "prod": _reduced("prod"),
        "dot": lambda e, v, args: Text(f"dot({args[0].text}, {args[1].text})"),
    },
    made=MADE,
    helpers=HELPERS,
    imports={"SpecialFunctions": "import SpecialFunctions"},
    reserved=reserved_words(KEYWORDS, "julia", HELPERS),
    options=OPTIONS,
    written=_written,
    check=_check,
)
