"""Draws the handout's pictures as SVG: the broken and the working graph with the walk-through's numbers, and two mistakes that can be seen.

Written by hand rather than by a plotting library, so that the same catalogue gives the same bytes on every machine. Each picture brings its own
background and both colour schemes, so it can stand on any page.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean
from typing import Literal

from grader.release.handout import TEMPLATES, short
from grader.unit import Unit, WalkThrough

_STYLE = TEMPLATES / "page" / "figure.css"
_Point = tuple[float, float]
_Kind = Literal["forward", "backward", "stopped"]


def figures(unit: Unit) -> dict[str, str]:
    """Return the text of each picture, by its path inside `exercises/`."""
    walk = unit.walk_through
    return {
        "figures/graph_direct.svg": _graph(walk, direct=True),
        "figures/graph_reparameterized.svg": _graph(walk, direct=False),
        "figures/shared_noise.svg": _shared_noise(walk),
        "figures/variance_for_sd.svg": _variance_for_sd(walk),
    }


def _svg(width: int, height: int, title: str, description: str, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description">',
            f'<title id="title">{title}</title>',
            f'<desc id="description">{description}</desc>',
            f"<style>\n{_STYLE.read_text(encoding='utf-8').strip()}\n</style>",
            f'<rect class="paper" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="10"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    """Text; a letter after an underscore is a symbol, in italics."""
    pieces = words.split("_")
    content = pieces[0] + "".join(f'<tspan class="symbol">{piece[0]}</tspan>{piece[1:]}' for piece in pieces[1:])
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{kind}">{content}</text>'


def _arrow(start: _Point, end: _Point, kind: _Kind, side: float = 5) -> str:
    """An arrow a little to the side of the line between two points, so that forward and backward run next to each other."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    along_x, along_y = (x2 - x1) / length, (y2 - y1) / length
    x1, y1, x2, y2 = x1 - along_y * side, y1 + along_x * side, x2 - along_y * side, y2 + along_x * side
    line = f'<path class="{kind}" d="M{x1:.1f} {y1:.1f}L{x2 - along_x * 6:.1f} {y2 - along_y * 6:.1f}"/>'
    if kind == "stopped":
        return line
    left, right = (f"{x2 - along_x * 10 + turn * along_y * 5:.1f},{y2 - along_y * 10 - turn * along_x * 5:.1f}" for turn in (1, -1))
    return f'{line}<polygon class="{kind}-head" points="{x2:.1f},{y2:.1f} {left} {right}"/>'


def _graph(walk: WalkThrough, *, direct: bool) -> str:
    at = walk.derived()
    through_draw: _Kind = "stopped" if direct else "backward"
    edges: list[tuple[_Point, _Point, _Kind]] = [
        ((124, 135), (220, 76), through_draw),
        ((124, 165), (220, 224), through_draw),
        ((282, 72), (414, 130), through_draw),
        ((282, 228), (414, 170), through_draw),
        ((574, 150), (632, 150), "backward"),
        ((700, 150), (748, 150), "backward"),
    ]
    parts = [arrow for start, end, back in edges for arrow in (_arrow(start, end, "forward"), _arrow(end, start, back))]
    parts += [_box(74, 150, 100, "node", "encoder"), _box(804, 150, 100, "node", "decoder", "loss _L")]
    parts += [_circle(250, 62, "_μ", walk.mu), _circle(250, 238, "_σ", walk.sigma), _circle(666, 150, "_z", at["z"])]
    parts.append(_text(726, 104, f"∂_L/∂_z = {short(walk.grad_z)}", "gradient"))
    if direct:
        title, description, words = _DIRECT
        parts += [_box(494, 150, 156, "die", "draw _z from", "_N(_μ, _σ²)"), _cross(573, 150)]
    else:
        title, description, words = _REPARAMETERIZED
        parts += [_box(494, 150, 156, "number", "_μ + _σ · _ε"), _arrow((494, 82), (494, 115), "forward", side=0)]
        parts.append(_circle(494, 52, "_ε", walk.epsilon, "noise"))
        parts.append(_text(336, 74, f"{_factor(walk.grad_z)} · 1 = {short(at['grad_mu'])}", "gradient", "start"))
        parts.append(_text(336, 240, f"∂_z/∂_σ = _ε = {short(walk.epsilon)}", "aside", "start"))
        parts.append(_text(336, 260, f"{_factor(walk.grad_z)} · {_factor(walk.epsilon)} = {short(at['grad_sigma'])}", "gradient", "start"))
    return _svg(870, 300, title, description, [*parts, *(_text(*label) for label in words)])


# Title, description, and what is written where: x, y, words, kind, anchor.
_DIRECT = (
    "Direct sampling: the broken graph",
    "The gradient comes back from the decoder as far as the draw of z and stops. Nothing reaches mu, sigma and the encoder.",
    [
        (624, 218, "The way back ends:", "alarm", "middle"),
        (624, 238, "a draw has no slope.", "alarm", "middle"),
        (344, 62, "no ∂_z/∂_μ: nothing arrives", "alarm", "start"),
        (344, 262, "no ∂_z/∂_σ: nothing arrives", "alarm", "start"),
        (74, 206, "hears nothing", "alarm", "middle"),
        (74, 226, "of the decoder", "alarm", "middle"),
    ],
)
_REPARAMETERIZED = (
    "The trick: the working graph",
    "The gradient passes from the decoder through z = mu + sigma epsilon to mu, sigma and the encoder; epsilon is a leaf.",
    [
        (534, 46, "a leaf: no parameters,", "aside", "start"),
        (534, 66, "needs no gradient", "aside", "start"),
        (336, 54, "∂_z/∂_μ = 1", "aside", "start"),
        (74, 206, "learns from", "gradient", "middle"),
        (74, 226, "the decoder", "gradient", "middle"),
    ],
)


def _factor(value: float) -> str:
    return f"({short(value)})" if value < 0 else short(value)


def _box(x: float, y: float, width: float, kind: str, *lines: str) -> str:
    first = y + 5 - 10 * (len(lines) - 1)
    words = "".join(_text(x, first + 20 * index, line) for index, line in enumerate(lines))
    return f'<rect class="{kind}" x="{x - width / 2:g}" y="{y - 33:g}" width="{width:g}" height="66" rx="9"/>{words}'


def _circle(x: float, y: float, name: str, value: float, kind: str = "number") -> str:
    return f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="31"/>' + _text(x, y - 3, name) + _text(x, y + 16, short(value), "value")


def _cross(x: float, y: float) -> str:
    arms = "".join(f'<path class="cross" d="M{x - 7:g} {y - 7 * turn:g}L{x + 7:g} {y + 7 * turn:g}"/>' for turn in (1, -1))
    return f'<circle class="paper" cx="{x:g}" cy="{y:g}" r="15"/>{arms}'


def _shared_noise(walk: WalkThrough) -> str:
    """Eight training steps with twelve examples each, once with noise of their own and once with one epsilon for the whole batch."""
    source = random.Random(2014)  # noqa: S311  # dots of a picture
    standard = NormalDist()

    def noise() -> float:
        # `random()` is the part of Python's generator whose sequence is promised to stay.
        return standard.inv_cdf(min(max(source.random(), 0.01), 0.99))

    own = [[noise() for _ in range(12)] for _ in range(8)]
    shared = [[epsilon] * 12 for epsilon in (noise() for _ in range(8))]
    parts = []
    for left, title, steps in ((40, "one ε for every element", own), (460, "one ε for the whole batch", shared)):
        parts += [_text(left + 180, 34, title, "heading"), f'<path class="axis" d="M{left} 240H{left + 370}M{left} 240V52" fill="none"/>']
        parts += [_text(left + 370, 262, "training step", "aside", "end"), _text(left - 14, 62, "_z")]
        for column, step in enumerate(steps):
            x = left + 30 + 44 * column
            heights = [146 - 36 * epsilon for epsilon in step]
            parts += [f'<circle class="dot" cx="{x + 1.2 * place - 6.6:.1f}" cy="{y:.1f}" r="3.4"/>' for place, y in enumerate(heights)]
            parts.append(f'<path class="mean" d="M{x - 14} {fmean(heights):.1f}h28"/>')
    caption = f"12 draws from N({short(walk.mu)}, {short(walk.sigma)}²) a step, and their mean as a bar: only on the left does it calm down"
    parts.append(_text(430, 290, caption, "aside"))
    description = "With noise of their own the draws of a batch spread, and their mean is calm. With shared noise all draws of a step are one number."
    return _svg(870, 304, "Independent noise and shared noise", description, parts)


def _variance_for_sd(walk: WalkThrough) -> str:
    wanted, got = NormalDist(walk.mu, walk.sigma), NormalDist(walk.mu, walk.sigma**2)
    spread = 4 * max(walk.sigma, walk.sigma**2)
    peak = max(wanted.pdf(walk.mu), got.pdf(walk.mu))

    def path(density: Callable[[float], float], kind: str) -> str:
        points = [(walk.mu + spread * (index / 60 - 1), 40 + 6.5 * index) for index in range(121)]
        steps = "L".join(f"{x:.1f} {236 - 190 * density(z) / peak:.1f}" for z, x in points)
        return f'<path class="curve {kind}" d="M{steps}"/>'

    parts = ['<path class="axis" d="M40 237H830"/>', path(wanted.pdf, ""), path(got.pdf, "wrong")]
    parts += [_text(820, 258, "_z", "aside", "end"), _text(430, 258, f"_μ = {short(walk.mu)}", "aside")]
    parts += [_text(40, 40, f"_μ + _σ · _ε : standard deviation {short(walk.sigma)}", "value", "start")]
    parts += [_text(40, 64, f"_μ + _σ² · _ε : standard deviation {short(walk.sigma**2)}", "alarm", "start")]
    description = "Two bell curves around mu: multiplying the noise by the variance gives draws with the wrong spread."
    return _svg(870, 274, "The variance in the place of the standard deviation", description, parts)
