"""Definitions that the code of a Python target may need before the function.

``{xp}`` is the name of the module, ``{also}`` passes it on where it is no global name.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HELPERS", "MATRIX_FUNCTIONS", "filled"]

HELPERS: dict[str, str] = {
    "_cbrt": """def _cbrt(x{also}):
    return {xp}.sign(x) * {xp}.abs(x) ** (1 / 3)
""",
    "_horner": """def _horner(x, *coefficients):
    # c[0] + c[1] x + c[2] x^2 + ...
    total = coefficients[-1]
    for c in coefficients[-2::-1]:
        total = c + x * total
    return total
""",
    "_length": """def _length(x{also}):
    # divided by its largest entry first: its square may be no number
    top = {xp}.max({xp}.abs(x))
    scale = {xp}.where((top > 0) & (top < math.inf), top, {xp}.ones_like(top))
    return scale * {xp}.sqrt({xp}.sum((x / scale) ** 2))
""",
    "_eigh": """def _eigh(s{also}):
    values, vectors = {xp}.linalg.eigh(s)
    largest = {xp}.max(vectors, axis=-2, keepdims=True)
    smallest = {xp}.min(vectors, axis=-2, keepdims=True)
    one = {xp}.ones_like(largest)
    return values, vectors * {xp}.where(largest + smallest < 0, -one, one)
""",
    "_svd": """def _svd(x{also}):
    u, s, vt = {xp}.linalg.svd(x, full_matrices=False)
    largest = {xp}.max(u, axis=-2, keepdims=True)
    smallest = {xp}.min(u, axis=-2, keepdims=True)
    one = {xp}.ones_like(largest)
    sign = {xp}.where(largest + smallest < 0, -one, one)
    return u * sign, s, {xp}.matrix_transpose(vt) * sign
""",
    "_gaps": """def _gaps(values{also}):
    gaps = values[..., None, :] - values[..., :, None]
    same = {xp}.eye(values.shape[-1], dtype=values.dtype)
    return (1.0 - same) / (gaps + same)
""",
    "_indicator": """def _indicator(place, x{also}):
    mark = {xp}.arange(x.size) == place
    return {xp}.astype({xp}.reshape(mark, x.shape), x.dtype)
""",
    "_elimination": """def _elimination(n{dtype_parameter}{also}):
    places = [i + j * n for j in range(n) for i in range(j, n)]
    return {xp}.take({xp}.eye(n * n{dtype}), {xp}.asarray(places), axis=0)
""",
    "_duplication": """def _duplication(n{dtype_parameter}{also}):
    pairs = [(max(i, j), min(i, j)) for j in range(n) for i in range(n)]
    places = [j * n - j * (j - 1) // 2 + i - j for i, j in pairs]
    half = {xp}.eye(n * (n + 1) // 2{dtype})
    return {xp}.take(half, {xp}.asarray(places), axis=0)
""",
    "_inverse_from_cholesky": """def _inverse_from_cholesky(lower{also}):
    root = {xp}.linalg.inv(lower)
    return root.T @ root
""",
    "_returned": """def _returned(value, shape, name{also}):
    value = {xp}.asarray(value)
    sizes = tuple(value.shape)
    if len(sizes) != len(shape) or any(n not in (None, k) for n, k in zip(shape, sizes)):
        raise ValueError(f"{{name}} returns the shape {{sizes}}, not {{shape}}")
    return value
""",
    "_cofactors": """def _cofactors(x{also}):
    # of stacks of matrices with two or three rows
    n = x.shape[-1]
    if n == 2:
        parts = [x[..., 1, 1], -x[..., 1, 0], -x[..., 0, 1], x[..., 0, 0]]
    else:
        (a, b, c), (d, e, f), (g, h, i) = [[x[..., j, k] for k in range(3)] for j in range(3)]
        parts = [e * i - f * h, f * g - d * i, d * h - e * g]
        parts += [c * h - b * i, a * i - c * g, b * g - a * h]
        parts += [b * f - c * e, c * d - a * f, a * e - b * d]
    return {xp}.reshape({xp}.stack(parts, axis=-1), x.shape)
""",
    "_adjugate": """def _adjugate(x, size{also}):
    size = size[..., None, None]
    if bool({xp}.all({xp}.abs(size) >= {xp}.finfo(x.dtype).smallest_normal)):
        result = size * {xp}.linalg.inv(x)
        if bool({xp}.all({xp}.isfinite(result))):
            return result
    if not bool({xp}.all({xp}.isfinite(x))):
        return x * math.nan
    # singular: by the singular values, of which each entry leaves out one
    u, s, vt = {xp}.linalg.svd(x)
    same = {xp}.eye(x.shape[-1], dtype=x.dtype)
    others = {xp}.prod(same + (1 - same) * s[..., None, :], axis=-1)
    sign = ({xp}.linalg.det(u) * {xp}.linalg.det(vt))[..., None, None]
    left = {xp}.moveaxis(vt, -1, -2) * others[..., None, :]
    return sign * left @ {xp}.moveaxis(u, -1, -2)
""",
}

#: Functions of matrices on the last two axes, for arrays with any leading axes.
MATRIX_FUNCTIONS: dict[str, str] = {
    "_expm": """def _expm(x{also}):
    # scaling and squaring with the [13/13] Padé approximant
    squarings = max(0, math.frexp(_size(x{also}) / 5.37)[1])
    x = x / 2.0**squarings
    square, c = x @ x, [1.0]
    eye = {xp}.eye(x.shape[-1], dtype=x.dtype)
    for k in range(13):
        c.append(c[-1] * (13 - k) / ((26 - k) * (k + 1)))
    even, odd = c[12] * eye, c[13] * eye
    for k in range(10, -1, -2):
        even, odd = even @ square + c[k] * eye, odd @ square + c[k + 1] * eye
    odd = x @ odd
    result = {xp}.linalg.solve(even - odd, even + odd)
    for _ in range(squarings):
        result = result @ result
    return result
""",
    "_size": """def _size(x{also}):
    return float({xp}.max({xp}.sum({xp}.abs(x), axis=-2)))
""",
    "_sqrtm": """def _sqrtm(x{also}):
    # the product form of the Denman–Beavers iteration, scaled by determinants
    n = x.shape[-1]
    eye = {xp}.eye(n, dtype=x.dtype)
    root, rest, scale = x, x, 1.0
    for step in range(20):
        if step < 6:
            size = {xp}.abs({xp}.linalg.det(rest))
            scale = size[..., None, None] ** (-0.5 / n)
        inverse = {xp}.linalg.inv(rest)
        scale = scale if step < 6 else 1.0
        root = (scale / 2 * root) @ (eye + inverse / scale**2)
        rest = (eye + (scale**2 * rest + inverse / scale**2) / 2) / 2
    return root
""",
    "_logm": """def _logm(x{also}):
    # square roots until the series of 2 artanh((x - 1) / (x + 1)) is short
    eye = {xp}.eye(x.shape[-1], dtype=x.dtype)
    scale = 2.0
    while _size(x - eye{also}) > 0.2 and scale < 1e15:
        x, scale = _sqrtm(x{also}), 2 * scale
    z = {xp}.linalg.solve(x + eye, x - eye)
    square, series = z @ z, eye / 21
    for k in range(19, 0, -2):
        series = series @ square + eye / k
    return scale * z @ series
""",
    "_turned": """def _turned(x{also}):
    # exp([0, x; -x, 0]) = [cos(x), sin(x); -sin(x), cos(x)]
    zero = {xp}.zeros_like(x)
    upper = {xp}.concat([zero, x], axis=-1)
    lower = {xp}.concat([-x, zero], axis=-1)
    return _expm({xp}.concat([upper, lower], axis=-2){also})
""",
    "_sinm": """def _sinm(x{also}):
    n = x.shape[-1]
    return _turned(x{also})[..., :n, n:]
""",
    "_cosm": """def _cosm(x{also}):
    n = x.shape[-1]
    return _turned(x{also})[..., :n, :n]
""",
    "_signm": """def _signm(x{also}):
    # Newton's iteration, scaled by determinants
    n = x.shape[-1]
    for step in range(40):
        inverse = {xp}.linalg.inv(x)
        scale = 1.0
        if step < 8:
            scale = ({xp}.abs({xp}.linalg.det(x)) ** (-1 / n))[..., None, None]
        x = (scale * x + inverse / scale) / 2
    return x
""",
    "_frechet": """def _frechet(f, x, *directions{also}):
    # from the function of a block triangular matrix
    n, big = x.shape[-1], x
    for e in directions:
        while e.shape[-1] < big.shape[-1]:
            e = _blocks(e, {xp}.zeros_like(e){also_keyword})
        big = _blocks(big, e{also_keyword})
    return f(big{also})[..., :n, -n:]


def _blocks(a, b{also}):
    zero = {xp}.zeros_like(a + b)
    upper = {xp}.concat([a + zero, b + zero], axis=-1)
    lower = {xp}.concat([zero, a + zero], axis=-1)
    return {xp}.concat([upper, lower], axis=-2)
""",
    "_frechet_adj": """def _frechet_adj(x, size, *directions{also}):
    # the derivatives of a polynomial: by the inverse where that loses few digits
    if not bool({xp}.all({xp}.isfinite(x))):
        return sum(directions) * math.nan
    limits = {xp}.finfo(x.dtype)
    if bool({xp}.all({xp}.abs(size) >= limits.smallest_normal)):
        inverse = {xp}.linalg.inv(x)
        lost = {xp}.sum(x * x, axis=(-2, -1))
        lost = lost * {xp}.sum(inverse * inverse, axis=(-2, -1))
        if bool({xp}.all(lost < (1e-11 / limits.eps) ** (2 / len(directions)))):
            size = size[..., None, None]
            return size * _regular_frechet_adj(inverse, *directions{also_keyword})
    return _singular_frechet_adj(x, *directions{also_keyword})
""",
    "_regular_frechet_adj": """def _regular_frechet_adj(inverse, *directions{also}):
    # the sum over the permutations of a product for each cycle, divided by det(x)
    factors = [inverse, *(inverse @ e for e in directions)]
    eye = {xp}.eye(inverse.shape[-1], dtype=inverse.dtype)
    total = 0.0
    for order in itertools.permutations(range(len(factors))):
        swaps = sum(a > b for a, b in itertools.combinations(order, 2))
        term = (-1.0) ** swaps
        left = list(range(len(factors)))
        while left:
            start = place = left.pop(0)
            product = factors[start]
            while order[place] != start:
                place = order[place]
                left.remove(place)
                turn = (product, factors[place])
                product = turn[0] @ turn[1] if start else turn[1] @ turn[0]
            if start:
                product = {xp}.sum(product * eye, axis=(-2, -1))[..., None, None]
            term = term * product
        total = total + term
    return total
""",
    "_singular_frechet_adj": """def _singular_frechet_adj(x, *directions{also}):
    # in the coordinates in which x is diagonal, by its singular values
    n, places = x.shape[-1], range(len(directions) + 1)
    u, s, vt = {xp}.linalg.svd(x)
    left, right = {xp}.moveaxis(u, -1, -2), {xp}.moveaxis(vt, -1, -2)
    eye = {xp}.eye(n, dtype=x.dtype)

    def along(v, i):
        return {xp}.reshape(v, (*v.shape[:-1], *(n if k == i else 1 for k in places)))

    def spread(a, i, j):
        if i == j:
            return along({xp}.sum(a * eye, axis=-1), i)
        a = {xp}.moveaxis(a, -1, -2) if i > j else a
        sizes = [n if k in (i, j) else 1 for k in places]
        return {xp}.reshape(a, (*a.shape[:-2], *sizes))

    others = 1.0  # the product of the singular values but those at the places, which are distinct
    for m in range(n):
        kept = math.prod(1 - along(eye[m, :], i) for i in places)
        value = {xp}.reshape(s[..., m], (*s.shape[:-1], *(1 for _ in places)))
        others = others * (kept * value + 1 - kept)
    for i, j in itertools.combinations(places, 2):
        others = others * (1 - spread(eye, i, j))
    total = {xp}.zeros_like(x)
    for order in itertools.permutations(places):
        swaps = sum(a > b for a, b in itertools.combinations(order, 2))
        sign = (-1.0) ** swaps
        term = sign * others
        for k, e in enumerate(directions, 1):
            term = term * spread(left @ e @ right, k, order[k])
        rest = tuple(k - len(places) for k in places if k not in (0, order[0]))
        term = {xp}.sum(term, axis=rest) if rest else term
        if order[0] == 0:
            total = total + term[..., None] * eye
        else:
            total = total + {xp}.moveaxis(term, -1, -2)
    sign = ({xp}.linalg.det(u) * {xp}.linalg.det(vt))[..., None, None]
    return sign * (right @ total @ left)
""",
    "_frechet_power": """def _frechet_power(x, *rest{also}):
    # squares of x + sum(e_i) with e_i e_i = 0: a part for each set of directions
    *directions, exponent = rest
    parts = [x] + [0.0] * (2 ** len(directions) - 1)
    for i, e in enumerate(directions):
        parts[1 << i] = e
    exponent = int(exponent)
    if exponent < 0:
        parts, exponent = _inverted_parts(parts{also}), -exponent
    eye = {xp}.eye(x.shape[-1], dtype=x.dtype)
    power = [eye] + [0.0] * (len(parts) - 1)
    while exponent:
        if exponent % 2:
            power = _times_parts(power, parts)
        exponent //= 2
        if exponent:
            parts = _times_parts(parts, parts)
    zero = {xp}.zeros_like(x)
    for e in directions:
        zero = zero + {xp}.zeros_like(e)
    return power[-1] + zero


def _sum_of_parts(a, b, s, sets):
    total = 0.0
    for t in sets:
        if not (isinstance(a[t], float) or isinstance(b[s ^ t], float)):
            total = a[t] @ b[s ^ t] + total
    return total


def _times_parts(a, b):
    sets = range(len(a))
    return [_sum_of_parts(a, b, s, [t for t in sets if t & s == t]) for s in sets]


def _inverted_parts(a{also}):
    first = {xp}.linalg.inv(a[0])
    result = [first]
    for s in range(1, len(a)):
        total = _sum_of_parts(a, result, s, [t for t in range(1, s + 1) if t & s == t])
        result.append(total if isinstance(total, float) else -first @ total)
    return result
""",
    "_sylvester": """def _sylvester(a, b, c{also}):
    # a y + y b = c
    m, n = c.shape[-2:]
    rows = {xp}.eye(m, dtype=c.dtype)
    columns = {xp}.eye(n, dtype=c.dtype)
    system = columns[:, None, :, None] * a[None, :, None, :]
    system = system + b.T[:, None, :, None] * rows[None, :, None, :]
    right = {xp}.reshape({xp}.matrix_transpose(c), (-1, m * n))
    solved = {xp}.linalg.solve({xp}.reshape(system, (m * n, m * n)), right.T).T
    return {xp}.matrix_transpose({xp}.reshape(solved, (*c.shape[:-2], n, m)))
""",
}


def filled(helpers: Mapping[str, str], xp: str, also: str, dtype: bool) -> dict[str, str]:
    """Helpers for a module."""
    blanks = {
        "xp": xp,
        "also": also,
        "also_keyword": f"{also}={also[2:]}" if also else "",
        "dtype": ", dtype=dtype" if dtype else "",
        "dtype_parameter": ", dtype" if dtype else "",
    }
    return {name: source.format(**blanks) for name, source in helpers.items()}
