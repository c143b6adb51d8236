"""What functions are called elsewhere."""

from __future__ import annotations

__all__ = ["ELSEWHERE", "FOREIGN", "KEYWORDS"]

#: Frequent names of functions elsewhere, and what they are called here.
ELSEWHERE = {
    "ln": "log",
    "Tr": "tr",
    "TR": "tr",
    "Trace": "tr",
    "dot": "inner",
    "norm_2": "norm2",
    "norm_1": "norm1",
    "l1": "norm1",
    "l2": "norm2",
    "transpose": "X^T",
    "Transpose": "X^T",
    "hadamard": "A .* B",
    "dotprod": "inner",
    "determinant": "det",
    "identity": "eye",
    "logistic": "sigmoid",
    "power": "pow",
    "sgn": "sign",
    "fabs": "abs",
    "matmul": "A B",
    "cross": "[0, -x[3], x[2]; x[3], 0, -x[1]; -x[2], x[1], 0] y",
    "eig": "eigvals",
    "eigh": "eigvals",
    "svd": "svdvals",
    "reshape": "unvec(v, m, n)",
    "clip": "min(max(x, a), b)",
    "clamp": "min(max(x, a), b)",
    "leaky_relu": "max(x, a * x)",
    "relu6": "min(max(x, 0), 6)",
    "log_sigmoid": "-softplus(-x)",
    "logsigmoid": "-softplus(-x)",
    "zeta": "a name: there is no zeta function, a product is zeta * (…)",
    "log_2": "log2",
    "log_10": "log10",
    "lambda_max": "eigmax",
    "lambda_min": "eigmin",
    "sigma_max": "norm_spec",
    "sigma_min": "min(svdvals(X))",
    "hadamard_product": "A .* B",
    "HadamardProduct": "A .* B",
}

#: Words of programs.
KEYWORDS = frozenset("def else for fun function if ifelse import in let not or return then while with".split())

#: Functions of other languages and signs of analysis that have no counterpart here: no functions that nobody defined.
FOREIGN = KEYWORDS | frozenset(
    """
    Derivative Diff Integral Integrate Limit Series Solve Simplify Subs diff differentiate derivative derive grad gradient
    hess hessian integral integrate jac jacobian lim limit nabla series simplify solve subs taylor
    Cov Expectation Var Prob Pr Corr KL MI bias corr corrcoef cov covariance expectation kl median mode moment
    percentile prob probability quantile
    cdist cosine_similarity pairwise_distances pdist pdist2 dmvnorm mvnpdf normpdf normcdf rnorm runif accumarray circshift cellfun
    arrayfun mapslices eachrow eachcol sapply lapply vapply Reduce Filter backsolve forwardsolve sweep crossval histcounts
    all any append arange argmax argmin argsort array asarray astype cat ceil colsum concat concatenate conv conv1d
    conv2d convolve cummax cummin cumprod cumsum dct dropout dst dwt einsum empty enumerate expand fft fft2 fftn
    fftshift filter fix flatten flip float floor fmod full gather hstack idct ifft ifft2 ifftn ifftshift index int
    interp interp1 irfft isinf isnan item len length linspace list logical map meshgrid mod nnz numel nonzero normal
    ones_like permute permutedims polyfit polyval print rand randi randint randn range rank ravel reduce rem repeat
    repmat rfft roll rot90 round rowsum scatter select shape size sort sorted split sprand squeeze stack sub2ind
    summation swapaxes table tensor tensordot tile to topk trapz tril_indices triu_indices tuple uniform unique
    unsqueeze view vstack zeros_like zip
    """.split()
)
