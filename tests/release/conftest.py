"""Settings and fixtures for the tests of this folder."""

import pytest
from hypothesis import settings
from page_in_browser import Page

from grader.release import page_path

# A busy machine is no bug: nothing here is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def browser():
    page = Page(page_path())
    yield page
    page.close()


@pytest.fixture
def page(browser):
    """The page, freshly loaded; afterwards nothing may have complained, and nothing may have been fetched."""
    browser.open()
    yield browser
    assert browser.complaints() == []
    assert {address.partition(":")[0] for address in browser.requests()} <= {"file", "data", "about"}
