from __future__ import annotations

import functools
import logging
import sys
import warnings
from collections.abc import Callable
from typing import Any, Optional

import numpy as np
import torch
from numpy.typing import NDArray

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger(__name__)


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        log.debug("calling %s", function.__name__)
        print("calling", function.__name__, *[np.shape(a) for a in args if isinstance(a, np.ndarray)])
        print("to stderr", file=sys.stderr)
        result = function(*args, **kwargs)
        warnings.warn("this is only a student's reminder", UserWarning, stacklevel=2)
        return result

    return wrapper


@traced
def reparameterize(mu: NDArray[np.float64], sigma: NDArray[np.float64], epsilon: NDArray[np.float64]) -> NDArray[np.float64]:
    return mu + sigma * epsilon


@traced
def sample(mu: NDArray[np.float64], sigma: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    mu, sigma = np.broadcast_arrays(mu, sigma)
    return reparameterize(mu, sigma, rng.standard_normal(size=mu.shape))


@traced
def rsample(mu: torch.Tensor, log_var: torch.Tensor, generator: Optional[torch.Generator] = None) -> torch.Tensor:
    sigma = torch.exp(torch.div(log_var, 2))
    return mu + sigma * torch.randn(*mu.shape, generator=generator, dtype=mu.dtype, requires_grad=False) if mu.dim() else (
        mu + sigma * torch.randn([], generator=generator, dtype=mu.dtype)
    )


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    print(sample(np.zeros(3), np.ones(3), np.random.default_rng(parser.parse_args().seed)))
