"""The handout as a page: the text of the Markdown, formulas as MathML, pictures inside, nothing fetched."""

import re
import shutil
import tempfile

import pytest
from page_in_browser import start

from grader.errors import UnitError
from grader.release.figures import figures
from grader.release.handout import anchors, render_handout
from grader.release.handout_html import render_handout_html
from grader.unit import current

MARKDOWN, PICTURES = render_handout(current()), figures(current())
HTML = render_handout_html(MARKDOWN, PICTURES)


def render(markdown: str) -> str:
    return render_handout_html(markdown, PICTURES)


def test_every_section_has_the_anchor_it_has_on_github_and_every_link_inside_leads_somewhere():
    there = set(re.findall(r'<h[1-6] id="([^"]+)"', HTML))
    assert there == anchors(MARKDOWN)
    assert set(re.findall(r'href="#([^"]+)"', HTML)) <= there


def test_no_formula_is_left_untranslated():
    visible = re.sub(r"(?s)<pre>.*?</pre>|<code>.*?</code>|<style>.*?</style>", "", HTML)
    assert "$" not in visible
    assert not re.search(r">[^<]*\\[a-zA-Z]", visible)
    assert HTML.count("<math") > 150


def test_pictures_are_inside_and_nothing_is_fetched():
    assert HTML.count('src="data:image/svg+xml;base64,') == len(PICTURES)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', HTML)
    assert "default-src 'none'" in HTML


def test_a_picture_can_be_read_on_a_phone_and_the_page_stays_as_wide_as_the_screen(tmp_path):
    (tmp_path / "handout.html").write_text(HTML, encoding="utf-8")
    profile = tempfile.mkdtemp(prefix="handout-test-")
    driver = start(profile)
    try:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        driver.get((tmp_path / "handout.html").as_uri())
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
        widths = driver.execute_script("return [...document.images].map((one) => one.getBoundingClientRect().width)")
        assert len(widths) == len(PICTURES)
        assert min(widths) >= 640
        assert driver.execute_script("return [...document.querySelectorAll('.picture')].every((one) => one.tabIndex === 0)")
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def test_answers_are_folded_away():
    assert HTML.count("<b>Check yourself.</b>") == MARKDOWN.count("<b>Check yourself.</b>") >= 12
    assert HTML.count("<details>") == HTML.count("</details>") > 12
    assert "<details open" not in HTML


def test_letters_are_those_that_browsers_draw():
    assert "<mi>𝒩</mi>" in HTML
    assert "<mi>𝔼</mi>" in HTML
    assert "<mi>Uniform</mi>" in HTML


def test_a_picture_that_is_not_drawn_is_named():
    with pytest.raises(UnitError, match=r"refers to the picture 'figures/missing\.svg'"):
        render("![nothing](figures/missing.svg)\n")


@pytest.mark.parametrize("formula", [r"\nosuchcommand x", r"\mathfrak N", r"\left("])
def test_a_formula_that_cannot_be_shown_is_named(formula):
    with pytest.raises(UnitError, match=r"handout\.md: the formula .* MathML"):
        render(f"So ${formula}$.\n")
