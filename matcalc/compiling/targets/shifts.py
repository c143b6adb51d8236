"""Toeplitz and circulant matrices, convolutions and sums along diagonals, in the words of each target."""

from __future__ import annotations

__all__ = ["JULIA_HELPERS", "MATLAB_HELPERS", "PYTHON_HELPERS"]

#: As in `helpers`: ``{{xp}}`` is the module; leading axes are those of directions.
PYTHON_HELPERS: dict[str, str] = {
    "_sheared": """def _sheared(x, step{also}):
    # row i moved by i places: for the step -1 to the right, for 1 to the left
    m, n, lead = x.shape[-2], x.shape[-1], x.shape[:-2]
    zero = {xp}.zeros((*lead, m, m + 1), dtype=x.dtype)
    flat = {xp}.reshape({xp}.concat([x, zero], axis=-1), (*lead, -1))
    flat = {xp}.concat([flat, zero[..., 0, :m]], axis=-1)
    width = m + n + 1 + step
    return {xp}.reshape(flat[..., : m * width], (*lead, m, width))
""",
    "_repeated": """def _repeated(x, m{also}):
    # m rows that hold the entries of a column
    return {xp}.broadcast_to({xp}.moveaxis(x, -1, -2), (*x.shape[:-2], m, x.shape[-2]))
""",
    "_toeplitz": """def _toeplitz(c, *rows{also}):
    r = rows[0] if rows else c
    m, n = c.shape[-2], r.shape[-2]
    first = {xp}.zeros_like(r[..., :1, :])
    rest = {xp}.concat([first, r[..., 1:, :]], axis=-2)
    low = _sheared(_repeated(c, n{also}), -1{also})[..., :m]
    high = _sheared(_repeated(rest, m{also}), -1{also})[..., :n]
    return {xp}.moveaxis(low, -1, -2) + high
""",
    "_circulant": """def _circulant(c{also}):
    n = c.shape[-2]
    twice = _repeated({xp}.concat([c, c], axis=-2), n{also})
    return {xp}.moveaxis(_sheared(twice, -1{also})[..., n : 2 * n], -1, -2)
""",
    "_conv": """def _conv(a, b{also}):
    m, n = a.shape[-2], b.shape[-2]
    moved = _sheared(_repeated(a, n{also}), -1{also})[..., : m + n - 1]
    return {xp}.moveaxis(moved, -1, -2) @ b
""",
    "_correlate": """def _correlate(c, b{also}):
    p, n = c.shape[-2], b.shape[-2]
    moved = _sheared(_repeated(c, n{also}), 1{also})[..., : p - n + 1]
    return {xp}.moveaxis(moved, -1, -2) @ b
""",
    "_diagonal_sums": """def _diagonal_sums(x{also}):
    moved = _sheared({xp}.moveaxis(x, -1, -2), 1{also})[..., : x.shape[-2]]
    return {xp}.sum(moved, axis=-2)[..., None]
""",
    "_cyclic_sums": """def _cyclic_sums(x{also}):
    twice = {xp}.moveaxis({xp}.concat([x, x], axis=-2), -1, -2)
    return {xp}.sum(_sheared(twice, 1{also})[..., : x.shape[-2]], axis=-2)[..., None]
""",
}

JULIA_HELPERS = {
    "toeplitz_matrix": """toeplitz_matrix(c, r=c) = [i >= j ? c[i-j+1] : r[j-i+1] for i in eachindex(c), j in eachindex(r)]
""",
    "circulant_matrix": """circulant_matrix(c) = [c[mod1(i - j + 1, length(c))] for i in eachindex(c), j in eachindex(c)]
""",
    "convolution": """function convolution(a, b)
    m, n = length(a), length(b)
    return [sum(a[i] * b[k-i+1] for i in max(1, k - n + 1):min(m, k)) for k in 1:m+n-1, _ in 1:1]
end
""",
    "correlation": """function correlation(c, b)
    n = length(b)
    return [sum(c[i+j-1] * b[j] for j in 1:n) for i in 1:length(c)-n+1, _ in 1:1]
end
""",
    "diagonal_sums": """function diagonal_sums(x)
    m, n = size(x)
    return [sum(x[k+j-1, j] for j in 1:min(n, m - k + 1)) for k in 1:m, _ in 1:1]
end
""",
    "cyclic_sums": """function cyclic_sums(x)
    n = size(x, 1)
    return [sum(x[mod1(k + j - 1, n), j] for j in 1:n) for k in 1:n, _ in 1:1]
end
""",
}

MATLAB_HELPERS = {
    "toeplitz_matrix": """function t = toeplitz_matrix(c, r)
  if nargin == 1
    r = c;
  end
  t = toeplitz([c(1); reshape(c(2:end), [], 1)], [c(1); reshape(r(2:end), [], 1)]);
end
""",
    "circulant_matrix": """function t = circulant_matrix(c)
  n = numel(c);
  t = reshape(c(mod((0:n - 1)' - (0:n - 1), n) + 1), n, n);
end
""",
    "convolution": """function s = convolution(a, b)
  s = conv(a(:), b(:));
end
""",
    "correlation": """function s = correlation(c, b)
  s = conv(c(:), flipud(b(:)), 'valid');
end
""",
    "diagonal_sums": """function s = diagonal_sums(x)
  s = arrayfun(@(k) sum(diag(x, -k)), (0:size(x, 1) - 1)');
end
""",
    "cyclic_sums": """function s = cyclic_sums(x)
  n = size(x, 1);
  s = arrayfun(@(k) sum(diag(x, -k)) + sum(diag(x, n - k)), (0:n - 1)');
end
""",
}
