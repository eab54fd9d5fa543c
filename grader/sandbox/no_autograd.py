"""Placeholder until the gate arrives."""

from __future__ import annotations

from typing import Any

Gate = Any


def find() -> Gate:
    """Nothing yet."""
    return None


def arm(gate: Gate) -> None:
    """Nothing yet."""


def disarm(gate: Gate) -> None:
    """Nothing yet."""
