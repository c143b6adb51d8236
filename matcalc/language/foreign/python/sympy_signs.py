"""The signs by which SymPy's matrices in Python code are told from arrays."""

from __future__ import annotations

from matcalc.patterns import pattern

__all__ = ["is_symbolic"]

_SIGNS = pattern(
    r"\bMatrixSymbol\b|\bMatrix\(\[|\bsymbols\(|\b(?:Trace|Inverse|Determinant|Transpose|MatMul|MatAdd|MatPow|OneMatrix|Identity|HadamardProduct|KroneckerProduct|hadamard_product|kronecker_product)\("
    r"|\.I\b|\.applyfunc\(|\.inv\(\)|\.(?:diff|doit|as_explicit|simplify)\(|\bdiff\(|\.T\s*\*(?!\*)|\*\s*[A-Za-z]\w*\.T\b"
)
#: What arrays have, but matrices of symbols have not.
_ARRAYS = pattern(
    r"@|\b(?:np|numpy|jnp|torch|tf|scipy|F|nn|math)\.|\.(?:sum|mean|dot|pow|t|exp|log|norm|abs|shape|size|reshape|clamp|matmul)\b"
    r"|\bSum\(|\b(?:axis|dim|keepdims?)\s*=|\[\s*:|\bNone\b"
)
#: sp.exp(x) is exp(x), no method of an array.
_MODULE = pattern(r"(?<![\w.])(?:sp|sympy)\.(?=[a-z])")


def is_symbolic(text: str) -> bool:
    """Whether it is SymPy's: a sign of it, and none of arrays."""
    return _SIGNS.search(text) is not None and _ARRAYS.search(_MODULE.sub("", text)) is None
