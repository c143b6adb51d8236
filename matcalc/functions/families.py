"""The functions by family, in the order in which they are listed: those for users first, then the parts of answers."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.functions.table import FUNCTIONS, Function

__all__ = ["FAMILIES", "PARTS", "families"]

#: family -> its functions
FAMILIES: dict[str, str] = {
    "Exponentials and logarithms": "exp log log1p expm1 log2 log10 exp2 logaddexp sqrt cbrt pow hypot",
    "Circular and hyperbolic": "sin cos tan sec csc cot asin acos atan atan2 sinh cosh tanh sech csch coth asinh acosh atanh logcosh",
    "Complex numbers": "conj re im",
    "Piecewise": "abs sign step relu max min huber floor ceil round where greater at_least equals differs",
    "Sigmoids and activations": "sigmoid softplus silu gelu",
    "Special functions": "erf erfc erfinv log_ndtr gamma lgamma beta factorial digamma trigamma polygamma",
    "Reductions": "sum mean prod var std cov cumsum cumprod logsumexp softmax logsoftmax entropy kl",
    "Linear": "tr vec vech unvec diag inner outer kron khatri_rao blocktrace partial_trace sym skew triu tril toeplitz circulant conv",
    "Constants": "ones zeros eye e vector matrix commutation duplication elimination",
    "Norms": "norm norm1 norm2 norm_inf norm_nuc norm_spec normalize",
    "Products and inverses": "inv pinv solve adj det logdet quad sylvester",
    "Spectral": "eigmax eigmin eigvals svdvals chol",
    "Matrix functions": "expm logm sqrtm sinm cosm tanm sinhm coshm tanhm signm funm",
}

#: Names for parts of the engine's answers, which may be typed, too.
PARTS = {
    "Parts of answers": (
        "argmax argmin eigvecs eigvec_max eigvec_min eig_gaps resolvent_max resolvent_min svd_u svd_v svd_u_max svd_v_max "
        "svd_gaps frechet_expm frechet_logm frechet_matpow frechet_adj frechet_sinm frechet_cosm frechet_signm kron_contract correlate diagonal_sums cyclic_sums tril_half softmax_all logsoftmax_rows "
        "logsumexp_rows logsumexp_weighted logsumexp_rows_weighted exp_share exp_share_rows inverse_mills log1mexp bose "
        "row_max row_min column_max column_min row_argmax row_argmin row_norm column_norm "
        "expm1m exp2m log1pm log2m log10m cbrtm sigmoidm softplusm silum logcoshm asinhm acoshm atanhm absm relum "
        "prod_others prod_rows prod_others_rows prod_others_along prod_others_rows_along cumprod_columns column_var row_var column_std row_std"
    )
}


def families() -> Iterator[tuple[str, list[Function]]]:
    """Each family with the rows of its functions; those that a user defined come first."""
    listed = {**FAMILIES, **PARTS}
    known = {name for names in listed.values() for name in names.split()}
    defined = [row for name, row in FUNCTIONS.items() if name not in known]
    if defined:
        yield "Defined here", defined
    for family, names in listed.items():
        yield family, [FUNCTIONS[name] for name in names.split()]
