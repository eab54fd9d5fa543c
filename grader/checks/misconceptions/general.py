"""Known mistakes that belong to no formula: any function may contain them. The comparison itself recognises them."""

from __future__ import annotations

from grader.checks.misconceptions.record import ANY, Misconception

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        "no-return",
        ANY,
        says="The function returned nothing (None).",
        look="Is a `return` missing at its end, or is the result printed instead of returned?",
    ),
    Misconception(
        "modifies-inputs",
        ANY,
        says="The function changed an array that was handed to it.",
        look="Operators such as `+=` and `*=`, `out=` and assignments to elements work in place: compute new arrays instead.",
    ),
    Misconception(
        "moves-global-state",
        ANY,
        says="The function draws from a global random generator, or seeds it.",
        look="Nothing here needs randomness; whoever calls the function may rely on the global state.",
    ),
    Misconception(
        "not-numbers",
        ANY,
        says="Something comes back that is neither a number nor an array of numbers.",
        look="Compare what stands after `return` with the last part of the docstring.",
    ),
    Misconception(
        "autograd",
        ANY,
        says="Autograd was used where the derivative is to be written by hand.",
        look="torch may calculate, but not differentiate.",
    ),
    *(
        Misconception(f"term-{slug}", ANY, says, "Compare your sum with your derivation, term by term.")
        for slug, says in (
            ("missing", "A term is missing."),
            ("sign", "A term has the wrong sign."),
            ("factor", "A term has a wrong factor."),
            ("extra", "There is a term too many."),
            ("replaced", "One term stands where another one belongs."),
        )
    ),
    Misconception(
        "argument-unused",
        ANY,
        says="An argument plays no part in the result.",
        look="Is it missing from the formula, or replaced by something else?",
    ),
    Misconception(
        "differs-from-call-to-call",
        ANY,
        says="Two calls with the same arguments gave two results.",
        look="Does the function draw noise of its own (the noise is among the arguments), or keep something from one call to the next?",
    ),
    Misconception(
        "one-rank-only",
        ANY,
        says="The code is written for arrays with a certain number of axes.",
        look="It is called with numbers, vectors, matrices and more axes: operations on whole arrays do for all of them, and so does axis=-1.",
    ),
    Misconception(
        "if-on-array",
        ANY,
        says="An `if` asks a whole array a question that each of its elements answers differently.",
        look="np.where chooses element by element.",
    ),
    Misconception(
        "single-numbers-only",
        ANY,
        says="An array is put where only a single number may stand.",
        look="Look for `float(...)`, `int(...)` and functions of the module math: NumPy's functions take whole arrays.",
    ),
    Misconception(
        "matrix-product-shapes",
        ANY,
        says="The shapes of a matrix product do not fit.",
        look="`@` sums over the inner axes, which must have one length: is one of the two to be transposed? Element by element is `*`.",
    ),
    Misconception(
        "result-in-argument-shape",
        ANY,
        says="A result is written into an array that is too small for it.",
        look="`+=`, `*=`, `out=` and `zeros_like` keep the shape of one array: broadcasting may ask for a larger one.",
    ),
    Misconception(
        "shapes-do-not-fit",
        ANY,
        says="Arrays are combined whose shapes do not fit each other.",
        look="Print the shapes before the line that raises: which axis is missing, or one too many?",
    ),
    Misconception(
        "reshape-does-not-fit",
        ANY,
        says="An array is given a shape that has room for another number of elements.",
        look="Print the size before the line that raises: which elements have been lost on the way, or should not be there?",
    ),
    Misconception(
        "pieces-of-different-shapes",
        ANY,
        says="Arrays of different shapes are put into one.",
        look="Arguments may have shapes of their own: go through them one by one, or broadcast them against each other first.",
    ),
    Misconception(
        "own-assertion",
        ANY,
        says="The function's own `assert` stops it at arguments that are allowed.",
        look="Which case does it rule out? The function has to deal with that one, too.",
    ),
    Misconception(
        "call-does-not-fit",
        ANY,
        says="A function is called with other arguments than it takes.",
        look="Compare the call with the function's first line; a tuple of parameters is passed on with a star.",
    ),
    Misconception(
        "unknown-name",
        ANY,
        says="A name is used that does not exist.",
        look="Check the spelling, and where the name gets its value.",
    ),
    Misconception(
        "endless-recursion",
        ANY,
        says="The function calls itself without an end.",
        look="Which call is the one that returns without another?",
    ),
    Misconception(
        "module-missing",
        ANY,
        says="A module is imported that is not there.",
        look="NumPy, torch and the standard library are; files of your own have to be handed in as well.",
    ),
    Misconception(
        "negative-scale",
        ANY,
        says="A negative number is handed over as a standard deviation.",
        look="sigma is never negative, but mu and log_var are: which of them stands in its place?",
    ),
    Misconception(
        "tuple-for-number",
        ANY,
        says="A tuple, such as a shape, stands where one whole number is needed.",
        look="A shape may have any number of axes, none at all included: hand it on as it is instead of counting with it.",
    ),
    Misconception(
        "shape-unpacked",
        ANY,
        says="The lengths of a shape are handed over one by one, and the second is taken for something else.",
        look="NumPy's generators take the whole shape as one argument: without a star before it.",
    ),
    Misconception(
        "reduced",
        ANY,
        says="The values are summed or averaged over an axis though each element has a value of its own.",
        look="Where does the code reduce an axis that should stay? The result keeps the shape that the handout gives it.",
    ),
    Misconception(
        "numpy-of-graph",
        ANY,
        says="A tensor that belongs to a graph is turned into a NumPy array.",
        look="Stay in torch: autograd cannot follow NumPy.",
    ),
    Misconception(
        "wrong-shape",
        ANY,
        says="The result does not have the shape that is asked for.",
        look="Which shape has the noise when it is drawn, and what becomes of it until `return`?",
    ),
    Misconception(
        "more-than-asked",
        ANY,
        says="More values come back than are asked for; the right ones are among them.",
        look="Compare what stands after `return` with the last part of the docstring.",
    ),
    Misconception(
        "fewer-than-asked",
        ANY,
        says="Only one of the values that are asked for comes back.",
        look="Compare what stands after `return` with the last part of the docstring.",
    ),
    Misconception(
        "packed",
        ANY,
        says="The values are right, but packed into one array along its last axis.",
        look="Return them side by side, with a comma between them.",
    ),
    Misconception(
        "transposed",
        ANY,
        says="The values are right, but rows and columns have changed places.",
        look="Look for a `.T`, or for loops whose indices are exchanged.",
    ),
    Misconception(
        "rearranged",
        ANY,
        says="The numbers are right, their arrangement in an array is not.",
        look="Look for `ravel`, `reshape`, `squeeze`, `atleast_1d`, `keepdims` and for axes that are added with None.",
    ),
    Misconception(
        "sign",
        ANY,
        says="The sign is wrong.",
        look="Follow the signs through your derivation once more.",
    ),
    Misconception(
        "sign-lost",
        ANY,
        says="The sign is lost: what should be positive in some places and negative in others is the same everywhere.",
        look="Look for `abs`, for squares and for roots of squares.",
    ),
    Misconception(
        "constant-factor",
        ANY,
        says="A factor is missing, or there is one too many.",
        look="Follow the factors through your derivation once more.",
    ),
    Misconception(
        "constant-offset",
        ANY,
        says="A constant is missing, or there is one too many.",
        look="Follow the constants through your derivation once more.",
    ),
    Misconception(
        "clipped",
        ANY,
        says="Values beyond a bound are cut off.",
        look="Look for `clip`, `maximum` and `minimum`: the formula has no bounds.",
    ),
    Misconception(
        "rounded",
        ANY,
        says="The values are rounded to a few decimal places.",
        look="Round numbers where they are printed, not where they are computed.",
    ),
    Misconception(
        "single-precision",
        ANY,
        says="The values carry the seven digits of single precision, the inputs had sixteen.",
        look="Look for a `float32`, in NumPy's `astype` and `dtype=` as well as in torch's default dtype.",
    ),
    Misconception(
        "half-precision",
        ANY,
        says="The numbers went through half precision, which keeps three digits.",
        look="Look for `half` and `float16`.",
    ),
    Misconception(
        "whole-numbers",
        ANY,
        says="The values were cut to whole numbers.",
        look="Look for `int(...)`, an integer dtype, or `//` in place of `/`.",
    ),
    Misconception(
        "imprecise",
        ANY,
        says="Something on the way loses digits.",
        look="Look for rounding, for constants with few digits, for a small number that is added, and for a finite difference or a series where a "
        "formula is asked for.",
    ),
    Misconception(
        "constant",
        ANY,
        says="The function returns the same numbers whatever it is given.",
        look="Compute the result from the arguments.",
    ),
    Misconception(
        "extreme-values-altered",
        ANY,
        says="Ordinary values come out right, very small or very large ones do not.",
        look="Is something clipped, or a small constant added for safety? The formula needs neither. Or are two nearly equal numbers subtracted?",
    ),
)
