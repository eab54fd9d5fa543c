"""Where things stand in a picture: numbers in, SVG coordinates out. The templates draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.model import Picture

WIDTH, HEIGHT = 560.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 12.0, 40.0
MOST_TICKS = 6
# Numbers closer together, or further out, are nothing that could be drawn.
TINIEST, HUGEST = 1e-9, 1e15
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in SVG units: bars as (x, y, width, height), curves as (label, points)."""

    bars: Sequence[tuple[float, float, float, float]]
    curves: Sequence[tuple[str, str]]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    bottom: float = HEIGHT - BOTTOM


def drawing(picture: Picture) -> Drawing | None:
    """The picture laid out; None where there is nothing to draw: numbers that are not finite, all alike, or too far out."""
    xs = [x for x in (*picture.edges, *(x for curve in picture.curves for x in curve.x)) if math.isfinite(x)]
    ys = [y for y in (*picture.heights, *(y for curve in picture.curves for y in curve.y)) if math.isfinite(y)]
    if not xs or not ys or max(xs) - min(xs) < TINIEST or max(map(abs, (*xs, *ys))) > HUGEST:
        return None
    x_low, x_high = min(xs), max(xs)
    y_low, y_high = (min(0.0, *ys), max(0.0, *ys)) if picture.heights else (min(ys), max(ys))
    y_high = y_high + 0.06 * (y_high - y_low) if y_high - y_low > TINIEST else y_low + 1.0

    def across(x: float) -> float:
        return round(LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT), 1)

    def down(y: float) -> float:
        return round(HEIGHT - BOTTOM - (y - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM), 1)

    bars = [
        (across(left), min(down(height), down(0.0)), round(across(right) - across(left), 1), round(abs(down(0.0) - down(height)), 1))
        for left, right, height in zip(picture.edges, picture.edges[1:], picture.heights, strict=False)
        if all(map(math.isfinite, (left, right, height)))
    ]
    curves = [
        (curve.label, " ".join(f"{across(x)},{down(y)}" for x, y in zip(curve.x, curve.y, strict=False) if math.isfinite(x) and math.isfinite(y)))
        for curve in picture.curves
    ]
    x_ticks, y_ticks = (
        [Tick(place(value), f"{value:.6g}") for value in _round_values(low, high)]
        for place, low, high in ((across, x_low, x_high), (down, y_low, y_high))
    )
    return Drawing(bars, curves, x_ticks, y_ticks)


def _round_values(low: float, high: float) -> Iterator[float]:
    """A few round numbers between two."""
    rough = (high - low) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    for number in range(first, first + 2 * MOST_TICKS):
        if number * step > high + 1e-9 * step:
            return
        yield round(number * step, 12) + 0.0
