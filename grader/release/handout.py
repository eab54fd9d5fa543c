"""Fills the numbers of the catalogue into the texts that students read.

The templates `*.md` of this folder hold placeholders such as `{{ z }}`. Every number in them comes from `unit.toml`.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import UnitError
from grader.unit import Unit

TEMPLATES = Path(__file__).resolve().parent
_PLACEHOLDER = re.compile(r"\{\{ (\w+) \}\}")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def render(template: str, unit: Unit) -> str:
    """Return the text of one of this folder's templates, filled in.

    Args:
        template: its file name, such as 'handout.md'.
        unit: the catalogue the numbers come from.

    Raises:
        UnitError: a placeholder that no number is known for. The message names file and line.
    """
    path = TEMPLATES / template
    known = values(unit)
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        for name in _PLACEHOLDER.findall(line):
            if name not in known:
                raise UnitError(f"{path}:{number}: nothing is known as {{{{ {name} }}}}; known are {', '.join(sorted(known))}")
    return "\n".join(_PLACEHOLDER.sub(lambda match: known[match[1]], line) for line in lines) + "\n"


def render_handout(unit: Unit) -> str:
    """Return the handout, after proving that every section the catalogue refers to is there.

    Raises:
        UnitError: an unknown placeholder, or an anchor of `unit.toml` that no heading has.
    """
    text = render("handout.md", unit)
    there = anchors(text)
    for exercise in unit.exercises:
        for function in exercise.functions:
            if function.handout not in there:
                raise UnitError(
                    f"{TEMPLATES / 'handout.md'}: no heading has the anchor {function.handout!r}, to which unit.toml sends students of "
                    f"{function.name!r}; add the section, or change 'handout' there"
                )
    return text


def anchors(markdown: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a text: lower case, hyphens for spaces, no other punctuation."""
    return {anchor(heading) for heading in headings(markdown)}


def headings(markdown: str) -> list[str]:
    """Return the headings of a text, in their order; what stands in a code block is none."""
    return _HEADING.findall(_CODE_BLOCK.sub("", markdown))


def anchor(heading: str) -> str:
    """Return the anchor of one heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def values(unit: Unit) -> dict[str, str]:
    """Return what a template may refer to: the walk-through, the points and the limits, as text."""
    walk = unit.walk_through
    numbers = {"mu": walk.mu, "sigma": walk.sigma, "epsilon": walk.epsilon, "grad_z": walk.grad_z, "beta": walk.beta}
    numbers |= {"mu_squared": walk.mu**2, "variance": walk.sigma**2, "log_var": walk.log_var, "reciprocal_sigma": 1 / walk.sigma}
    numbers |= walk.derived()
    numbers["nudge"] = 0.01 * walk.epsilon  # by how much z moves when sigma grows by 0.01
    numbers["kl_grad_log_var"] = numbers["kl_grad_sigma"] * walk.sigma / 2  # dsigma/dlog_var = sigma/2
    numbers["beta_kl_grad_sigma"] = walk.beta * numbers["kl_grad_sigma"]
    numbers["points"] = sum(exercise.points for exercise in unit.exercises if not exercise.bonus)
    numbers["bonus_points"] = sum(exercise.points for exercise in unit.exercises if exercise.bonus)
    numbers |= {"load_seconds": unit.limits.load_seconds, "call_seconds": unit.limits.call_seconds, "memory_mib": unit.limits.memory_mib}
    return {name: short(value) for name, value in numbers.items()} | {"graded_table": _graded_table(unit), "order": _order(unit)}


def short(value: float) -> str:
    """Return a number as one would write it by hand: six significant digits at most, 1.46 and -0.09, never -0."""
    return f"{value + 0.0:.6g}"


def _graded_table(unit: Unit) -> str:
    rows = ["| file | what you write | points |", "|---|---|---|"]
    for exercise in unit.exercises:
        functions = ", ".join(f"[`{function.name}`](#{function.handout})" for function in exercise.functions)
        rows.append(f"| `{exercise.name}.py` | {functions} | {short(exercise.points)}{' (bonus)' if exercise.bonus else ''} |")
    return "\n".join(rows)


def _order(unit: Unit) -> str:
    return "\n".join(
        f"   - `{exercise.name}.py`: {exercise.title} ({short(exercise.points)} points{', bonus' if exercise.bonus else ''})"
        for exercise in unit.exercises
    )
