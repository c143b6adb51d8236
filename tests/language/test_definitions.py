"""A definition in `where` means what its text means in its place: names in it are what they are without it."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.language import parse

#: Expressions with definitions, in the order in which each uses the ones before it.
DEFINED = """
x - mu where mu = mean(x)
sum((x - m).^2) where m = mean(x)
sum((x - mu).^2) / n where mu = mean(x)
sum(abs(x - m)) where m = mean(x)
sum((x - m).^3) / s^3 where m = mean(x), s = sqrt(mean((x - m).^2))
(x - m) / s where m = mean(x), s = sqrt(mean((x - m).^2))
(x - mu) / s where mu = mean(x), s = sqrt(mean((x - mu).^2) + epsilon)
g .* (x - m) / s + b where m = mean(x), s = sqrt(mean((x - m).^2) + epsilon)
exp(x - c) / sum(exp(x - c)) where c = max(x)
c + log(sum(exp(x - c))) where c = max(x)
x / z where z = sum(exp(x))
exp(x) / z where z = sum(exp(x))
log(z) - p^T x where z = sum(exp(x))
A x - s where s = sum(x)
x - a where a = x^T u
(x - p) / norm2(x - p) where p = (x^T u) u
r^T r where r = y - X beta
r^T W r where r = y - X beta
||r||^2 + lambda ||beta||^2 where r = y - X beta
sum(huber(r, c)) where r = y - X beta
s^2 + t where s = x^T x, t = s^3
t^2 where t = w^T x + b
h^T h where h = A x - b
v^T tanh(h) where h = W x + b
y^T h where h = tanh(W x + b)
-y^T log(p) - (1 - y)^T log(1 - p) where p = sigmoid(X w)
-sum(y .* log(p) + (1 - y) .* log(1 - p)) where p = sigmoid(X w)
logdet(K) + y^T K^-1 y where K = X X^T + s^2 I
1/2 y^T K^-1 y + 1/2 logdet(K) + n/2 log(2 pi) where K = S + sigma^2 I
logdet(C) + tr(C^-1 S) where C = W W^T + sigma^2 I
d^T S^-1 d where d = x - mu
exp(-q / 2) / sqrt(det(2 pi S)) where q = (x - mu)^T S^-1 (x - mu)
x + K (z - H x) where K = P H^T (H P H^T + R)^-1
(I - K H) P where K = P H^T (H P H^T + R)^-1
w^T mu / v where v = sqrt(w^T Sigma w)
(w^T mu - r) / v where v = sqrt(w^T Sigma w)
tr(M X) where M = A^T A
||u v^T - B||^2 where u = A x
s x + t y where s = x^T y, t = s^2
a x + b where a = x^T x
k c where k = x^T y, c = 2 k
x - mean(y) where y = 2 x
y + z where y = A x, z = B y
(x - m)^T (x - m) where m = mean(x) ones(n)
log(u) + u where u = x^T x + 1
f + f^2 where g = x^T x, h = sum(x), f = g + h
s x where s = x^T x
2 m where m = x
x - m where m = x[1]
D - d ones(n)^T - ones(n) d^T where d = diag(D)
H A H where H = eye(n) - ones(n, n) / n
""".strip().splitlines()


def inlined(text: str) -> str:
    """The expression with its definitions in their places."""
    body, _, where = text.partition(" where ")
    for definition in reversed(re.split(r", (?=\w+ = )", where)):
        name, _, value = definition.partition(" = ")
        body = re.sub(rf"\b{name}\b", f"({value})", body)
    return body


@pytest.mark.parametrize("text", DEFINED)
def test_a_definition_changes_no_kind(text: str) -> None:
    defined, plain = parse(text), parse(inlined(text))
    assert {n: d.shape for n, d in defined.declarations.items()} == {n: d.shape for n, d in plain.declarations.items()}
    assert defined.node is plain.node
    assert [n.code for n in defined.notes] == [n.code for n in plain.notes]


@pytest.mark.parametrize(
    "text", ["x y where x = u, y = v", "x^T y / z where z = y^T", "x + A where A = B C, x = A^-1 y"]
)
def test_a_definition_makes_nothing_legible(text: str) -> None:
    for source in (text, inlined(text)):
        with pytest.raises(MatcalcError):
            parse(source)


def test_centring_is_differentiated() -> None:
    assert str(mc.jacobian("x - mu where mu = mean(x)", "x")) == "I - ones(n, n) / n"
    assert str(mc.gradient("sum((x - m).^2) where m = mean(x)", "x")) == "2 (x - m)\nwhere m = mean(x)"
