from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from differences.central import quotient


@dataclass
class Distribution:
    cdf: Callable[..., Any]
    pdf: Callable[..., Any]

    def gradient(self, z: Any, params: Sequence[Any], index: int, step: float) -> Any:
        return -quotient(lambda *p: self.cdf(z, *p), params, index, step) / self.pdf(z, *params)


def implicit_gradient(z: Any, cdf: Callable[..., Any], pdf: Callable[..., Any], params: tuple[Any, ...], step: float = 1e-5) -> list[Any]:
    one = Distribution(cdf, pdf)
    return [np.array(one.gradient(z, params, i, step)) for i, _ in enumerate(params)]
