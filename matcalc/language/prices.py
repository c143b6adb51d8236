"""What it costs to read a text in a way that is less likely, in hundredths of a letter that is read against its convention.

What a name costs by its letter is in `kinds.kinds`, by its word in code in `foreign.common.costs`, and that of a function that
nobody defined in `undefined.open_kinds`. `tests/language/prices.txt` has texts for these that would be read otherwise without them.
"""

# fmt: off

# What stands in front of numbers, and sums.
AGAINST_LETTER            = 300   # a name read against its letter where a product, a power or a quotient needs it
NOT_A_COEFFICIENT         = 370   # an array in front of a number: of a letter for counts,
CAPITAL_BEFORE_NUMBER     = 100   # of another capital,
VECTOR_BEFORE_NUMBER      = 200   # of u … z where all else is a number,
LETTER_OF_NUMBER          = 200   # of a letter of scalars,
COUNT_BEFORE_ENTRIES      = 80    # an array N_k in front of a function of the entries of a member, log(pi_k),
ARRAY_BEFORE_IDENTITY     = 500   # before an identity
BROADCAST                 = 300   # a number spread over the entries of an array,
BROADCAST_OF_NAME         = 150   # more where it is a name: it takes the shape of the other terms,
BROADCAST_BESIDE_IDENTITY = 400   # more beside an identity: a multiple of it was meant
ARRAY_OBJECTIVE           = 300   # an array beside what is a number by its form, in the sum that the whole is: an objective
TERM_AS_NUMBER            = 100   # a capital as a number in a sum where nothing else shows that it is one

# Operators and functions.
SCALAR_TRANSPOSED         = 350   # the transpose of a number,
FORMULA_TRANSPOSED        = 700   # of a whole formula in brackets
ARRAY_SUMMED              = 120   # an array for each value of an index, summed
ARRAYS_STACKED            = 120   # an array for each index of a result: z_i is rather a number
SCALAR_AS_ARRAY           = 400   # a number in a function of arrays,
SCALAR_AS_SQUARE          = 1000  # in one of square matrices,
SCALAR_IN_NORM            = 250   # in a norm
ARRAY_TIMES_SCALAR_LETTER = 450   # a row or matrix before a letter of scalars: x^T a and A (b + c) end in vectors
POTENTIAL_AS_ARRAY        = 330   # the value of U(x) or V(x), a potential, as an array,
STEP_AS_VECTOR            = 460   # t in t d as a vector in front of a number,
NUMBER_BEHIND             = 100   # a number behind an array, by other letters
MEMBER_BEHIND             = 220   # a member of a family as a number behind an array: x_i y_i
QUOTIENT_OF_COUNTS        = 450   # P / N as a matrix over a number
FACTORIALS_OF_ENTRIES     = 250   # the factorial of an array
ENTRIES_IN_BARS           = 150   # the absolute values of entries in bars, where an array is expected,
ENTRIES_IN_BARS_ALONE     = 250   # where none is
LENGTH_IN_BARS            = 420   # the length of a column in single bars,
LENGTH_IN_BARS_EXPECTED   = 200   # more where an array is expected
COLUMN_AT                 = 60    # x @ A for x^T A
NUMBER_AT                 = 600   # a number beside @
COLUMN_CONTRACTED_TWICE   = 900   # a column or a number beside the colon of A : B, which contracts two axes
MATRIX_TO_LETTER          = 250   # K^alpha of a matrix
POWER_OF_VALUES           = 250   # sin^2(x) of an array, entry by entry
MUCH_CHEAPER              = 100   # the power of a matrix that was hardly meant, over that of its entries
NUMBER_IN_KRON            = 300   # a number in a Kronecker product,
HADAMARD_OF_NUMBERS       = 400   # two numbers with .* between them
OUTER_INVERTED            = 400   # det(x y^T) and (x y^T)^-1
DOT_OF_COLUMNS            = 50    # a dot of two columns,
DOT_OF_NUMBER             = 120   # of a number and a column,
ARRAY_AMONG_NUMBERS       = 200   # where the terms beside it are numbers
DOT_OF_LENGTHS            = 1200  # a number in a·b / (|a| |b|)
LETTER_AS_ROW             = 280   # a letter of scalars as a row, beside what it costs as a column
PLAIN_AS_ARRAY            = 250   # a plain letter that is no number, where the vectors are bold
ARRAY_AMONG_POWERS        = 600   # a small letter that is no number, where nothing is an array and a letter is raised: x^2 y + sin(x y)
MEASURED_ALONE            = 25    # a bold letter in bars alone, where it is all that is said
DOTTED_AS_MATRIX          = 150   # a bold capital beside a dot as a matrix

# Whole forms.
NUMBER_IN_TRACE             = 560   # a number first or last in a trace,
NUMBER_AMONG_GREEK          = 900   # in a product of Greek letters there: rho log(sigma)
MATRIX_AMONG_NUMBERS        = 900   # a matrix where the letters show a number
NO_MATRIX_BETWEEN           = 900   # what else than a matrix stands between a transposed column and that column
EXPONENTIAL_OF_COLUMN       = 1500  # e^x of a column,
EXPONENTIAL_OF_MATRIX       = 300   # of a matrix,
EXPONENTIAL_OF_LETTERS      = 700   # of letters that are arrays,
EXPONENTIAL_OF_SHOWN_COLUMN = 50    # of a column that other places show,
EXPONENTIAL_OF_PRODUCT      = 150   # of a product,
EXPONENTIAL_OF_CAPITAL      = 470   # of a capital before an array: in e^{-t L} u it may be a number, too
NUMBER_FOR_COLUMN           = 250   # a number in e^x inside of an inner product

# Functions that nobody defined.
SEVERAL_ARRAYS      = 100   # an undefined function of several arrays applied to their entries,
NO_MATRIX_AMID      = 150   # no matrix as the middle of q^T M(q) q,
NOT_A_NUMBER        = 150   # an array in a function that is declared as one of scalars,
COLUMN_OF_PARAMETER = 160   # mu(theta) as a column for a number theta,
ARRAY_AS_QUANTILE   = 600   # an array in N(d_1) and Φ(d_1),
ARRAY_IN_FRONT      = 370   # C(k) in front of exp(…) as an array,
TIME_AS_COLUMN      = 250   # t in f(t) as a column

# Choices.
NEAR = 200   # a reader is told of other readings that cost so little more,
ASK  = 50    # and is asked where they cost so little more

# Code.
CODE_NEAR              = 100   # a reader is told that a name of numbers may be an array, where that costs so little more
CODE_SPREAD            = 10    # a number spread over an array in a function of entries,
CODE_SPREAD_IN_SUM     = 80    # inside of a sum,
CODE_TERM              = 60    # as a term,
CODE_NAME              = 120   # as a name,
CODE_PRODUCT           = 200   # as a product
CODE_NUMBER_BY_NAME    = 100   # an array beside what is a number by its name,
CODE_COUNT             = 160   # beside a count
CODE_OUTER             = 120   # an outer product
CODE_LOSS_TIMES_ARRAY  = 150   # a loss times an array,
CODE_COEFFICIENT       = 10    # an array that stands like a coefficient,
CODE_TIMES_SUM         = 110   # an array times a sum
CODE_MASKED            = 350   # a mask as a number
CODE_INNER_IN_SUM      = -400  # the sum of a number, which is lost elsewhere
CODE_LOSS_AMONG_ARRAYS = 300   # a loss in a sum of arrays,
CODE_LOSS_OVER_ARRAY   = 150   # over an array
CODE_ALONG_NO_MATRIX   = 150   # a sum along an axis of what is no matrix
CODE_NAME_OVER_NAME    = 60    # a name over a name of arrays
CODE_FORM_AMONG_ARRAYS = 170   # a quadratic form in a sum of arrays

# Axes of the names in Python code.
AXES_ASK                   = 60    # a reader is asked where another reading costs so little more
AXES_ONE_MORE_SMALL_MATRIX = 30    # a further matrix in small letters: an author writes others so
AXES_STEMS_DIFFER          = 60    # names of one stem with different axes
AXES_NO_PRODUCT            = 600   # a product with a number,
AXES_NO_MATRIX             = 400   # an array of one axis where a matrix is needed,
AXES_NO_AXIS               = 300   # an axis that is not there: errors of NumPy
AXES_DOT_OF_NUMBER         = 400   # the dot of a number
AXES_TARGET_SPREAD         = 250   # a target spread over rows,
AXES_PRODUCT_SPREAD        = 250   # a product,
AXES_NUMBER_SPREAD         = 100   # a name as a number,
AXES_COMPUTED_SPREAD       = 20    # what is computed,
AXES_LOSS_SPREAD           = 250   # a loss beside an array,
AXES_BESIDE_IDENTITY       = 500   # beside an identity,
AXES_LOSS_OVER_ARRAY       = 200   # over an array,
AXES_CONSTANT_TIMES_ARRAY  = 200   # a constant such as log(2 pi) times an array,
AXES_DIVISOR_SPREAD        = 130   # a divisor,
AXES_SMALL_DIVISOR         = 80    # more in small letters,
AXES_FACTOR_SPREAD         = 60    # a factor
AXES_TURNED_VECTOR         = 15    # the transpose of an array of one axis
AXES_REDUCED_NUMBER        = 100   # the sum of a number
AXES_LOSS_AS_ARRAY         = 80    # a loss that is an array,
AXES_LOSS_OF_LOSSES        = 400   # where it is fit + lam * penalty
AXES_WORD_SPREAD           = 150   # a word, whose spelling says nothing of its axes, as a vector beside a matrix,
AXES_WORD_AS_NUMBER        = 40    # as a number
AXES_TIMES_TURNED_VECTOR   = 150   # x @ y.T of arrays of one axis, which is no outer product,
AXES_VECTOR_IN_FRONT       = 50    # x @ A of names, where x is rather the data
AXES_ONLY_AXIS             = 230   # x.mean(axis=0) of an array that has no other axis,
AXES_REDUCED_TWICE         = 600   # the mean of a number that is a sum along the only axis
AXES_ARRAY_BY_NAME         = 60    # a name that costs so much as a number is an array
# fmt: on
