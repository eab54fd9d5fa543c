"""Known mistakes in `backward.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from grader.checks.misconceptions.record import Misconception
from grader.checks.misconceptions.reductions import (
    MORE,
    added_axes_kept,
    added_axes_only,
    averaged_to,
    first_copy,
    numbers_averaged,
    stretched_axes_dropped,
    stretched_axes_only,
    summed_to,
)
from grader.unit import current

NUMBERS = current().walk_through.derived()
LOCAL = "Work out dz/dmu and dz/dsigma of z = mu + sigma * epsilon on paper, and multiply each by grad_z."
EXPANDED = "A value that broadcasting copies to many places collects a gradient from each of them."
ORDER = "First the gradient of mu, then that of sigma."
Formula = Callable[..., Any]


def _reduced(grad_mu: Formula, grad_sigma: Formula, reduce_mu: Formula = summed_to, reduce_sigma: Formula = summed_to) -> Formula:
    """Local gradients times grad_z, in the shape of z, and what makes the shapes of mu and sigma of that."""

    def formula(grad_z: Any, mu: Any, sigma: Any, epsilon: Any) -> Any:
        full = np.ones(np.shape(grad_z))
        by_mu, by_sigma = grad_mu(grad_z, mu, sigma, epsilon) * full, grad_sigma(grad_z, mu, sigma, epsilon) * full
        return reduce_mu(by_mu, mu), reduce_sigma(by_sigma, sigma)

    return formula


class Local(NamedTuple):
    """A mistake in the local gradients, already multiplied by grad_z. `also`: other ways to make it in the function, shapes included."""

    name: str
    says: str
    look: str
    of_mu: Formula
    of_sigma: Formula
    also: tuple[Formula, ...] = ()


def _pair(row: Local) -> tuple[Misconception, Misconception]:
    """The mistake in the function (which sums what broadcasting expanded) and in the class (which need not)."""

    def of_class(mu: Any, sigma: Any, epsilon: Any, grad_z: Any) -> Any:
        ones = np.ones_like(mu)
        return row.of_mu(grad_z, mu, sigma, epsilon) * ones, row.of_sigma(grad_z, mu, sigma, epsilon) * ones

    return (
        Misconception(f"backward-{row.name}", "reparameterize_backward", row.says, row.look, _reduced(row.of_mu, row.of_sigma), row.also),
        Misconception(f"Reparameterize-{row.name}", "Reparameterize", row.says, row.look, of_class),
    )


def _grad_z(g: Any, m: Any, s: Any, e: Any) -> Any:  # noqa: ARG001
    return g


def _grad_z_epsilon(g: Any, m: Any, s: Any, e: Any) -> Any:  # noqa: ARG001
    return g * e


LOCAL_GRADIENTS: tuple[Local, ...] = (
    Local(
        "grad-z-ignored",
        "The incoming gradient is not used.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda g, m, s, e: 1.0,
        lambda g, m, s, e: e,
        (lambda g, m, s, e: (np.ones_like(m), summed_to(e + 0 * g, s)), lambda g, m, s, e: (np.ones_like(m), e)),
    ),
    Local(
        "grad-z-ignored-for-sigma",
        "The incoming gradient is not used on the way to sigma.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        _grad_z,
        lambda g, m, s, e: e,
    ),
    Local(
        "grad-z-ignored-for-mu",
        "The incoming gradient is not used on the way to mu.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda g, m, s, e: 1.0,
        _grad_z_epsilon,
        (lambda g, m, s, e: (np.ones_like(m), summed_to(g * e, s)), lambda g, m, s, e: (np.ones_like(m), g * e)),
    ),
    Local("missing-epsilon", "The noise is missing from the gradient of sigma.", LOCAL, _grad_z, _grad_z),
    Local("epsilon-on-both", "The gradient of mu contains the noise.", LOCAL, _grad_z_epsilon, _grad_z_epsilon),
    Local("sigma-for-epsilon", "sigma stands where the noise belongs.", LOCAL, _grad_z, lambda g, m, s, e: g * s),
    Local("sigma-and-epsilon", "The gradient of sigma contains sigma itself.", LOCAL, _grad_z, lambda g, m, s, e: g * e * s),
    Local("over-sigma", "The gradient of sigma is divided by sigma.", LOCAL, _grad_z, lambda g, m, s, e: g * e / s),
    Local(
        "by-log-var",
        "The second gradient is the one with respect to log_var, not to sigma.",
        "Here sigma itself is the parameter: no exponential stands before it.",
        _grad_z,
        lambda g, m, s, e: 0.5 * g * e * s,
    ),
    Local(
        "by-variance",
        "The second gradient is the one with respect to the variance, not to sigma.",
        "Here sigma itself is the parameter: no root stands before it.",
        _grad_z,
        lambda g, m, s, e: 0.5 * g * e / s,
    ),
    Local("variance-for-sd", "This is the backward pass of z = mu + sigma^2 * epsilon.", LOCAL, _grad_z, lambda g, m, s, e: 2.0 * g * e * s),
    Local("z-for-epsilon", "z stands where the noise belongs.", LOCAL, _grad_z, lambda g, m, s, e: g * (m + s * e)),
    Local(
        "parameters-for-local-gradients",
        "The parameters themselves stand where the local gradients belong.",
        LOCAL,
        lambda g, m, s, e: g * m,
        lambda g, m, s, e: g * s,
    ),
    Local("epsilon-averaged", "The noise is averaged before it is used.", LOCAL, _grad_z, lambda g, m, s, e: g * np.mean(e)),
    Local("epsilon-squared", "The noise comes in squared.", LOCAL, _grad_z, lambda g, m, s, e: g * e**2),
    Local("mu-times-sigma", "The gradient of mu contains sigma.", LOCAL, lambda g, m, s, e: g * s, _grad_z_epsilon),
    Local(
        "mu-for-epsilon",
        "mu stands where the noise belongs.",
        LOCAL,
        _grad_z,
        lambda g, m, s, e: g * m,
    ),
    Local(
        "sigma-halved",
        "The gradient of sigma is half of what it should be.",
        "No square and no logarithm stands before sigma: nothing brings a half in.",
        _grad_z,
        lambda g, m, s, e: 0.5 * g * e,
    ),
    Local(
        "sigma-doubled",
        "The gradient of sigma is twice what it should be.",
        "No square stands before sigma: nothing brings a factor 2 in.",
        _grad_z,
        lambda g, m, s, e: 2.0 * g * e,
    ),
    Local("mu-times-mu", "The gradient of mu contains mu itself.", LOCAL, lambda g, m, s, e: g * m, _grad_z_epsilon),
    Local("mu-zero", "The gradient of mu is zero.", "mu shifts z one to one.", lambda g, m, s, e: 0.0, _grad_z_epsilon),
    Local("sigma-zero", "The gradient of sigma is zero.", "sigma moves z, by as much as the noise says.", _grad_z, lambda g, m, s, e: 0.0),
    Local(
        "negative",
        "Both signs are flipped.",
        "The gradient itself is asked for, not a step against it.",
        lambda g, m, s, e: -g,
        lambda g, m, s, e: -g * e,
    ),
    Local("sigma-negative", "The sign of the second gradient is flipped.", LOCAL, _grad_z, lambda g, m, s, e: -g * e),
    Local("mu-negative", "The sign of the first gradient is flipped.", LOCAL, lambda g, m, s, e: -g, _grad_z_epsilon),
    Local("absolute-epsilon", "The noise lost its sign.", "A draw below the mean falls when sigma grows.", _grad_z, lambda g, m, s, e: g * np.abs(e)),
    Local("over-epsilon", "The gradient of sigma is divided by the noise.", LOCAL, _grad_z, lambda g, m, s, e: g / e),
    Local("sign-of-epsilon", "Only the sign of the noise is left.", LOCAL, _grad_z, lambda g, m, s, e: g * np.sign(e)),
    Local("sigma-added", "The local gradient of sigma contains the mean's as well.", LOCAL, _grad_z, lambda g, m, s, e: g * (1.0 + e)),
    Local("sum-for-product", "The noise is added where the chain rule multiplies.", LOCAL, _grad_z, lambda g, m, s, e: g + e),
    Local(
        "with-kl",
        "The gradient of the KL term is in it as well.",
        "Here only the path through z is asked for; total_gradient adds the two.",
        lambda g, m, s, e: g + m,
        lambda g, m, s, e: g * e + s - 1.0 / s,
    ),
    Local(
        "score-function",
        "This is the score-function estimator, which differentiates the density instead of z.",
        LOCAL,
        lambda g, m, s, e: g * e / s,
        lambda g, m, s, e: g * (e**2 - 1.0) / s,
    ),
)


EPSILON_ON_MU = Local("epsilon-on-mu-instead", "The noise multiplies the wrong one of the two gradients.", LOCAL, _grad_z_epsilon, _grad_z)


def _batch(array: Any) -> int:
    """The length of the first axis; 1 for a single number."""
    return len(array) if np.ndim(array) else 1


def _batch_mean(array: Any) -> Any:
    """The mean over the first axis, repeated along it."""
    return array if np.ndim(array) == 0 else np.broadcast_to(np.mean(array, axis=0, keepdims=True), np.shape(array))


def _batch_sum(array: Any) -> Any:
    """The sum over the first of several axes, repeated along it."""
    return array if np.ndim(array) < 2 else np.broadcast_to(np.sum(array, axis=0, keepdims=True), np.shape(array))


class Reduction(NamedTuple):
    """A way to give gradients in the shape of z the shapes of mu and of sigma, and the mistake in it."""

    mistake: Misconception
    of_mu: Formula
    of_sigma: Formula


def _broadcasting(name: str, says: str, of_mu: Formula, of_sigma: Formula | None = None, look: str = EXPANDED) -> Reduction:
    """The right local gradients, and a wrong way to give them the parameters' shapes."""
    of_sigma = of_sigma or of_mu
    formula = _reduced(_grad_z, _grad_z_epsilon, of_mu, of_sigma)
    return Reduction(Misconception(f"backward-{name}", "reparameterize_backward", says, look, formula), of_mu, of_sigma)


BROADCASTING = (
    _broadcasting("not-summed", "What broadcasting expanded is not summed: the gradients have the shape of z.", lambda g, like: g),
    _broadcasting("mu-not-summed", "What broadcasting expanded of mu is not summed.", lambda g, like: g, summed_to),
    _broadcasting("sigma-not-summed", "What broadcasting expanded of sigma is not summed.", summed_to, lambda g, like: g),
    _broadcasting("averaged", "What broadcasting expanded is averaged where it should be summed.", averaged_to),
    _broadcasting("added-axes-only", "Only the axes that were added in front are summed, not those that were stretched.", added_axes_only),
    _broadcasting("stretched-axes-only", "Only the axes that were stretched are summed, not those that were added in front.", stretched_axes_only),
    _broadcasting(
        "keeps-added-axes",
        "The axes that broadcasting added are still there, with length 1.",
        added_axes_kept,
        look="The gradient has the parameter's own shape.",
    ),
    _broadcasting(
        "drops-stretched-axes",
        "The axes that broadcasting stretched are gone from the result.",
        stretched_axes_dropped,
        look="A parameter of shape (3, 1) has a gradient of shape (3, 1): np.sum has an option for that.",
    ),
    _broadcasting(
        "sums-last-axis-always",
        "The last axis is summed whether it was expanded or not.",
        lambda g, like: np.sum(g, axis=-1),
        look="Sum what broadcasting expanded, and nothing else: compare the shapes of the parameter and of z.",
    ),
    _broadcasting("numbers-averaged", "A parameter that is a single number gets an average where it should get a sum.", numbers_averaged),
    *(_broadcasting(name, says, reduce) for name, says, reduce in MORE),
    _broadcasting("first-copy-only", "Only the first of all copies was counted.", first_copy),
    _broadcasting(
        "sums-first-axis-always",
        "The first axis is summed whether it was expanded or not.",
        lambda g, like: np.sum(g, axis=0),
        look="Sum what broadcasting expanded, and nothing else: compare the shapes of the parameter and of z.",
    ),
    _broadcasting(
        "averages-batch-always",
        "The gradients are divided by the size of the batch.",
        lambda g, like: summed_to(g, like) / _batch(g),
        look="Whether the loss is an average is decided before grad_z arrives.",
    ),
    _broadcasting(
        "sums-everything",
        "All elements are summed into one number.",
        lambda g, like: np.sum(g),
        look="Sum what broadcasting expanded, and nothing else: compare the shapes of the parameter and of z.",
    ),
    _broadcasting(
        "repeats-the-sum",
        "The sum over everything is repeated in every element.",
        lambda g, like: np.full(np.shape(like), np.sum(g)),
        look="Sum what broadcasting expanded, and nothing else: compare the shapes of the parameter and of z.",
    ),
)


def _class_summed(axis: int | None) -> Formula:
    return lambda mu, sigma, epsilon, grad_z: (np.sum(grad_z, axis=axis), np.sum(grad_z * epsilon, axis=axis))


def _as_epsilon_says(gradient: Any, like: Any, epsilon: Any) -> Any:
    """As many axes are summed as the noise has more than the parameter, and those where the parameter has length 1."""
    gradient = np.sum(gradient, axis=tuple(range(np.ndim(epsilon) - np.ndim(like))))
    return np.sum(gradient, axis=tuple(axis for axis, size in enumerate(np.shape(like)) if size == 1), keepdims=True)


ORDERS = (
    # In the class, whose arguments have equal shapes, these are the right gradients in the wrong order.
    _pair(EPSILON_ON_MU)[0],
    Misconception(
        "backward-swapped",
        "reparameterize_backward",
        "The two gradients come in the wrong order.",
        ORDER,
        lambda grad_z, mu, sigma, epsilon: (summed_to(grad_z * epsilon, sigma), summed_to(grad_z, mu)),
    ),
    Misconception(
        "backward-shapes-swapped",
        "reparameterize_backward",
        "The gradient of mu is shaped like sigma, and that of sigma like mu.",
        "Each gradient has the shape of its own parameter.",
        lambda grad_z, mu, sigma, epsilon: (summed_to(grad_z, sigma), summed_to(grad_z * epsilon, mu)),
    ),
    Misconception(
        "backward-both-shaped-like-mu",
        "reparameterize_backward",
        "The gradient of sigma is given the shape of mu.",
        "Each gradient has the shape of its own parameter.",
        lambda grad_z, mu, sigma, epsilon: (summed_to(grad_z, mu), summed_to(grad_z * epsilon, mu)),
    ),
    Misconception(
        "backward-axes-of-epsilon",
        "reparameterize_backward",
        "Which axes broadcasting added, or stretched, is told from the shape of the noise, which may have been broadcast itself.",
        "Compare the parameter with grad_z, which has the shape of z.",
        lambda grad_z, mu, sigma, epsilon: (_as_epsilon_says(grad_z, mu, epsilon), _as_epsilon_says(grad_z * epsilon, sigma, epsilon)),
    ),
    Misconception(
        "backward-sums-before-multiplying",
        "reparameterize_backward",
        "grad_z and the noise were summed first and multiplied then.",
        "The sum of products is not the product of sums: each copy of sigma meets a noise of its own.",
        lambda grad_z, mu, sigma, epsilon: (
            summed_to(grad_z, mu),
            summed_to(grad_z, sigma) * summed_to(np.broadcast_to(epsilon, np.shape(grad_z)), sigma),
        ),
        (
            lambda grad_z, mu, sigma, epsilon: (summed_to(grad_z, mu), summed_to(summed_to(grad_z, sigma) * epsilon, sigma)),
            lambda grad_z, mu, sigma, epsilon: (summed_to(grad_z, mu), summed_to(grad_z, sigma) * epsilon),
        ),
    ),
    Misconception(
        "backward-hard-coded",
        "reparameterize_backward",
        "The function returns the walk-through's numbers whatever it is given.",
        "Compute the result from the arguments.",
        lambda grad_z, mu, sigma, epsilon: (NUMBERS["grad_mu"], NUMBERS["grad_sigma"]),
    ),
    Misconception(
        "Reparameterize-averaged-over-batch",
        "Reparameterize",
        "The gradients are divided by the size of the batch.",
        "Whether the loss is an average is decided before grad_z arrives.",
        lambda mu, sigma, epsilon, grad_z: (grad_z / _batch(grad_z), grad_z * epsilon / _batch(grad_z)),
    ),
    Misconception(
        "Reparameterize-same-for-all-examples",
        "Reparameterize",
        "Every example gets the average gradient of the batch.",
        "Each element of z has a mu and a sigma of its own: nothing is shared, and nothing is to be averaged.",
        lambda mu, sigma, epsilon, grad_z: (_batch_mean(grad_z), _batch_mean(grad_z * epsilon)),
    ),
    Misconception(
        "Reparameterize-summed-over-batch",
        "Reparameterize",
        "The gradients are summed over the batch, and every example gets the sum.",
        "Each element of z has a mu and a sigma of its own: nothing is shared, and nothing is to be summed.",
        lambda mu, sigma, epsilon, grad_z: (_batch_sum(grad_z), _batch_sum(grad_z * epsilon)),
    ),
    Misconception(
        "Reparameterize-summed",
        "Reparameterize",
        "The gradients are summed.",
        "mu, sigma and z have equal shapes here: nothing was stretched, and nothing is to be summed.",
        None,
        tuple(map(_class_summed, (0, -1, None))),
    ),
    Misconception(
        "Reparameterize-swapped",
        "Reparameterize",
        "The two gradients come in the wrong order.",
        "backward returns one value for each argument of forward, in the same order.",
        lambda mu, sigma, epsilon, grad_z: (grad_z * epsilon, grad_z),
    ),
)


VALUES = tuple(map(_pair, LOCAL_GRADIENTS))

MISCONCEPTIONS: tuple[Misconception, ...] = (
    *(function for function, _ in VALUES),
    *(reduction.mistake for reduction in BROADCASTING),
    *(cls for _, cls in VALUES),
    *ORDERS,
)

# Wrong local gradients in wrong shapes.
PAIRS: tuple[Misconception, ...] = tuple(
    value.and_also(reduction.mistake, _reduced(row.of_mu, row.of_sigma, reduction.of_mu, reduction.of_sigma))
    for row, (value, _) in zip(LOCAL_GRADIENTS, VALUES, strict=True)
    for reduction in BROADCASTING
)
