from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from report_in_browser import Browser

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    window = Browser(tmp_path_factory.mktemp("profile"))
    yield window
    window.driver.quit()
