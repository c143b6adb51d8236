"""MATLAB and Octave."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.listings import ColumnTarget, Listing, listing
from matcalc.compiling.emitting.source import safe
from matcalc.compiling.emitting.target import PRODUCT, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.columns.rows import ROWS, reserved_words
from matcalc.compiling.targets.columns.stacks import reshaped
from matcalc.compiling.targets.shifts import MATLAB_HELPERS

__all__ = ["MATLAB"]

#: The words of the language.
KEYWORDS = (
    "arguments break case catch classdef continue do else elseif end end_try_catch end_unwind_protect endfor endfunction "
    "endif endparfor endswitch endwhile enumeration events for function global if methods otherwise parfor persistent "
    "properties return spmd switch try until unwind_protect unwind_protect_cleanup while ans e eps false i inf j nan true"
)

MADE = {"mills_tail": "mills_tail({0})", "horner": "horner({args})"}

HELPERS = {
    **MATLAB_HELPERS,
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
  shape = zeros(size(condition)) + zeros(size(a)) + zeros(size(b));
  condition = logical(condition + shape);
  a = real(a + shape);
  b = real(b + shape);
  r = b;
  r(condition) = a(condition);
end
""",
    "stacked": """function out = stacked(f, sizes, varargin)
  % f of the matrices on the last two axes, for every index of the leading ones
  rank = numel(sizes);
  lead = sizes(1:rank - 2);
  out = zeros([prod(lead), sizes(rank - 1:rank)]);
  at = cell(1, rank - 2);
  for k = 1:prod(lead)
    [at{:}] = ind2sub([lead, 1], k);
    parts = varargin;
    for p = 1:numel(parts)
      here = at;
      for axis = 1:rank - 2
        here{axis} = min(at{axis}, size(parts{p}, axis));
      end
      parts{p} = reshape(parts{p}(here{:}, :, :), size(parts{p}, rank - 1), size(parts{p}, rank));
    end
    out(k, :, :) = f(parts{:});
  end
  out = reshape(out, sizes);
end
""",
    "frechet": """function d = frechet(f, x, varargin)
  % the derivative of f at x in the directions, from a block triangular matrix
  n = size(x, 1);
  for k = 1:numel(varargin)
    half = size(x, 1);
    x = [x, kron(eye(half / n), varargin{k}); zeros(half), x];
  end
  d = f(x);
  d = real(d(1:n, end - n + 1:end));
end
""",
    "matrix_sine": """function s = matrix_sine(x)
  n = size(x, 1);
  e = expm([zeros(n), x; -x, zeros(n)]);
  s = e(1:n, n + 1:end);
end
""",
    "matrix_cosine": """function c = matrix_cosine(x)
  n = size(x, 1);
  e = expm([zeros(n), x; -x, zeros(n)]);
  c = e(1:n, 1:n);
end
""",
    "matrix_sign": """function x = matrix_sign(x)
  % Newton's iteration, scaled by determinants
  n = size(x, 1);
  for step = 1:40
    scale = 1;
    if step <= 8
      scale = abs(det(x)) ^ (-1 / n);
    end
    x = (scale * x + inv(x) / scale) / 2;
  end
end
""",
    "frechet_power": """function d = frechet_power(varargin)
  d = frechet(@(x) x ^ varargin{end}, varargin{1:end - 1});
end
""",
    "polygamma": """function y = polygamma(k, x)
  % Stirling's series after steps up; reflection below 1/2
  b = [1/6, -1/30, 1/42, -1/30, 5/66, -691/2730, 7/6, -3617/510];
  up = x;
  up(x < 0.5) = 1 - x(x < 0.5);
  total = zeros(size(x));
  for step = 0:14 + k
    total = total + 1 ./ (up + step) .^ (k + 1);
  end
  z = up + 15 + k;
  total = factorial(k) * (total + 0.5 ./ z .^ (k + 1));
  for j = 1:8
    total = total + b(j) * (factorial(2 * j + k - 1) / factorial(2 * j)) ./ z .^ (2 * j + k);
  end
  if k == 0
    y = log(z) - total;
  else
    y = (-1) ^ (k + 1) * (factorial(k - 1) ./ z .^ k + total);
  end
  terms = [1, 0];
  for step = 1:k
    terms = -pi * conv(polyder(terms), [1, 0, 1]);
  end
  low = x < 0.5;
  y(low) = (-1) ^ k * y(low) - pi * polyval(terms, cot(pi * x(low)));
end
""",
    "log_gamma": """function y = log_gamma(x)
  low = x < 0.5;
  y = zeros(size(x));
  y(~low) = gammaln(x(~low));
  y(low) = log(pi ./ abs(sin(pi * x(low)))) - gammaln(1 - x(low));
end
""",
    "round_even": """function r = round_even(x)
  % of two nearest whole numbers the even one
  r = round(x);
  odd = abs(x - fix(x)) == 0.5 & mod(r, 2) == 1;
  r(odd) = r(odd) - sign(x(odd));
end
""",
    "horner": """function total = horner(x, varargin)
  % c{1} + c{2} x + c{3} x^2 + ...
  total = varargin{end};
  for k = numel(varargin) - 1:-1:1
    total = varargin{k} + x .* total;
  end
end
""",
    "mills_tail": """function f = mills_tail(x)
  % the continued fraction of the error function, for x >= 2
  f = zeros(size(x));
  for k = 60:-1:1
    f = k / 2 ./ (x + f);
  end
end
""",
    "duplication": """function d = duplication(n)
  [i, j] = ndgrid(1:n, 1:n);
  low = min(i, j) - 1;
  places = low * n - low .* (low + 1) / 2 + max(i, j);
  d = eye(n * (n + 1) / 2);
  d = d(places(:), :);
end
""",
    "elimination": """function e = elimination(n)
  e = eye(n * n);
  low = tril(true(n));
  e = e(low(:), :);
end
""",
    "returned": """function value = returned(value, sizes, name)
  found = size(value);
  if numel(found) ~= numel(sizes) || any(found ~= sizes & ~isnan(sizes))
    error('%s returns the size %s, not %s', name, mat2str(size(value)), mat2str(sizes));
  end
end
""",
    "frechet_adj": """function d = frechet_adj(x, varargin)
  % the first two derivatives of a polynomial, in the coordinates in which x is diagonal
  [u, s, v] = svd(x);
  s = diag(s);
  n = numel(s);
  e = u' * varargin{1} * v;
  d = zeros(n);
  for i = 1:n
    for j = [1:i - 1, i + 1:n]
      if numel(varargin) == 1
        p = prod(s(setdiff(1:n, [i, j])));
        d(i, i) = d(i, i) + p * e(j, j);
        d(i, j) = d(i, j) - p * e(i, j);
        continue
      end
      f = u' * varargin{2} * v;
      for m = setdiff(1:n, [i, j])
        p = prod(s(setdiff(1:n, [i, j, m])));
        d(i, i) = d(i, i) + p * (e(j, j) * f(m, m) - e(j, m) * f(m, j));
        d(i, j) = d(i, j) + p * (e(i, m) * f(m, j) + f(i, m) * e(m, j) - e(i, j) * f(m, m) - f(i, j) * e(m, m));
      end
    end
  end
  d = det(u) * det(v) * v * d * u';
end
""",
    "adjugate": """function a = adjugate(x)
  [u, s, v] = svd(x);
  s = diag(s)';
  same = eye(numel(s));
  others = prod(same + (1 - same) .* s, 2)';
  a = det(u) * det(v) * (v .* others) * u';
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
}


def _reduced(name: str, before: str = "") -> Row:
    """A reduction, with what stands before the axis among its arguments."""

    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        text = args[0].text
        if len(v.data) == v.args[0].rank:
            return Text(f"{name}(reshape({text}, [], 1))")
        for axis in v.data:
            text = f"{name}({text}, {before}{axis + 1})"
        return Text(reshaped(e, text, v.axes))

    return row


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"sum(reshape({args[0].at(PRODUCT)} .* {args[1].at(UNARY)}, [], 1))")


def _check(name: str, sizes: Sequence[str]) -> list[str]:
    wanted = [*sizes, *["1"] * (2 - len(sizes))]
    return [
        f"if ~isequal(size({name}), [{', '.join(wanted)}])",
        f"  error('{name} should be {' x '.join(wanted)}');",
        "end",
    ]


def _written(target: ColumnTarget, f: Listing) -> str:
    results = ["result"] if len(f.results) == 1 else [f"result{k}" for k in range(1, len(f.results) + 1)]
    left = results[0] if len(results) == 1 else f"[{', '.join(results)}]"
    body = [*f.lines, *(f"{r} = {t};" for r, t in zip(results, f.results, strict=True))]
    head = [f"function {left} = {f.name}({', '.join(f.parameters)})", *(f"  % {safe(line)}" for line in f.summary)]
    main = "\n".join([*head, *(f"  {line}" for line in body), "end", ""])
    return "\n".join([main, *target.helpers_in(main)])


#: What `columns` says in the words of a language. A vector is a column, so that every array has two axes.
OPTIONS = {
    "quotient": "/",
    "sizes": "[{}]",
    "missing axis": "1",
    "tuple": "[{}]",
    "some sizes": "[{}]",
    "one size": "[{}]",
    "index": "({})",
    "plus": "+",
    "grown": "({}) + {}",
    "dot": "",
    "column": "reshape({}, [], 1)",
    "vector": "{}(:)",
    "permuted": "permute({}, [{}])",
    "rest": "[]",
    "number": "{}",
    "eye": "eye({})",
    "unit": "double((1:({size}))' == {place})",
    "length": "norm(reshape({}, [], 1))",
    "whole": "round({})",
    "choice": "choose",
    "unequal": "~=",
    "throws": "",
    "unknown": "NaN",
    "returned": "returned({}, {}, '{}')",
    "read": "{size} = size({value}, {number});",
    "handle": "@{}",
    "function of x": "@(x) {}",
}

MATLAB = ColumnTarget(
    name="matlab",
    write=listing,
    module="",
    rows={
        **ROWS,
        "sum": _reduced("sum"),
        "largest": _reduced("max", "[], "),
        "smallest": _reduced("min", "[], "),
        "prod": _reduced("prod"),
        "dot": _dot,
    },
    made=MADE,
    helpers=HELPERS,
    imports={},
    reserved=reserved_words(KEYWORDS, "matlab", HELPERS),
    options=OPTIONS,
    assign="{name} = {text};",
    written=_written,
    check=_check,
)
