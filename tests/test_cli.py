"""The command line as a person types it: what is printed, where, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from matcalc.command.program import main


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=text)


def lines(result: Result) -> dict[str, str]:
    """label -> first line of its text"""
    found: dict[str, str] = {}
    for line in result.output.splitlines():
        label, _, text = line.partition("  ")
        if label.strip():
            found.setdefault(label.strip(), text.strip())
    return found


def test_the_main_job() -> None:
    result = run("diff", "tr(X^T A X)")
    assert result.exit_code == 0
    shown = lines(result)
    assert shown["variable"].startswith("X")
    assert shown["where"] == "X: matrix(n, k), A: matrix(n, n)  (inferred)"
    assert shown["df"] == "tr(X^T (A + A^T) dX)"
    assert shown["gradient"] == "(A + A^T) X"
    assert shown["check"].startswith("verified at 3 random points")


def test_order_where_and_variable() -> None:
    shown = lines(run("diff", "log(det(S))", "--wrt", "S", "--where", "S: spd(n)", "--order", "2"))
    assert shown["Hessian"] == "dG = -S^-1 dS S^-1"
    assert "inferred" not in shown["where"]
    assert "holds if" not in shown


def test_a_jacobian_shows_operator_and_vec_form() -> None:
    shown = lines(run("diff", "A X B", "-w", "X"))
    assert shown["Jacobian"] == "dF = A dX B"
    assert shown["vec form"] == "B^T ⊗ A"


def test_mixed_derivative() -> None:
    result = run("diff", "x^T A y", "-w", "x", "-w", "y")
    assert result.exit_code == 0
    assert " A" in result.output


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("latex", r"(A + A^{\top}) X"),
        ("unicode", "(A + Aᵀ) X"),
        ("mathml", "<math"),
    ],
)
def test_formats(form: str, expected: str) -> None:
    result = run("diff", "tr(X^T A X)", "--format", form)
    assert result.exit_code == 0 and expected in result.output


def test_json_carries_everything() -> None:
    body = json.loads(run("diff", "tr(X^T A X)", "--format", "json").output)
    assert body["expr"] == "tr(X^T A X)"
    assert body["wrt"] == ["X"]
    assert body["where"] == {"X": "matrix(n, k)", "A": "matrix(n, n)"}
    assert body["shape"] == ["n", "k"]
    assert body["differential"] == "tr(X^T (A + A^T) dX)"
    assert body["derivative"]["text"] == "(A + A^T) X"
    assert body["derivative"]["latex"] == r"(A + A^{\top}) X"
    assert "def " in body["derivative"]["numpy"]
    assert body["check"]["ok"] is True


def test_numpy_format_is_code_that_runs() -> None:
    source = run("diff", "||A x - b||^2", "--format", "numpy").output
    compile(source, "printed", "exec")


def test_standard_input_and_a_leading_minus() -> None:
    assert lines(run("diff", "-", text="tr(X)\n"))["gradient"] == "I"
    assert lines(run("diff", "-x^T x"))["gradient"] == "-2 x"
    assert lines(run("diff", "-x^T x", "--no-check", "-w", "x"))["gradient"] == "-2 x"


def test_no_check_leaves_the_line_out() -> None:
    assert "check" not in lines(run("diff", "tr(X)", "--no-check"))


# arguments, words of the message, the caret line's text above it
FAULTS = [
    (["diff", "tr(X^T A X"], "never closed", "^"),
    (["diff", "A x + x where A: matrix(m, n), x: vector(n)"], "cannot add", "^"),
    (["diff", "sofmax(x)"], "did you mean softmax?", "^^^^^^"),
    (["diff", "x^T A x", "--wrt", "z"], "z is not a variable", ""),
    (["diff", "a + b"], "which variable", ""),
    (["diff", "A B where A: matrix(m, n), B: matrix(m, n)"], "cannot multiply", "^"),
    (["diff", ""], "empty", ""),
    (["check", "x^T x", "--wrt", "x", "--claim", "2 x x^T"], "the claim is n x n", ""),
    (["functions", "sofmax"], "did you mean softmax?", ""),
    (["diff", "x^T x", "--where", "x: vectr(n)"], "did you mean vector?", "^"),
]


@pytest.mark.parametrize(("args", "message", "caret"), FAULTS, ids=[" ".join(row[0])[:40] for row in FAULTS])
def test_bad_input_is_explained(args: list[str], message: str, caret: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert message in result.output and caret in result.output
    assert "Traceback" not in result.output
    assert result.output.startswith("error: ")


def test_errors_as_json() -> None:
    result = run("diff", "tr(X", "--format", "json")
    assert result.exit_code == 2
    assert json.loads(result.output)["error"]["span"] == [2, 3]


def test_check_says_right_or_wrong() -> None:
    right = run("check", "tr(X^T A X)", "--wrt", "X", "--claim", "(A + A^T) X")
    assert right.exit_code == 0 and "verified" in right.output
    wrong = run("check", "x^T A x", "--wrt", "x", "--claim", "2 A x")
    assert wrong.exit_code == 1 and "REFUTED" in wrong.output
    assert run("check", "A X B", "--wrt", "X", "--claim", "dF = A dX B").exit_code == 0
    assert run("check", "A X B", "--wrt", "X", "--claim", "B^T ⊗ A").exit_code == 0
    assert run("check", "A X B", "--wrt", "X", "--claim", "A ⊗ B^T").exit_code in (1, 2)
    assert run("check", "||A x - b||^2", "--wrt", "x", "--order", "2", "--claim", "2 A^T A").exit_code == 0
    assert run("check", "det(I + x x^T)", "--wrt", "x", "--order", "2", "--claim", "2 I").exit_code == 0


def test_check_is_reproducible_from_its_seed() -> None:
    args = ("check", "logdet(X)", "--wrt", "X", "--seed", "11", "--trials", "5", "--format", "json")
    first, second = run(*args).output, run(*args).output
    assert first == second and json.loads(first)["trials"] == 5


def test_equal() -> None:
    assert run("equal", "tr(A B)", "tr(B A)").output.startswith("proved")
    refuted = run("equal", "tr(A B)", "tr(A B^T)")
    assert refuted.exit_code == 1 and refuted.output.startswith("refuted")


def test_functions_lists_and_describes() -> None:
    assert "softmax" in run("functions").output
    assert "commutation(m, n)" in run("functions", "K").output
    about = run("functions", "logdet").output
    assert "tr(X^-1 dX)" in about and "M&N" in about


def test_help_has_examples() -> None:
    for command in ("diff", "check", "equal", "code", "explain"):
        assert f"matcalc {command}" in run(command, "--help").output


def test_python_m_matcalc_and_pipes_without_colour() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "matcalc", "diff", "tr(X)", "--no-check"], capture_output=True, text=True, check=True
    )
    assert "gradient  I" in done.stdout and "\x1b" not in done.stdout


def test_importing_matcalc_imports_neither_sympy_nor_numpy() -> None:
    program = "import matcalc, sys; print(sorted({'sympy', 'numpy'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


#: What a derivative in the terminal loads: modules of the package, and of others that it can do without.
MOST_MODULES = 320
NEVER_LOADED = {"sympy", "numpy", "json", "html", "base64", "difflib"}


def after_a_derivative(then: str, before: str = "") -> list[str]:
    """The words that a process prints after it printed a derivative."""
    program = (
        f"import sys; {before}\n"
        "from matcalc.command.program import main\n"
        "try: main(['diff', 'tr(X^T A X)', '--no-check'])\n"
        f"except SystemExit: print('words:', {then})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    mark, *words = done.stdout.splitlines()[-1].split()
    assert mark == "words:" and "gradient" in done.stdout
    return words


def test_a_derivative_loads_few_modules() -> None:
    """What a start loads is what it takes: the time depends on the machine, the modules do not."""
    loaded = after_a_derivative("*sys.modules")
    assert "matcalc.calculus.derivative" in loaded
    assert not NEVER_LOADED & set(loaded)
    assert sum(name.startswith("matcalc") for name in loaded) <= MOST_MODULES


def test_no_data_class_of_a_start_is_one_of_the_library() -> None:
    """Each of those takes half a millisecond when its module is loaded."""
    recorded = (
        "import dataclasses; made = []; process = dataclasses._process_class; "
        "dataclasses._process_class = lambda cls, *rest: made.append(cls) or process(cls, *rest)"
    )
    names = after_a_derivative("'of', *(c.__name__ for c in made if c.__module__.startswith('matcalc'))", recorded)
    assert names == ["of"]


def test_an_ascii_terminal_gets_ascii() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "matcalc", "diff", "A X B", "-w", "X", "--no-check"],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert b"kron(B^T, A)" in done.stdout


def test_code_as_pseudocode() -> None:
    result = run("code", "||A x - b||^2", "--wrt", "x", "--target", "latex")
    assert result.exit_code == 0
    assert result.output.splitlines()[-3:] == [
        r"\begin{aligned}",
        r"\text{result} &= 2 (A^{\top} (A x - b))",
        r"\end{aligned}",
    ]
