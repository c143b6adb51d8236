"""Functions of numbers that not every array library has, as texts in the names of the array API standard."""

from __future__ import annotations

__all__ = ["SPECIAL_FUNCTIONS"]


#: Special functions, entry by entry.
SPECIAL_FUNCTIONS: dict[str, str] = {
    "_erf": """def _erf(x{also}):
    # the Taylor series [DLMF 7.6.2] up to 2, the continued fraction beyond
    size = {xp}.abs(x)
    inside = {xp}.clip(size, max=2.0)
    term = total = inside
    for k in range(1, 40):
        term = term * (2 * inside**2 / (2 * k + 1))
        total = total + term
    near = 2 / math.sqrt(math.pi) * {xp}.exp(-(inside**2)) * total
    return {xp}.sign(x) * {xp}.where(size < 2, near, 1 - _erfc_far(size{also}))


def _erfc_far(x{also}):
    # the continued fraction [DLMF 7.9.1], for x >= 2
    x = {xp}.clip(x, min=2.0)
    fraction = {xp}.zeros_like(x)
    for k in range(60, 0, -1):
        fraction = k / 2 / (x + fraction)
    return {xp}.exp(-(x**2)) / math.sqrt(math.pi) / (x + fraction)
""",
    "_mills_tail": """def _mills_tail(x{also}):
    # the continued fraction [DLMF 7.9.1], for x >= 2
    fraction = {xp}.zeros_like(x)
    for k in range(60, 0, -1):
        fraction = k / 2 / (x + fraction)
    return fraction
""",
    "_erfc": """def _erfc(x{also}):
    return {xp}.where(x < 2, 1 - _erf(x{also}), _erfc_far(x{also}))
""",
    "_erfinv": """def _erfinv(x{also}):
    # Winitzki's approximation, and three steps of Halley's method
    size = {xp}.abs(x)
    left = {xp}.log1p(-(size**2))
    half = 2 / (math.pi * 0.147) + left / 2
    y = {xp}.sqrt({xp}.sqrt(half**2 - left / 0.147) - half)
    y = {xp}.where(size < 1e-3, size * (math.sqrt(math.pi) / 2), y)
    for _ in range(3):
        error = {xp}.where(size < 0.5, _erf(y{also}) - size, 1 - size - _erfc(y{also}))
        step = error / (2 / math.sqrt(math.pi) * {xp}.exp(-(y**2)))
        y = {xp}.where(size < 1, y - step / (1 + y * step), y)
    return {xp}.sign(x) * {xp}.where(size == 1, math.inf, y)
""",
    "_gamma": """def _gamma(x{also}):
    # the sign left of 0 changes at every pole [DLMF 5.5.3]
    odd = {xp}.floor(x) - 2 * {xp}.floor(x / 2)
    return {xp}.where(x < 0, 1 - 2 * odd, {xp}.ones_like(x)) * {xp}.exp(_lgamma(x{also}))
""",
    "_lgamma": """def _lgamma(x{also}):
    # Stirling's series [DLMF 5.11.1] after eight steps up; reflection below 1/2
    positive = {xp}.where(x < 0.5, 1 - x, x)
    small = {xp}.clip(positive, max=8.0)
    product = {xp}.ones_like(x)
    for k in range(8):
        product = product * (small + k)
    z = {xp}.where(positive < 8, positive + 8, positive)
    series = {xp}.zeros_like(z)
    for k, b in enumerate(_BERNOULLI, 1):
        series = series + b / (2 * k * (2 * k - 1)) / z ** (2 * k - 1)
    value = (z - 0.5) * {xp}.log(z) - z + math.log(2 * math.pi) / 2 + series
    value = value - {xp}.where(positive < 8, {xp}.log(product), 0.0 * z)
    sine = {xp}.abs({xp}.sin(math.pi * (x - {xp}.round(x))))
    return {xp}.where(x < 0.5, math.log(math.pi) - {xp}.log(sine) - value, value)
""",
    "_polygamma": """def _polygamma(k, x{also}):
    # Stirling's series [DLMF 5.11.2, 5.15.8] after steps up; reflection below 1/2
    k = int(k)
    positive = {xp}.where(x < 0.5, 1 - x, x)
    steps, total = {xp}.zeros_like(x), {xp}.zeros_like(x)
    for step in range(15 + k):
        steps = steps + 1 / (positive + step) ** (k + 1)
    z = positive + (15 + k)
    for j, b in enumerate(_BERNOULLI, 1):
        factor = math.factorial(2 * j + k - 1) / math.factorial(2 * j)
        total = total + b * factor / z ** (2 * j + k)
    total = total + math.factorial(k) * (0.5 / z ** (k + 1) + steps)
    if k == 0:
        value = {xp}.log(z) - total
    else:
        value = (-1) ** (k + 1) * (math.factorial(k - 1) / z**k + total)
    # the k-th derivative of cot is a polynomial in cot
    terms = [0.0, 1.0]
    for _ in range(k):
        slope = [-math.pi * j * c for j, c in enumerate(terms)][1:]
        pairs = zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)
        terms = [a + b for a, b in pairs]
    cotangent = 1 / {xp}.tan(math.pi * (x - {xp}.round(x)))
    mirrored = {xp}.zeros_like(x)
    for c in reversed(terms):
        mirrored = mirrored * cotangent + c
    return {xp}.where(x < 0.5, (-1) ** k * value - math.pi * mirrored, value)
""",
    "_BERNOULLI": """_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
""",
}
