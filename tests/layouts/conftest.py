from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def lay(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Write files by their paths below a class folder, and return that."""

    def write(files: dict[str, str | bytes], root: str = "class") -> Path:
        for name, content in files.items():
            path = tmp_path / root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / root

    return write
