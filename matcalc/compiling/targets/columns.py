"""MATLAB (and Octave) and Julia: column-major arrays whose indices start at 1.

Both broadcast from the first axis, so every array gets axes of size 1 until all operands have the same number. A
vector of MATLAB is a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.compiling.emitter import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    Emitter,
    Row,
    Target,
    Text,
    coefficient_times,
    number_text,
    sum_text,
)
from matcalc.compiling.program import Value
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim

__all__ = ["JULIA", "MATLAB"]


def _is_julia(e: Emitter) -> bool:
    return e.target.name == "julia"


def _sizes(e: Emitter, axes: Sequence[Dim]) -> str:
    """The size as an argument: a column in MATLAB has two."""
    texts = [e.dim(d).text for d in axes]
    if _is_julia(e):
        return ", ".join(texts)
    return f"[{', '.join(texts)}]" if len(texts) > 1 else f"[{', '.join([*texts, *['1'] * (2 - len(texts))])}]"


def _reshaped(e: Emitter, text: str, axes: Sequence[Dim]) -> str:
    return f"reshape({text}, {_sizes(e, axes)})"


def _broadcast_ready(e: Emitter, v: Value, args: list[Text]) -> list[Text]:
    """Operands with leading axes of size 1, so that all have the same number of axes."""
    ready = []
    for a, text in zip(v.args, args, strict=True):
        missing = v.rank - a.rank
        if a.rank and missing:
            text = Text(_reshaped(e, text.text, (*[Dim.of(1)] * missing, *a.axes)))
        ready.append(text)
    return ready


def _entrywise(sign: str, level: int) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        first, *rest = _broadcast_ready(e, v, args)
        return Text(sign.join([first.at(level), *(a.at(level + 1) for a in rest)]), level)

    return row


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = _broadcast_ready(e, v, args)
    if not _is_julia(e) or len(ready) == 1:
        return sum_text(v.data, ready)
    text = sum_text(v.data[:1], ready[:1]).at(PRODUCT)
    for c, arg in zip(v.data[1:], ready[1:], strict=True):
        text += f" {'.+' if c > 0 else '.-'} {coefficient_times(c, arg).at(UNARY)}"
    return Text(text, SUM)


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    if exponent == Fraction(1, 2):
        return Text(f"sqrt{_dot_call(e, v)}({args[0].text})")
    return Text(f"{args[0].at(ATOM)} .^ {number_text(exponent).at(ATOM)}", POWER)


def _dot_call(e: Emitter, v: Value) -> str:
    return "." if _is_julia(e) and v.axes else ""


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = _broadcast_ready(e, v, args)
    text = e.template(e.target.functions, v.data[0], ready)
    return Text(text.text.replace("~(", f"{_dot_call(e, v)}("))


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    x, y, a, b = (t.text for t in _broadcast_ready(e, v, args))
    if _is_julia(e):
        return Text(
            f"ifelse.(({x}) .{v.data[0]} ({y}), {a}, {b})" if v.axes else f"ifelse(({x}) {v.data[0]} ({y}), {a}, {b})"
        )
    return Text(f"choose(({x}) {v.data[0]} ({y}), {a}, {b})")


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}'")
    order = ", ".join(str(k + 1) for k in v.data)
    return Text(f"permutedims({args[0].text}, ({order}))" if _is_julia(e) else f"permute({args[0].text}, [{order}])")


def _reshape(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Row-major, as the plan means it; axes of size 1 alone do not change the order."""
    old, new = ([d for d in axes if not d.is_one] for axes in (v.args[0].axes, v.axes))
    if not v.axes:
        return Text(f"{args[0].at(ATOM)}[1]" if _is_julia(e) else args[0].text)
    if old == new:
        return Text(_reshaped(e, args[0].text, v.axes))
    return Text(f"rowmajor({args[0].text}, {v.args[0].rank}, {_tuple(e, v.axes)})")


def _tuple(e: Emitter, axes: Sequence[Dim]) -> str:
    inside = ", ".join(e.dim(d).text for d in axes)
    return f"({inside},)" if _is_julia(e) else f"[{inside}]"


def _broadcast(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = _broadcast_ready(e, v, args)
    return Text(
        f"{ready[0].at(PRODUCT)} .+ {_zeros(e, v.axes)}"
        if _is_julia(e)
        else f"{ready[0].at(PRODUCT)} + {_zeros(e, v.axes)}",
        SUM,
    )


def _zeros(e: Emitter, axes: Sequence[Dim], name: str = "zeros") -> str:
    return f"{name}({_sizes(e, axes)})"


def _reduced(julia: str, matlab: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        places = [k + 1 for k in v.data]
        every = len(places) == v.args[0].rank
        if _is_julia(e):
            dims = f"({', '.join(map(str, places))},)"
            return Text(
                f"{julia}({args[0].text})" if every else f"dropdims({julia}({args[0].text}, dims={dims}), dims={dims})"
            )
        flat = f"reshape({args[0].text}, [], 1)"
        if every:
            return Text(f"{matlab}({flat})")
        text = args[0].text
        for place in places:
            text = f"sum({text}, {place})" if matlab == "sum" else f"{matlab}({text}, [], {place})"
        return Text(_reshaped(e, text, v.axes))

    return row


def _place(e: Emitter, place: int | Dim) -> str:
    return e.dim(place).text if isinstance(place, Dim) else str(place) if place else "end"


def _indexed(e: Emitter, text: Text, entries: list[str]) -> str:
    opening, closing = "[]" if _is_julia(e) else "()"
    return f"{text.at(ATOM)}{opening}{', '.join(entries)}{closing}"


def _take(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, place = v.data
    entries = [_place(e, place) if k == axis else ":" for k in range(v.args[0].rank)]
    name = Text(e.as_name(v.args[0]))
    text = _indexed(e, name, entries)
    return Text(text if _is_julia(e) or not v.axes else _reshaped(e, text, v.axes))


def _slice(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, start, size = v.data
    part = f"({e.dim(start + 1).text}):({e.dim(start + size).text})"
    return Text(_indexed(e, Text(e.as_name(v.args[0])), [part if k == axis else ":" for k in range(v.rank)]))


def _expand(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(_reshaped(e, args[0].text, v.axes))


def _spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    (values, *_), first = v.args, {k: v.data.index(k) for k in v.data}
    axes = tuple(v.axes[place] for place in first.values())
    text = args[0].text
    if values.axes != axes:
        missing = len(axes) - values.rank
        text = text if not values.rank else _reshaped(e, text, (*[Dim.of(1)] * missing, *values.axes))
        text = f"{text} .+ {_zeros(e, axes)}" if _is_julia(e) else f"{Text(text, SUM).at(PRODUCT)} + {_zeros(e, axes)}"
    pattern = ", ".join(str(k + 1) for k in v.data)
    pattern = f"({pattern},)" if _is_julia(e) else f"[{pattern}]"
    result = f"spread({text}, {pattern}, {_tuple(e, v.axes)})"
    if len(args) == 2:
        return Text(f"{args[1].at(SUM)} {'.+' if _is_julia(e) else '+'} {result}", SUM)
    return Text(result)


def _outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    """vec(a) vec(b)^T has its entries in the right order, the first axis fastest"""
    columns = [f"vec({a.text})" if _is_julia(e) else f"reshape({a.text}, [], 1)" for a in args]
    return Text(_reshaped(e, f"{columns[0]} * {columns[1]}'", v.axes))


def _stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data[0] == 1:
        return Text(f"[{' '.join(f'({a.text})' for a in args)}]")
    return Text(f"[{'; '.join(f'({a.text})' + chr(39) for a in args)}]")


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    _, width = v.data
    rows = [" ".join(f"({a.text})" for a in args[k : k + width]) for k in range(0, len(args), width)]
    return Text(f"[{'; '.join(rows)}]")


def _eye(e: Emitter, rows: Dim, cols: Dim) -> str:
    sizes = f"{e.dim(rows).text}, {e.dim(cols).text}"
    return f"Matrix{{Float64}}(I, {sizes})" if _is_julia(e) else f"eye({sizes})"


def _mask(e: Emitter, v: Value, args: list[Text]) -> Text:
    ones = _zeros(e, v.axes, "ones")
    half = f"tril({ones}) - {_eye(e, *v.axes)} / 2"
    texts = {"lower": f"tril({ones})", "upper": f"triu({ones})", "strictly_lower": f"tril({ones}, -1)"}
    texts["strictly_upper"] = f"triu({ones}, 1)"
    return Text(texts[v.data[0]]) if v.data[0] in texts else Text(half, SUM)


def _unit(e: Emitter, v: Value, args: list[Text]) -> Text:
    n, place = e.dim(v.axes[0]).text, _place(e, v.data[0])
    if _is_julia(e):
        return Text(f"[j == {place} ? 1.0 : 0.0 for j in 1:({n})]")
    return Text(f"double((1:({n}))' == {place})")


def _selector(e: Emitter, v: Value, args: list[Text]) -> Text:
    eye = e.named(Text(_eye(e, v.axes[1], v.axes[1])))
    part = f"({e.dim(v.data[0] + 1).text}):({e.dim(v.data[0] + v.axes[0]).text})"
    return Text(_indexed(e, eye, [part, ":"]))


def _diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 2:
        return Text(f"diag({args[0].text})")
    i, j = (k + 1 for k in v.data)
    return Text(f"diagonal({args[0].text}, {v.args[0].rank}, {i}, {j})")


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if _is_julia(e):
        return Text(f"dot({args[0].text}, {args[1].text})")
    return Text(f"sum(reshape({args[0].at(PRODUCT)} .* {args[1].at(UNARY)}, [], 1))")


def _part(e: Emitter, v: Value, args: list[Text]) -> Text:
    of = v.args[0]
    names = {"eigh": ("values", "vectors"), "svd": ("left", "values", "right")}[of.op]
    return Text(f"{e.as_name(of)}.{names[v.data[0]]}")


def _call(e: Emitter, v: Value, args: list[Text]) -> Text:
    if any(a.rank > 2 for a in v.args):
        raise UnsupportedError(f"the target {e.target.name} has no {v.data[0]} of stacked matrices")
    return e.template(e.target.calls, "_".join(map(str, v.data)), args)


def _call_named(name: str) -> Row:
    return lambda e, v, args: Text(f"{name}({', '.join(a.text for a in args)})")


def _refused(reason: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        raise UnsupportedError(f"the target {e.target.name} has no {reason}")

    return row


# fmt: off
ROWS: dict[str, Row] = {
    "input":         lambda e, v, args: Text(v.data[0]),
    "number":        lambda e, v, args: number_text(v.data[0]),
    "size":          lambda e, v, args: e.dim(v.data[0]),
    "constant":      lambda e, v, args: Text(v.data[0]),
    "combine":       _combine,
    "times":         _entrywise(" .* ", PRODUCT),
    "divide":        _entrywise(" ./ ", PRODUCT),
    "power":         _power,
    "raise":         lambda e, v, args: Text(" .^ ".join(a.at(ATOM) for a in _broadcast_ready(e, v, args)), POWER),
    "function":      _function,
    "call":          _call,
    "where":         _where,
    "permute":       _permute,
    "reshape":       _reshape,
    "broadcast":     _broadcast,
    "expand":        _expand,
    "sum":           _reduced("sum", "sum"),
    "largest":       _reduced("maximum", "max"),
    "smallest":      _reduced("minimum", "min"),
    "indicator":     lambda e, v, args: Text(f"{v.data[0]}_mark({args[0].text})"),
    "take":          _take,
    "slice":         _slice,
    "spread":        _spread,
    "outer":         _outer,
    "stack":         _stack,
    "diagonal":      _diagonal,
    "block":         _block,
    "matmul":        lambda e, v, args: Text(f"{args[0].at(PRODUCT)} * {args[1].at(UNARY)}", PRODUCT),
    "stacked":       _refused("stacked matrix product"),
    "dot":           _dot,
    "zeros":         lambda e, v, args: Text(_zeros(e, v.axes)),
    "ones":          lambda e, v, args: Text(_zeros(e, v.axes, "ones")),
    "eye":           lambda e, v, args: Text(_eye(e, v.axes[0], v.axes[0])),
    "mask":          _mask,
    "unit":          _unit,
    "selector":      _selector,
    "duplication":   _refused("duplication matrix"),
    "elimination":   _refused("elimination matrix"),
    "det":           _call_named("det"),
    "logdet":        lambda e, v, args: Text(f"logabsdet({args[0].text})[1]" if _is_julia(e) else f"logabsdet({args[0].text})"),
    "inv":           _call_named("inv"),
    "solve":         lambda e, v, args: Text(f"{args[0].at(UNARY)} \\ {args[1].at(UNARY)}", PRODUCT),
    "cholesky":      _call_named("lower_cholesky"),
    "inverse_from_cholesky": _call_named("inverse_from_cholesky"),
    "matpow":        lambda e, v, args: Text(f"{args[0].at(ATOM)} ^ {v.data[0]}", POWER),
    "integer_power": lambda e, v, args: Text(f"{args[0].at(ATOM)} ^ round({'Int, ' if _is_julia(e) else ''}{args[1].text})", POWER),
    "adjugate":      _refused("adjugate"),
    "eigh":          _call_named("symmetric_eigen"),
    "svd":           _call_named("thin_svd"),
    "gaps":          _call_named("gaps"),
    "part":          _part,
}
# fmt: on

_SAME = "exp log log1p expm1 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign".split()

MATLAB = Target(
    name="matlab",
    module="",
    rows=ROWS,
    functions={name: f"{name}({{0}})" for name in _SAME}
    | {
        "relu": "max({0}, 0)",
        "cbrt": "nthroot({0}, 3)",
        "max": "max({0}, {1})",
        "min": "min({0}, {1})",
        "erf": "erf({0})",
        "erfc": "erfc({0})",
        "lgamma": "gammaln({0})",
        "digamma": "psi({0})",
        "trigamma": "psi(1, {0})",
        "polygamma": "psi({0}, {1})",
    },
    calls={
        "expm": "expm({0})",
        "logm": "logm({0})",
        "sqrtm": "sqrtm({0})",
        "pinv": "pinv({0}, 1e-11 * norm({0}))",
        "sylvester": "sylvester({0}, {1}, {2})",
    },
    helpers={
        "rowmajor": """function b = rowmajor(a, rank, sizes)
  % reshape in row-major order
  a = permute(a, max(rank, 2):-1:1);
  if rank == 1
    a = a(:);
  end
  b = permute(reshape(a, [fliplr(sizes), 1]), [numel(sizes):-1:1, numel(sizes) + 1]);
end
""",
        "spread": """function out = spread(values, pattern, sizes)
  % zeros, but the values where axes with one letter agree
  kept = ones(1, max(pattern));
  kept(pattern) = sizes;
  places = cell(1, numel(kept));
  [places{:}] = ind2sub([kept, 1], (1:prod(kept))');
  out = zeros([sizes, 1]);
  index = places(pattern);
  out(sub2ind([sizes, 1], index{:})) = values(:);
end
""",
        "diagonal": """function d = diagonal(a, rank, i, j)
  % the entries with equal indices on two axes, on a last axis
  rest = setdiff(1:rank, [i, j]);
  sizes = size(a);
  sizes(end + 1:rank) = 1;
  n = sizes(i);
  a = reshape(permute(a, [rest, i, j]), [], n * n);
  d = reshape(a(:, 1:n + 1:end), [sizes(rest), n, 1]);
end
""",
        "choose": """function r = choose(condition, a, b)
  % a where the condition holds, else b
  shape = zeros(size(condition));
  a = a + shape;
  b = b + shape;
  r = b;
  r(condition) = a(condition);
end
""",
        "logabsdet": """function s = logabsdet(x)
  [~, u, ~] = lu(x);
  s = sum(log(abs(diag(u))));
end
""",
        "lower_cholesky": """function l = lower_cholesky(s)
  l = chol(s, 'lower');
end
""",
        "inverse_from_cholesky": """function p = inverse_from_cholesky(l)
  root = inv(l);
  p = root' * root;
end
""",
        "symmetric_eigen": """function e = symmetric_eigen(s)
  [v, d] = eig((s + s') / 2);
  [values, order] = sort(diag(d));
  v = v(:, order);
  [~, at] = max(abs(v));
  signs = sign(v(at + (0:size(v, 2) - 1) * size(v, 1)));
  e = struct('values', values, 'vectors', v .* signs);
end
""",
        "thin_svd": """function e = thin_svd(x)
  [u, s, v] = svd(x, 'econ');
  [~, at] = max(abs(u), [], 1);
  signs = sign(u(at + (0:size(u, 2) - 1) * size(u, 1)));
  e = struct('left', u .* signs, 'values', diag(s), 'right', v .* signs);
end
""",
        "gaps": """function g = gaps(values)
  g = reshape(values, 1, []) - reshape(values, [], 1);
  same = eye(numel(values));
  g = (1 - same) ./ (g + same);
end
""",
        "argmax_mark": """function m = argmax_mark(x)
  m = zeros(size(x));
  [~, at] = max(x(:));
  m(at) = 1;
end
""",
        "argmin_mark": """function m = argmin_mark(x)
  m = zeros(size(x));
  [~, at] = min(x(:));
  m(at) = 1;
end
""",
    },
    imports={},
    reserved=frozenset(
        "break case catch continue else elseif end for function global if otherwise parfor persistent return spmd switch "
        "try while i j e pi inf nan eps ans zeros ones eye sum max min size reshape permute diag inv det lu chol eig svd "
        "sort abs exp log sqrt sign rowmajor spread diagonal choose logabsdet gaps numel error".split()
    ),
    assign="{name} = {text};",
)

JULIA = Target(
    name="julia",
    module="",
    rows=ROWS,
    functions={name: f"{name}~({{0}})" for name in _SAME}
    | {
        "relu": "max~({0}, 0)",
        "cbrt": "cbrt~({0})",
        "max": "max~({0}, {1})",
        "min": "min~({0}, {1})",
        "erf": "SpecialFunctions.erf~({0})",
        "erfc": "SpecialFunctions.erfc~({0})",
        "lgamma": "SpecialFunctions.loggamma~({0})",
        "digamma": "SpecialFunctions.digamma~({0})",
        "trigamma": "SpecialFunctions.trigamma~({0})",
        "polygamma": "SpecialFunctions.polygamma~({0}, {1})",
    },
    calls={
        "expm": "exp({0})",
        "logm": "log({0})",
        "sqrtm": "sqrt({0})",
        "pinv": "pinv({0}; rtol=1e-11)",
        "sylvester": "sylvester({0}, {1}, -({2}))",
    },
    helpers={
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
    },
    imports={"SpecialFunctions": "import SpecialFunctions"},
    reserved=frozenset(
        "baremodule begin break catch const continue do else elseif end export false finally for function global if import "
        "let local macro module quote return struct true try using while pi im I zeros ones size sum maximum minimum reshape "
        "permutedims diag inv det eigen svd cholesky abs exp log sqrt sign dot vec rowmajor spread diagonal gaps max min "
        "ifelse dropdims tril triu error".split()
    ),
    assign="{name} = {text}",
)
