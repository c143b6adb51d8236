"""Equations with large numbers inside: true ones are never refuted, and false ones by however little are."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from tests.machine import sweep

KINDS = {
    **dict.fromkeys("st", "scalar"),
    "p": "scalar(positive)",
    **dict.fromkeys("xy", "vector(n)"),
    **dict.fromkeys("AB", "matrix(n, n)"),
    "S": "spd(n)",
}

#: Equal, beside numbers so large that floating point sees a difference.
TRUE = [
    ("cosh(40 s)^2 - sinh(40 s)^2", "1"),
    ("exp(60 s)*exp(-60 s)", "1"),
    ("(s+10^8)^2 - (s - 10^8)^2", "4*10^8*s"),
    ("log(exp(300 s))", "300 s"),
    ("(10^6 + s)^3 - 10^18 - 3*10^12*s - 3*10^6*s^2", "s^3"),
    ("tr(expm(20 A) expm(-20 A))", "tr(eye(n)) + 0 tr(A)"),
    ("det(100 A)", "100^n det(A)"),
    ("sin(1000 s)^2 + cos(1000 s)^2", "1"),
    ("10^9 tan(atan(s))", "10^9 s"),
    ("sigmoid(50 s) + sigmoid(-50 s)", "1"),
    ("softplus(80 s) - softplus(-80 s)", "80 s"),
    ("||10^6 x + y||^2 - ||10^6 x - y||^2", "4*10^6 x^T y"),
    ("logsumexp(x + 900 ones(n)) - 900", "logsumexp(x)"),
    ("softmax(x + 500 ones(n))", "softmax(x)"),
    ("(A + 10^5 B)(A - 10^5 B)", "A A - 10^5 A B + 10^5 B A - 10^10 B B"),
    ("tanh(30 s)", "2 sigmoid(60 s) - 1"),
    ("exp(30 s) + exp(-30 s)", "2 cosh(30 s)"),
    ("log(cosh(90 s))", "90 s + log(1 + exp(-180 s)) - log(2)"),
    ("(1 + 10^-9 s)^2", "1 + 2*10^-9 s + 10^-18 s^2"),
    ("logdet(10^6 S)", "logdet(S) + n log(10^6)"),
    ("(s^8 - t^8)", "(s-t)(s+t)(s^2+t^2)(s^4+t^4)"),
    ("1/(10^7 + s) - 1/(10^7 - s)", "-2 s/(10^14 - s^2)"),
    ("sqrt(10^20 p^2)", "10^10 p"),
    ("tr((A + 10^4 I)^2)", "tr(A^2) + 2*10^4 tr(A) + 10^8 n"),
    ("10^8 inv(10^8 S)", "inv(S)"),
    ("exp(s)^50", "exp(50 s)"),
    ("sinh(100 s)/cosh(100 s)", "tanh(100 s)"),
    ("cos(2*10^5 s)", "1 - 2 sin(10^5 s)^2"),
    ("expm1(100 s)", "exp(100 s) - 1"),
    ("erf(20 s) + erfc(20 s)", "1"),
    ("(x^T x)^10", "||x||^20"),
    ("tr(A^6)", "tr(A^3 A^3)"),
    ("sum(exp(50 x) .* exp(-50 x))", "n"),
    ("det(expm(30 S))", "exp(30 tr(S))"),
    ("atanh(tanh(s))", "s"),
    ("asinh(sinh(25 s))", "25 s"),
    ("log(p^100)", "100 log(p)"),
    ("(s + t)^12", "((s+t)^3)^4"),
    ("max(10^9 s, 10^9 t)", "10^9 max(s, t)"),
]

#: Different, by what floating point does not see.
FALSE = [
    ("cosh(40 s)^2 - sinh(40 s)^2", "1 + 10^-30"),
    ("exp(60 s)*exp(-60 s)", "1 + 10^-25 s"),
    ("(s+10^8)^2 - (s - 10^8)^2", "4*10^8*s + 10^-9"),
    ("log(exp(300 s))", "300 s + 10^-40"),
    ("(10^6 + s)^3 - 10^18 - 3*10^12*s - 3*10^6*s^2", "s^3 + 10^-12 s"),
    ("sin(1000 s)^2 + cos(1000 s)^2", "1 + 10^-18"),
    ("sigmoid(50 s) + sigmoid(-50 s)", "1 + exp(-900)"),
    ("softplus(80 s) - softplus(-80 s)", "80 s + exp(-500)"),
    ("||10^6 x + y||^2 - ||10^6 x - y||^2", "4*10^6 x^T y + 10^-10"),
    ("logsumexp(x + 900 ones(n)) - 900", "logsumexp(x) + exp(-800)"),
    ("softmax(x + 500 ones(n))", "softmax(x + exp(-300) y)"),
    ("(A + 10^5 B)(A - 10^5 B)", "A A + 10^5 A B - 10^5 B A - 10^10 B B"),
    ("tanh(30 s)", "2 sigmoid(60 s + 10^-20) - 1"),
    ("exp(30 s) + exp(-30 s)", "2 cosh(30 s + 10^-30)"),
    ("(1 + 10^-9 s)^2", "1 + 2*10^-9 s"),
    ("logdet(10^6 S)", "logdet(S) + n log(10^6 + 10^-30)"),
    ("(s^8 - t^8)", "(s-t)(s+t)(s^2+t^2)(s^4+t^4 + 10^-20)"),
    ("1/(10^7 + s) - 1/(10^7 - s)", "-2 s/10^14"),
    ("tr((A + 10^4 I)^2)", "tr(A^2) + 2*10^4 tr(A) + 10^8 n + 10^-20"),
    ("exp(s)^50", "exp(50 s + 10^-35)"),
    ("sinh(100 s)/cosh(100 s)", "tanh(100 s) + exp(-1500)"),
    ("erf(20 s) + erfc(20 s)", "1 + 10^-22 s"),
    ("tr(A^6)", "tr(A^3 (A^T)^3)"),
    ("det(expm(30 S))", "exp(30 tr(S) + 10^-28)"),
    ("log(p^100)", "100 log(p + 10^-30)"),
    ("gamma(p + 20)/gamma(p + 19)", "p + 19 + 10^-21"),
    ("max(10^9 s, 10^9 t)", "10^9 max(s, t + 10^-25)"),
    ("relu(s - 10^7)", "0 s"),
    ("where(s > 10^8, s, 0)", "0 s"),
    ("abs(s + 10^6)", "s + 10^6"),
    ("sqrt(s^2)", "s"),
    ("log(s^2)", "2 log(s) + 10^-30"),
    ("norm(x)^2", "x^T x + exp(-2000)"),
    ("tr(A B)", "tr(A B) + 10^-30 tr(B A)"),
    ("A B A", "A B A + 10^-25 B"),
    ("inv(S)", "inv(S + 10^-30 I)"),
    ("expm(A)", "expm(A + 10^-25 B)"),
    ("s/(1 + 10^-30 s)", "s"),
    ("f(s) f(t)", "f(t) f(s) + 10^-30"),
    ("sum(erf(x))", "sum(erf(x + 10^-30 y))"),
    ("kron(A, B)", "kron(A, B + 10^-28 A)"),
    ("det(A)", "det(A + 10^-28 B)"),
    ("norm_nuc(A)", "norm_nuc(A + 10^-28 B)"),
    ("logsumexp([x; 700])", "700 + sum(exp(x - 701 ones(n)))"),
    ("cumsum(x)", "cumsum(x) + 10^-27 x"),
    ("mean(x)", "mean(x) + 10^-27"),
    ("var(x)", "var(x) + 10^-27"),
]


def verdict(left: str, right: str) -> str:
    names = set(re.findall(r"\b[A-Za-z]\b", f"{left} {right}"))
    return mc.equal(left, right, {n: kind for n, kind in KINDS.items() if n in names}).verdict


@sweep(3)
@pytest.mark.parametrize(("left", "right"), TRUE)
def test_true_ones_are_proved(left: str, right: str) -> None:
    assert verdict(left, right) == "proved"


@sweep(3)
@pytest.mark.parametrize(("left", "right"), FALSE)
def test_false_ones_are_refuted(left: str, right: str) -> None:
    assert verdict(left, right) == "refuted"
