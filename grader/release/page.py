"""Assembles the interactive page: template, style and scripts of `page/` become one file that needs no network.

The page shows the forward pass, the local gradients and the CDFs, as the handout does. What students are asked to find is not in it: its second
tab solves F(z) = u by bisection instead of writing the inverses down, and `proof` holds the page, like every file of the kit, against each line
of the Python solutions.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from grader.unit import Unit, data_directory

NAME = "gradient_flow.html"
_SOURCES = Path(__file__).resolve().parent / "page"
# Joined in this order into one module: a file uses what stands before it.
_SCRIPTS = (
    "formulas",
    "random",
    "elements",
    "state",
    "controls",
    "graph",
    "numbers",
    "animation",
    "nudge",
    "histogram",
    "training",
    "variance",
    "inverse_cdf",
    "main",
)
_PLACEHOLDER = re.compile(r"\{\{ (\w+) \}\}")


def render_page(unit: Unit) -> str:
    """Return the text of the page; it opens with the numbers of the catalogue's walk-through."""
    walk = unit.walk_through
    defaults = {"mu": walk.mu, "sigma": walk.sigma, "epsilon": walk.epsilon, "gradZ": walk.grad_z, "beta": walk.beta}
    parts = {
        "style": _read("style.css"),
        "script": "\n".join(_read(f"{name}.js") for name in _SCRIPTS),
        "defaults": json.dumps(defaults),
    }
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], _read("template.html")) + "\n"


def page_path() -> Path:
    """Where the page is: in the installed package, or in the clone."""
    return data_directory("exercises") / NAME


def _read(name: str) -> str:
    return (_SOURCES / name).read_text(encoding="utf-8").rstrip()
