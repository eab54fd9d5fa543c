"""Loads the solutions for tests, under names that collide with nothing."""

import importlib.util
from types import ModuleType

from grader.unit import data_directory


def load(name: str) -> ModuleType:
    """Import `solutions/<name>.py`."""
    spec = importlib.util.spec_from_file_location(f"solution_{name}", data_directory("solutions") / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
