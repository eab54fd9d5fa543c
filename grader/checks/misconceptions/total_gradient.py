"""Known mistakes in the total gradient, the last function of `kl.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from grader.checks.misconceptions.kl_gradients import GRADIENT, RATES, STEP, stepped
from grader.checks.misconceptions.record import Misconception
from grader.unit import current

NUMBERS = current().walk_through.derived()
DIFFERENTIATE = "Differentiate the closed form of one latent dimension again, term by term, and check it with central differences."
PATHS = "Draw the two paths from each parameter to the loss, write down the gradient along each, and add."


def _total(name: str, says: str, formula: Callable[..., Any], look: str = PATHS, also: tuple[Callable[..., Any], ...] = ()) -> Misconception:
    return Misconception(f"total-{name}", "total_gradient", says, look, formula, also)


def _mixed(combine: Callable[..., tuple[Any, Any]], mu_gradient: Any = None, sigma_gradient: Any = None) -> Callable[..., Any]:
    """A formula over the parts: the reconstruction's two gradients and the KL term's, of which some may be wrong, and beta."""

    def formula(grad_z: Any, mu: Any, sigma: Any, epsilon: Any, beta: float = 1.0) -> Any:
        by_mu = mu if mu_gradient is None else mu_gradient(mu, sigma)
        by_sigma = sigma - 1.0 / sigma if sigma_gradient is None else sigma_gradient(mu, sigma)
        return combine(grad_z, grad_z * epsilon, by_mu, by_sigma, beta)

    return formula


def _added(grad_mu: Any, grad_sigma: Any, kl_mu: Any, kl_sigma: Any, beta: Any) -> tuple[Any, Any]:
    return grad_mu + beta * kl_mu, grad_sigma + beta * kl_sigma


def _right(grad_z: Any, mu: Any, sigma: Any, epsilon: Any, beta: float = 1.0) -> tuple[Any, Any]:
    return grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 1.0 / sigma)


def _of_beta(change: Callable[[Any], Any]) -> Callable[..., Any]:
    """Right, but for what becomes of beta first."""
    return lambda grad_z, mu, sigma, epsilon, beta=1.0: _right(grad_z, mu, sigma, epsilon, change(beta))


def _by_default(default: float) -> Callable[..., Any]:
    """Right, but for the value of beta where none is passed."""
    return lambda grad_z, mu, sigma, epsilon, beta=default: _right(grad_z, mu, sigma, epsilon, beta)


def _kl_over(count: Callable[[Any], Any]) -> Callable[..., Any]:
    """The KL gradient is divided by a number of elements."""
    return lambda grad_z, mu, sigma, epsilon, beta=1.0: _right(grad_z, mu, sigma, epsilon, beta / count(mu))


def _afterwards(change: Callable[[Any], Any]) -> Callable[..., Any]:
    """The right gradients, of which something is made."""
    return lambda *arguments, **keywords: tuple(map(change, _right(*arguments, **keywords)))


def _divergence(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma)


BETA = "beta weighs the KL term, in both gradients, and nothing else."
ELEMENTS = "The gradient is asked for element by element, of sums: nothing is averaged, and no axis is summed."

MISCONCEPTIONS: tuple[Misconception, ...] = (
    _total("beta-ignored", "beta has no effect.", _mixed(lambda m, s, km, ks, beta: (m + km, s + ks)), BETA),
    _total(
        "beta-on-both-terms", "beta weighs the reconstruction as well.", _mixed(lambda m, s, km, ks, beta: (beta * (m + km), beta * (s + ks))), BETA
    ),
    _total(
        "beta-on-reconstruction",
        "beta weighs the reconstruction in place of the KL term.",
        _mixed(lambda m, s, km, ks, beta: (beta * m + km, beta * s + ks)),
        BETA,
    ),
    _total("beta-squared", "beta is applied twice.", _mixed(lambda m, s, km, ks, beta: (m + beta**2 * km, s + beta**2 * ks)), BETA),
    _total("beta-only-for-mu", "beta is missing from the gradient of sigma.", _mixed(lambda m, s, km, ks, beta: (m + beta * km, s + ks)), BETA),
    _total("beta-only-for-sigma", "beta is missing from the gradient of mu.", _mixed(lambda m, s, km, ks, beta: (m + km, s + beta * ks)), BETA),
    _total("beta-added", "beta is added where it should multiply.", _mixed(lambda m, s, km, ks, beta: (m + km + beta, s + ks + beta)), BETA),
    _total("beta-divides", "The KL term is divided by beta.", _mixed(lambda m, s, km, ks, beta: (m + km / beta, s + ks / beta)), BETA),
    _total(
        "interpolated",
        "beta shifts weight from the reconstruction to the KL term.",
        _mixed(lambda m, s, km, ks, beta: ((1.0 - beta) * m + beta * km, (1.0 - beta) * s + beta * ks)),
        BETA,
    ),
    _total(
        "beta-on-one-term",
        "In the gradient of sigma beta reaches only one of the KL term's two parts.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z * epsilon + beta * sigma - 1.0 / sigma),
        "Set the brackets so that beta acts on the whole KL gradient.",
        (lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z * epsilon + sigma - beta / sigma),),
    ),
    _total(
        "beta-default",
        "Where no beta is passed, another value is taken than the one in the signature.",
        _by_default(0.0),
        "Keep the signature as it was: the default is the weight of an ordinary VAE.",
        tuple(map(_by_default, (0.001, 0.01, 0.1, 0.5, 2.0, 4.0, 5.0, 10.0))),
    ),
    _total(
        "beta-zero-as-absent",
        "A beta of 0 is taken for one that was not passed.",
        _of_beta(lambda beta: beta or 1.0),
        "In Python 0.0 counts as false: what do `or` and `if beta` make of it?",
    ),
    _total(
        "beta-bounded",
        "beta is kept within bounds.",
        _of_beta(lambda beta: min(beta, 1.0)),
        "Any weight is allowed, below 1 and above.",
        (_of_beta(lambda beta: max(beta, 1.0)),),
    ),
    _total(
        "beta-whole",
        "beta is cut to a whole number.",
        _of_beta(int),
        "Look for `int(...)` and `round(...)`.",
        (_of_beta(round), _of_beta(np.ceil)),
    ),
    _total("beta-root", "A root is taken of beta.", _of_beta(np.sqrt), BETA),
    _total(
        "beta-on-sigma-reconstruction",
        "In the gradient of sigma beta weighs the path through z in place of the KL term.",
        _mixed(lambda m, s, km, ks, beta: (m + km, beta * s + ks)),
        BETA,
        (_mixed(lambda m, s, km, ks, beta: (m + beta * km, beta * s + ks)),),
    ),
    _total(
        "kl-averaged",
        "The KL term is averaged; it is a sum.",
        _kl_over(np.size),
        ELEMENTS,
        (_kl_over(lambda mu: len(mu) if np.ndim(mu) else 1), _kl_over(lambda mu: mu.shape[-1] if np.ndim(mu) else 1)),
    ),
    _total(
        "all-averaged",
        "The gradients are averaged.",
        lambda *arguments, **keywords: tuple(part / np.size(part) for part in _right(*arguments, **keywords)),
        ELEMENTS,
        (
            _afterwards(lambda part: part / (len(part) if np.ndim(part) else 1)),
            _afterwards(partial(np.mean, axis=0)),
            _afterwards(partial(np.mean, axis=-1)),
            _afterwards(np.mean),
        ),
    ),
    _total(
        "summed",
        "The gradients are summed.",
        _afterwards(partial(np.sum, axis=0)),
        ELEMENTS,
        (_afterwards(partial(np.sum, axis=-1)), _afterwards(np.sum)),
    ),
    _total(
        "kl-value-for-gradient",
        "The divergence itself is added where its gradient belongs.",
        _mixed(_added, mu_gradient=_divergence, sigma_gradient=_divergence),
        "What is added along the second path is a derivative as well: kl_gradient has it.",
        (
            _mixed(_added, *[lambda mu, sigma: np.sum(_divergence(mu, sigma), axis=-1, keepdims=np.ndim(mu) > 0)] * 2),
            _mixed(_added, *[lambda mu, sigma: np.sum(_divergence(mu, sigma))] * 2),
        ),
    ),
    _total(
        "kl-gradients-exchanged",
        "The two KL gradients have changed places.",
        _mixed(lambda m, s, km, ks, beta: (m + beta * ks, s + beta * km)),
    ),
    _total("kl-mu-is-sigma", "sigma stands where the KL gradient of mu belongs.", _mixed(_added, mu_gradient=lambda mu, sigma: sigma), DIFFERENTIATE),
    _total(
        "parameters-for-gradients",
        "The parameters themselves stand where the local gradients belong.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z * mu + beta * mu, grad_z * sigma + beta * (sigma - 1.0 / sigma)),
    ),
    _total(
        "grad-z-ignored-for-mu",
        "The incoming gradient is not used on the way to mu.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (1.0 + beta * mu, grad_z * epsilon + beta * (sigma - 1.0 / sigma)),
        "The chain rule multiplies the local gradients by what arrives from above.",
    ),
    _total(
        "kl-gradient",
        "The gradient of the KL term has a mistake.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 0.5 / sigma)),
        "See what kl_gradient is told.",
    ),
    _total("missing-kl", "The path through the KL term is missing.", _mixed(lambda m, s, km, ks, beta: (m, s))),
    _total("missing-reconstruction", "The path through z is missing.", _mixed(lambda m, s, km, ks, beta: (beta * km, beta * ks))),
    _total(
        "kl-subtracted",
        "The KL term is subtracted.",
        _mixed(lambda m, s, km, ks, beta: (m - beta * km, s - beta * ks)),
        "The loss is L plus beta times KL.",
    ),
    _total(
        "reconstruction-subtracted",
        "The path through z comes in with the wrong sign.",
        _mixed(lambda m, s, km, ks, beta: (beta * km - m, beta * ks - s)),
    ),
    _total("averaged", "The two paths are averaged.", _mixed(lambda m, s, km, ks, beta: (0.5 * (m + beta * km), 0.5 * (s + beta * ks)))),
    _total("multiplied", "The gradients of the two paths are multiplied.", _mixed(lambda m, s, km, ks, beta: (m * beta * km, s * beta * ks))),
    _total(
        "kl-times-grad-z",
        "The KL gradient is multiplied by grad_z as well.",
        _mixed(lambda m, s, km, ks, beta: (m * (1.0 + beta * km), s + m * beta * ks)),
        "The KL term does not pass through z.",
    ),
    _total(
        "kl-times-epsilon",
        "The KL gradient of sigma is multiplied by the noise as well.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, (grad_z + beta * (sigma - 1.0 / sigma)) * epsilon),
        "The noise is on the path through z only.",
    ),
    _total(
        "missing-epsilon",
        "The noise is missing from the path to sigma.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z + beta * (sigma - 1.0 / sigma)),
    ),
    _total(
        "sigma-and-epsilon",
        "The path to sigma contains sigma itself.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z * epsilon * sigma + beta * (sigma - 1.0 / sigma)),
        "dz/dsigma is the noise alone.",
    ),
    _total(
        "sigma-for-epsilon",
        "sigma stands where the noise belongs.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, grad_z * sigma + beta * (sigma - 1.0 / sigma)),
    ),
    _total(
        "epsilon-on-mu",
        "The path to mu is multiplied by the noise.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z * epsilon + beta * mu, grad_z * epsilon + beta * (sigma - 1.0 / sigma)),
        "dz/dmu does not contain the noise.",
    ),
    _total(
        "grad-z-ignored",
        "The incoming gradient is not used.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (1.0 + beta * mu, epsilon + beta * (sigma - 1.0 / sigma)),
        "The chain rule multiplies the local gradients by what arrives from above.",
    ),
    _total(
        "grad-z-ignored-for-sigma",
        "The incoming gradient is not used on the way to sigma.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, epsilon + beta * (sigma - 1.0 / sigma)),
        "The chain rule multiplies the local gradients by what arrives from above.",
    ),
    _total(
        "swapped",
        "The two gradients come in the wrong order.",
        _mixed(lambda *parts: _added(*parts)[::-1]),
        "First the gradient of mu, then that of sigma.",
    ),
    _total(
        "missing-reciprocal",
        "In the KL gradient of sigma the derivative of the logarithm is missing.",
        _mixed(_added, sigma_gradient=lambda mu, sigma: sigma),
        DIFFERENTIATE,
    ),
    _total(
        "reciprocal-sign",
        "In the KL gradient of sigma the derivative of the logarithm has the wrong sign.",
        _mixed(_added, sigma_gradient=lambda mu, sigma: sigma + 1.0 / sigma),
        DIFFERENTIATE,
    ),
    _total(
        "by-variance",
        "The KL gradient is taken with respect to the variance, not to sigma.",
        _mixed(_added, sigma_gradient=lambda mu, sigma: 0.5 * (1.0 - 1.0 / sigma**2)),
        "Both paths must end at the same parameter.",
    ),
    _total(
        "by-log-var",
        "The KL gradient is taken with respect to log_var, not to sigma.",
        _mixed(_added, sigma_gradient=lambda mu, sigma: 0.5 * (sigma**2 - 1.0)),
        "Both paths must end at the same parameter.",
    ),
    _total(
        "by-log-sigma",
        "The KL gradient is taken with respect to log(sigma), not to sigma.",
        _mixed(_added, sigma_gradient=lambda mu, sigma: sigma**2 - 1.0),
        "Both paths must end at the same parameter.",
    ),
    _total(
        "all-by-log-var",
        "Both paths are carried on to log_var; here sigma itself is the parameter.",
        lambda grad_z, mu, sigma, epsilon, beta=1.0: (grad_z + beta * mu, 0.5 * sigma * (grad_z * epsilon + beta * (sigma - 1.0 / sigma))),
        "Both paths end at sigma.",
    ),
    _total("kl-sign-for-sigma", "The KL gradient of sigma has the wrong sign.", _mixed(_added, sigma_gradient=lambda mu, sigma: 1.0 / sigma - sigma)),
    _total(
        "kl-mu-doubled", "The KL gradient of mu is twice what it should be.", _mixed(_added, mu_gradient=lambda mu, sigma: 2.0 * mu), DIFFERENTIATE
    ),
    _total(
        "negative",
        "Both signs are flipped.",
        _mixed(lambda *parts: tuple(-part for part in _added(*parts))),
        "The gradient itself is asked for, not a step against it.",
    ),
    _total("mu-missing", "The KL gradient of mu is missing.", _mixed(_added, mu_gradient=lambda mu, sigma: 0.0)),
    _total("sigma-missing", "The KL gradient of sigma is missing.", _mixed(_added, sigma_gradient=lambda mu, sigma: 0.0)),
    _total(
        "kl-halved", "The KL gradient is half of what it should be.", _mixed(lambda m, s, km, ks, beta: (m + 0.5 * beta * km, s + 0.5 * beta * ks))
    ),
    _total(
        "kl-doubled", "The KL gradient is twice what it should be.", _mixed(lambda m, s, km, ks, beta: (m + 2.0 * beta * km, s + 2.0 * beta * ks))
    ),
    _total(
        "after-a-step",
        "These are the parameters after a step against the gradient.",
        stepped(_right, RATES[0], 1),
        STEP,
        tuple(stepped(_right, rate, 1) for rate in RATES[1:]),
    ),
    _total(
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda *arguments, **keywords: (NUMBERS["total_mu"], NUMBERS["total_sigma"]),
        "Compute the result from the arguments.",
    ),
)


def _with(row: Misconception) -> Callable[..., Any]:
    """The total in which the KL gradient is a known wrong one."""
    wrong = row.formulas[0]
    return _mixed(_added, lambda mu, sigma: wrong(mu, sigma)[0], lambda mu, sigma: wrong(mu, sigma)[1])


def _unweighted(row: Misconception) -> Callable[..., Any]:
    wrong = row.formulas[0]
    return lambda grad_z, mu, sigma, epsilon, beta=1.0: wrong(grad_z, mu, sigma, epsilon, 1.0)


_ROWS = {row.id: row for row in MISCONCEPTIONS}
# A wrong KL gradient in an otherwise right total, and beta ignored in addition to something else.
PAIRS: tuple[Misconception, ...] = (
    *(_ROWS["total-kl-gradient"].and_also(row, _with(row)) for row in GRADIENT),
    *(row.and_also(_ROWS["total-beta-ignored"], _unweighted(row)) for row in MISCONCEPTIONS if "beta" not in row.id),
)
