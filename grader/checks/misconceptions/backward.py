"""Known mistakes in `backward.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception
from grader.unit import current

NUMBERS = current().walk_through.derived()
LOCAL = "Work out dz/dmu and dz/dsigma of z = mu + sigma * epsilon on paper, and multiply each by grad_z."
EXPANDED = "A value that broadcasting copies to many places collects a gradient from each of them."
ORDER = "First the gradient of mu, then that of sigma."
Formula = Callable[..., Any]


def _summed_to(gradient: Any, like: Any) -> Any:
    """The right backward pass of broadcasting."""
    shape, gradient = np.shape(like), np.asarray(gradient)
    added = gradient.ndim - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def _averaged_to(gradient: Any, like: Any) -> Any:
    return _summed_to(gradient, like) * np.size(like) / np.size(gradient)


def _added_axes_only(gradient: Any, like: Any) -> Any:
    return np.sum(gradient, axis=tuple(range(np.ndim(gradient) - np.ndim(like))))


def _stretched_axes_only(gradient: Any, like: Any) -> Any:
    added = np.ndim(gradient) - np.ndim(like)
    return np.sum(gradient, axis=tuple(added + axis for axis, size in enumerate(np.shape(like)) if size == 1), keepdims=True)


def _added_axes_kept(gradient: Any, like: Any) -> Any:
    full = (1,) * (np.ndim(gradient) - np.ndim(like)) + np.shape(like)
    return _summed_to(gradient, np.empty(full))


def _stretched_axes_dropped(gradient: Any, like: Any) -> Any:
    full = (1,) * (np.ndim(gradient) - np.ndim(like)) + np.shape(like)
    stretched = tuple(axis for axis, (size, wanted) in enumerate(zip(np.shape(gradient), full, strict=True)) if size != wanted)
    return np.sum(gradient, axis=stretched)


def _first_copy(gradient: Any, like: Any) -> Any:
    gradient = np.asarray(gradient)
    for _ in range(gradient.ndim - np.ndim(like)):
        gradient = gradient[0]
    for axis, size in enumerate(np.shape(like)):
        gradient = gradient[(slice(None),) * axis + (slice(0, size),)]
    return gradient


def _pair(name: str, says: str, look: str, grad_mu: Formula, grad_sigma: Formula) -> tuple[Misconception, Misconception]:
    """One mistake in the local gradients, for the function (which sums what broadcasting expanded) and for the class (which need not)."""

    def of_function(grad_z: Any, mu: Any, sigma: Any, epsilon: Any) -> Any:
        full = np.ones(np.shape(grad_z))
        by_mu, by_sigma = grad_mu(grad_z, mu, sigma, epsilon) * full, grad_sigma(grad_z, mu, sigma, epsilon) * full
        return _summed_to(by_mu, mu), _summed_to(by_sigma, sigma)

    def of_class(mu: Any, sigma: Any, epsilon: Any, grad_z: Any) -> Any:
        ones = np.ones_like(mu)
        return grad_mu(grad_z, mu, sigma, epsilon) * ones, grad_sigma(grad_z, mu, sigma, epsilon) * ones

    return (
        Misconception(f"backward-{name}", "reparameterize_backward", says, look, of_function),
        Misconception(f"Reparameterize-{name}", "Reparameterize", says, look, of_class),
    )


def _grad_z(g: Any, m: Any, s: Any, e: Any) -> Any:  # noqa: ARG001
    return g


def _grad_z_epsilon(g: Any, m: Any, s: Any, e: Any) -> Any:  # noqa: ARG001
    return g * e


LOCAL_GRADIENTS = (
    _pair(
        "grad-z-ignored",
        "The incoming gradient is not used.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda g, m, s, e: 1.0,
        lambda g, m, s, e: e,
    ),
    _pair(
        "grad-z-ignored-for-sigma",
        "The incoming gradient is not used on the way to sigma.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        _grad_z,
        lambda g, m, s, e: e,
    ),
    _pair(
        "grad-z-ignored-for-mu",
        "The incoming gradient is not used on the way to mu.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda g, m, s, e: 1.0,
        _grad_z_epsilon,
    ),
    _pair("missing-epsilon", "The noise is missing from the gradient of sigma.", LOCAL, _grad_z, _grad_z),
    _pair("epsilon-on-both", "The gradient of mu contains the noise.", LOCAL, _grad_z_epsilon, _grad_z_epsilon),
    _pair("sigma-for-epsilon", "sigma stands where the noise belongs.", LOCAL, _grad_z, lambda g, m, s, e: g * s),
    _pair("sigma-and-epsilon", "The gradient of sigma contains sigma itself.", LOCAL, _grad_z, lambda g, m, s, e: g * e * s),
    _pair("over-sigma", "The gradient of sigma is divided by sigma.", LOCAL, _grad_z, lambda g, m, s, e: g * e / s),
    _pair(
        "by-log-var",
        "The second gradient is the one with respect to log_var, not to sigma.",
        "Here sigma itself is the parameter: no exponential stands before it.",
        _grad_z,
        lambda g, m, s, e: 0.5 * g * e * s,
    ),
    _pair(
        "by-variance",
        "The second gradient is the one with respect to the variance, not to sigma.",
        "Here sigma itself is the parameter: no root stands before it.",
        _grad_z,
        lambda g, m, s, e: 0.5 * g * e / s,
    ),
    _pair("variance-for-sd", "This is the backward pass of z = mu + sigma^2 * epsilon.", LOCAL, _grad_z, lambda g, m, s, e: 2.0 * g * e * s),
    _pair("z-for-epsilon", "z stands where the noise belongs.", LOCAL, _grad_z, lambda g, m, s, e: g * (m + s * e)),
    _pair(
        "parameters-for-local-gradients",
        "The parameters themselves stand where the local gradients belong.",
        LOCAL,
        lambda g, m, s, e: g * m,
        lambda g, m, s, e: g * s,
    ),
    _pair("epsilon-squared", "The noise comes in squared.", LOCAL, _grad_z, lambda g, m, s, e: g * e**2),
    _pair("mu-times-mu", "The gradient of mu contains mu itself.", LOCAL, lambda g, m, s, e: g * m, _grad_z_epsilon),
    _pair("mu-zero", "The gradient of mu is zero.", "mu shifts z one to one.", lambda g, m, s, e: 0.0, _grad_z_epsilon),
    _pair("sigma-zero", "The gradient of sigma is zero.", "sigma moves z, by as much as the noise says.", _grad_z, lambda g, m, s, e: 0.0),
    _pair(
        "negative",
        "Both signs are flipped.",
        "The gradient itself is asked for, not a step against it.",
        lambda g, m, s, e: -g,
        lambda g, m, s, e: -g * e,
    ),
    _pair("sigma-negative", "The sign of the second gradient is flipped.", LOCAL, _grad_z, lambda g, m, s, e: -g * e),
    _pair("mu-negative", "The sign of the first gradient is flipped.", LOCAL, lambda g, m, s, e: -g, _grad_z_epsilon),
    _pair("absolute-epsilon", "The noise lost its sign.", "A draw below the mean falls when sigma grows.", _grad_z, lambda g, m, s, e: g * np.abs(e)),
    _pair("sigma-added", "The local gradient of sigma contains the mean's as well.", LOCAL, _grad_z, lambda g, m, s, e: g * (1.0 + e)),
    _pair("sum-for-product", "The noise is added where the chain rule multiplies.", LOCAL, _grad_z, lambda g, m, s, e: g + e),
    _pair(
        "with-kl",
        "The gradient of the KL term is in it as well.",
        "Here only the path through z is asked for; total_gradient adds the two.",
        lambda g, m, s, e: g + m,
        lambda g, m, s, e: g * e + s - 1.0 / s,
    ),
    _pair(
        "score-function",
        "This is the score-function estimator, which differentiates the density instead of z.",
        LOCAL,
        lambda g, m, s, e: g * e / s,
        lambda g, m, s, e: g * (e**2 - 1.0) / s,
    ),
)


def _batch(array: Any) -> int:
    """The length of the first axis; 1 for a single number."""
    return len(array) if np.ndim(array) else 1


def _broadcasting(name: str, says: str, reduce_mu: Formula, reduce_sigma: Formula | None = None, look: str = EXPANDED) -> Misconception:
    """The right local gradients, and a wrong way to give them the parameters' shapes."""

    def formula(grad_z: Any, mu: Any, sigma: Any, epsilon: Any) -> Any:
        return reduce_mu(grad_z, mu), (reduce_sigma or reduce_mu)(grad_z * epsilon, sigma)

    return Misconception(f"backward-{name}", "reparameterize_backward", says, look, formula)


BROADCASTING = (
    _broadcasting("not-summed", "What broadcasting expanded is not summed: the gradients have the shape of z.", lambda g, like: g),
    _broadcasting("mu-not-summed", "What broadcasting expanded of mu is not summed.", lambda g, like: g, _summed_to),
    _broadcasting("sigma-not-summed", "What broadcasting expanded of sigma is not summed.", _summed_to, lambda g, like: g),
    _broadcasting("averaged", "What broadcasting expanded is averaged where it should be summed.", _averaged_to),
    _broadcasting("added-axes-only", "Only the axes that were added in front are summed, not those that were stretched.", _added_axes_only),
    _broadcasting("stretched-axes-only", "Only the axes that were stretched are summed, not those that were added in front.", _stretched_axes_only),
    _broadcasting(
        "keeps-added-axes",
        "The axes that broadcasting added are still there, with length 1.",
        _added_axes_kept,
        look="The gradient has the parameter's own shape.",
    ),
    _broadcasting(
        "drops-stretched-axes",
        "The axes that broadcasting stretched are gone from the result.",
        _stretched_axes_dropped,
        look="A parameter of shape (3, 1) has a gradient of shape (3, 1): np.sum has an option for that.",
    ),
    _broadcasting("first-copy-only", "Only the first of all copies was counted.", _first_copy),
    _broadcasting(
        "sums-first-axis-always",
        "The first axis is summed whether it was expanded or not.",
        lambda g, like: np.sum(g, axis=0),
        look="Sum what broadcasting expanded, and nothing else: compare the shapes of the parameter and of z.",
    ),
    _broadcasting(
        "averages-batch-always",
        "The gradients are divided by the size of the batch.",
        lambda g, like: _summed_to(g, like) / _batch(g),
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

ORDERS = (
    # In the class, whose arguments have equal shapes, these are the right gradients in the wrong order.
    _pair("epsilon-on-mu-instead", "The noise multiplies the wrong one of the two gradients.", LOCAL, _grad_z_epsilon, _grad_z)[0],
    Misconception(
        "backward-swapped",
        "reparameterize_backward",
        "The two gradients come in the wrong order.",
        ORDER,
        lambda grad_z, mu, sigma, epsilon: (_summed_to(grad_z * epsilon, sigma), _summed_to(grad_z, mu)),
    ),
    Misconception(
        "backward-shapes-swapped",
        "reparameterize_backward",
        "The gradient of mu is shaped like sigma, and that of sigma like mu.",
        "Each gradient has the shape of its own parameter.",
        lambda grad_z, mu, sigma, epsilon: (_summed_to(grad_z, sigma), _summed_to(grad_z * epsilon, mu)),
    ),
    Misconception(
        "backward-sums-before-multiplying",
        "reparameterize_backward",
        "grad_z and the noise were summed first and multiplied then.",
        "The sum of products is not the product of sums: each copy of sigma meets a noise of its own.",
        lambda grad_z, mu, sigma, epsilon: (
            _summed_to(grad_z, mu),
            _summed_to(grad_z, sigma) * _summed_to(np.broadcast_to(epsilon, np.shape(grad_z)), sigma),
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
        "Reparameterize-swapped",
        "Reparameterize",
        "The two gradients come in the wrong order.",
        "backward returns one value for each argument of forward, in the same order.",
        lambda mu, sigma, epsilon, grad_z: (grad_z * epsilon, grad_z),
    ),
)


def _forward(name: str, says: str, formula: Callable[[Any, Any, Any], Any], look: str = "Compare with z = mu + sigma * epsilon.") -> Misconception:
    return Misconception(
        f"Reparameterize-forward-{name}", "Reparameterize", says, look, lambda mu, sigma, epsilon, grad_z: formula(mu, sigma, epsilon)
    )


FORWARD = (
    _forward("variance-for-sd", "In forward the noise is scaled by the variance.", lambda m, s, e: m + s**2 * e),
    _forward(
        "root-of-sigma",
        "In forward the noise is scaled by the root of sigma.",
        lambda m, s, e: m + np.sqrt(s) * e,
        "sigma is a standard deviation already.",
    ),
    _forward(
        "sigma-as-log-var",
        "In forward sigma was taken for the logarithm of the variance.",
        lambda m, s, e: m + np.exp(s / 2) * e,
        "sigma is a standard deviation already.",
    ),
    _forward(
        "sigma-as-log-sigma",
        "In forward sigma was taken for its logarithm.",
        lambda m, s, e: m + np.exp(s) * e,
        "sigma is a standard deviation already.",
    ),
    _forward("missing-sigma", "In forward the noise is not scaled.", lambda m, s, e: m + e),
    _forward("missing-mu", "In forward the mean is missing.", lambda m, s, e: s * e),
    _forward("missing-noise", "In forward the noise is missing.", lambda m, s, e: m + s),
    _forward("noise-subtracted", "In forward the noise is subtracted.", lambda m, s, e: m - s * e),
    _forward("swapped-arguments", "In forward the mean and the standard deviation are mixed up.", lambda m, s, e: s + m * e),
    _forward("brackets", "In forward the mean is multiplied by the noise as well.", lambda m, s, e: (m + s) * e),
    _forward("scales-the-mean", "In forward the mean is scaled by sigma as well.", lambda m, s, e: s * (m + e)),
    _forward("noise-as-sigma", "In forward sigma scales the mean, and the noise is added as it is.", lambda m, s, e: m * s + e),
    _forward("mean-only", "forward returns the mean.", lambda m, s, e: m),
)

CLASS = (
    Misconception(
        "Reparameterize-noise-gradient",
        "Reparameterize",
        "backward returns a gradient for the noise.",
        "The noise is a leaf without parameters: nobody ever needs its gradient, and backward says so with a None.",
    ),
    Misconception(
        "Reparameterize-number-of-gradients",
        "Reparameterize",
        "backward must return one value for each argument of forward, which has three beside ctx.",
        "(grad_mu, grad_sigma, None): the noise needs an entry, too.",
    ),
    Misconception(
        "Reparameterize-no-gradient",
        "Reparameterize",
        "None says that nobody needs this gradient, but the encoder does.",
        "Only the noise may get a None; mind the order of forward's arguments.",
    ),
    Misconception(
        "Reparameterize-changes-dtype",
        "Reparameterize",
        "z must have the dtype of its arguments: torch works in single and in double precision.",
        "Look for `.double()`, `.float()`, `dtype=` and a detour through NumPy.",
    ),
    Misconception(
        "Reparameterize-overrides-apply",
        "Reparameterize",
        "The class defines an `apply` of its own, which would replace torch's.",
        "Write `forward` and `backward` only; `apply` is what torch offers.",
    ),
    Misconception(
        "Reparameterize-no-function",
        "Reparameterize",
        "`Reparameterize` is no subclass of torch.autograd.Function.",
        "It has to stay `class Reparameterize(torch.autograd.Function)`, with static methods.",
    ),
)

MISCONCEPTIONS: tuple[Misconception, ...] = (
    *(function for function, _ in LOCAL_GRADIENTS),
    *BROADCASTING,
    *(cls for _, cls in LOCAL_GRADIENTS),
    *ORDERS,
    *FORWARD,
    *CLASS,
)
