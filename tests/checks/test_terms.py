"""The sums that wrong values are fitted by are those of the solutions: a formula that changes there must change here."""

from __future__ import annotations

import numpy as np
import pytest

from grader.checks.answers import Case
from grader.checks.session import load_reference
from grader.checks.terms import SUMS
from grader.checks.test_encoder import encoders
from grader.checks.test_kl import mu_and_log_var, mu_and_sigma, totals
from grader.checks.test_sampler import _triples
from grader.unit import current

REFERENCE = load_reference(current())
RNG = np.random.default_rng(5)
CASES: dict[str, list[Case]] = {
    "reparameterize": _triples(RNG),
    "kl_divergence": mu_and_sigma(RNG),
    "kl_gradient": mu_and_sigma(RNG),
    "kl_gradient_log_var": mu_and_log_var(RNG),
    "total_gradient": totals(RNG, 0.3, 2.5),
    "encoder_backward": encoders(RNG, betas=(0.3, 4.0)),
}


@pytest.mark.parametrize("function", SUMS)
def test_the_right_coefficients_give_the_solutions_values(function: str) -> None:
    for case in CASES[function]:
        wanted = case.apply(getattr(REFERENCE, function))
        for right, value in zip(SUMS[function], wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
            parts = case.apply(right.parts)
            np.testing.assert_allclose(sum(factor * parts[name] for name, factor in right.coefficients.items()), value, rtol=1e-10, atol=1e-12)
