"""Known mistakes in the total gradient, the last function of `kl.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.checks.misconceptions.record import Misconception
from grader.unit import current

NUMBERS = current().walk_through.derived()
DIFFERENTIATE = "Differentiate the closed form of one latent dimension again, term by term, and check it with central differences."
PATHS = "Draw the two paths from each parameter to the loss, write down the gradient along each, and add."


def _total(name: str, says: str, formula: Callable[..., Any], look: str = PATHS) -> Misconception:
    return Misconception(f"total-{name}", "total_gradient", says, look, formula)


def _mixed(combine: Callable[..., tuple[Any, Any]], mu_gradient: Any = None, sigma_gradient: Any = None) -> Callable[..., Any]:
    """A formula over the parts: the reconstruction's two gradients and the KL term's, of which some may be wrong, and beta."""

    def formula(grad_z: Any, mu: Any, sigma: Any, epsilon: Any, beta: float = 1.0) -> Any:
        by_mu = mu if mu_gradient is None else mu_gradient(mu, sigma)
        by_sigma = sigma - 1.0 / sigma if sigma_gradient is None else sigma_gradient(mu, sigma)
        return combine(grad_z, grad_z * epsilon, by_mu, by_sigma, beta)

    return formula


def _added(grad_mu: Any, grad_sigma: Any, kl_mu: Any, kl_sigma: Any, beta: Any) -> tuple[Any, Any]:
    return grad_mu + beta * kl_mu, grad_sigma + beta * kl_sigma


BETA = "beta weighs the KL term, in both gradients, and nothing else."

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
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda *arguments, **keywords: (NUMBERS["total_mu"], NUMBERS["total_sigma"]),
        "Compute the result from the arguments.",
    ),
)
