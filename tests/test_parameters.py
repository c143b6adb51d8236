"""Where no variable is named: the parameter of a model beside its data, X, x, or a question."""

import pytest

import matcalc as mc
from matcalc.errors import DeclarationError

CHOSEN = [
    # text, the variable, whether a note says so
    (r"\|y - X\beta\|^2", "beta", True),
    (r"\|XW - Y\|_F^2 + \lambda\|W\|_F^2", "W", True),
    (r"(y-X\beta)'\Omega^{-1}(y-X\beta)", "beta", True),
    ("e'e where e = y - X b", "b", True),
    (r"\sum_{i=1}^n \log(1+e^{-y_i w^T x_i})", "w", True),
    (r"\frac{1}{2m}\sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})^2", "theta", True),
    ("J = ||y - X w - b||^2", "w", True),
    ("f(X) = ||y - X w||^2", "X", False),
    ("tr(X^T A X)", "X", False),
    ("||A x - b||^2", "x", False),
    ("||M - X Y||^2", "X", False),
    ("||y - X v||^2", "X", False),
]


@pytest.mark.parametrize(("text", "variable", "noted"), CHOSEN, ids=[text for text, *_ in CHOSEN])
def test_the_variable_where_none_is_named(text: str, variable: str, noted: bool) -> None:
    derivative = mc.derivative(text)
    assert derivative.wrt == (variable,)
    assert ("parameter" in {note.code for note in derivative.notes}) == noted


def test_a_named_variable_needs_no_note() -> None:
    assert not mc.derivative("||y - X w||^2", "w").notes
    assert not mc.derivative("||y - X w||^2", "X").notes


def test_data_that_nobody_typed_are_no_silent_choice() -> None:
    with pytest.raises(DeclarationError, match="which variable"):
        mc.derivative(r"\sum_i \log(1 + e^{v^T x_i})")


def test_two_names_in_one_option_are_told_apart() -> None:
    with pytest.raises(DeclarationError, match="is not a variable") as caught:
        mc.derivative("tr(X Y)", "X,Y")
    assert "--wrt X --wrt Y" in str(caught.value)


def test_pi_beside_its_members_is_the_family_of_them() -> None:
    text = r"\sum_i \pi_i \log\frac{\pi_i}{q_i}"
    assert mc.derivative(text, "pi").wrt == ("pi_all",)
    assert mc.derivative(text, "pi_all").wrt == ("pi_all",)
