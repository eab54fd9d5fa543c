from __future__ import annotations

from pathlib import Path

import pytest
from made_up import HINT, INJECTION, UNIT, big_class, hostile_grade, result, write
from report_in_browser import Browser

from grader.model import Curve, Grade, Observed, Outcome, Picture, Status
from grader.report import class_page, student_page

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
SENTENCES = {"kl-gradient-missing-reciprocal": ("The derivative of the logarithm is missing.", "Differentiate again.")}
LARGEST_PAGE = 5_000_000


def class_report(grades: list[Grade]) -> bytes:
    return class_page.files(grades, UNIT, SENTENCES, {grade.result.file_name for grade in grades})["report.html"]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    hostile, observed = hostile_grade()
    fault = Grade(result("fault", status=Status.FAULT, message="The grader itself failed."), 100.0)
    rejected = Grade(result("rejected", status=Status.REJECTED, message=f"Nothing could be read. {INJECTION}"), 100.0)
    unjudged = {
        "kl_gradient_formula": (Outcome.FAILED, HINT, None),
        "kl_gradient_inputs_unmodified": (Outcome.FAILED, "This is judged only once `kl_gradient_formula` passes.", None),
    }
    picture = Picture("What `kl_gradient` says.", "mu", curves=(Curve("yours", (0.0, 1.0), (0.0, 1.0)),))
    made = {
        "waiting": student_page.page(Grade(result("waiting", unjudged), 100.0), Observed(pictures={"kl_gradient_formula": picture}), UNIT),
        "hostile": student_page.page(hostile, observed, UNIT),
        "fault": student_page.page(fault, Observed(), UNIT),
        "rejected": student_page.page(rejected, Observed(), UNIT),
        "perfect": student_page.page(Grade(result("perfect"), 100.0), Observed(), UNIT),
        "class": class_report([*big_class(40), hostile, fault, rejected]),
        "empty class": class_report([]),
        "large class": class_report(big_class(1000)),
    }
    return {name: write(folder / f"{name}.html", content) for name, content in made.items()}


@pytest.mark.parametrize("name", ["hostile", "fault", "rejected", "perfect", "class", "empty class"])
def test_a_page_asks_for_nothing_and_complains_about_nothing(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name])
    assert browser.requests() == [pages[name].as_uri()]
    assert browser.complaints() == []


@pytest.mark.parametrize("name", ["hostile", "rejected", "class", "large class"])
def test_injected_html_is_shown_as_text_and_does_nothing(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name])
    assert INJECTION[:120] in browser.run("return document.body.innerText") or INJECTION[:30] in browser.run("return document.body.textContent")
    assert browser.run("return typeof window.hit") == "undefined"
    assert browser.run("return document.querySelectorAll('img, iframe, object, body style').length") == 0
    assert browser.run("return document.querySelectorAll('script').length") == (1 if "class" in name else 0)


@pytest.mark.parametrize("name", ["hostile", "class"])
def test_a_mark_that_slipped_through_all_escaping_could_not_act(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name])
    slipped = (
        "<img src='https://example.org/x.png' onerror='window.hit=1'><form action='https://example.org'></form><base href='https://example.org'>"
    )
    browser.run("document.body.insertAdjacentHTML('beforeend', arguments[0])", slipped)
    browser.run("const s = document.createElement('script'); s.textContent = 'window.hit = 2'; document.body.append(s)")
    assert browser.run("return typeof window.hit") == "undefined"
    assert not [address for address in browser.requests() if address.startswith("http")]
    assert any("Content Security Policy" in complaint for complaint in browser.complaints())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("name", ["hostile", "fault", "rejected", "perfect", "class", "empty class"])
def test_a_page_can_be_read_by_everybody(browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: str) -> None:
    browser.open(pages[name], width, scheme)
    assert browser.run(AUDIT) == []


def test_a_student_sees_points_mistake_handout_and_the_marked_lines(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    text = browser.run("return document.querySelector('#kl').innerText")
    assert "14" not in text.splitlines()[0]
    assert HINT in text
    assert "known mistake: kl gradient missing reciprocal" in text
    assert browser.run("return document.querySelector('#kl .concerned td').textContent").startswith("def kl_gradient(")
    assert browser.run("return document.querySelector('#encoder .error th').textContent") == "marked: 4"
    link = browser.run("return document.querySelector('#encoder .message a').hash")
    assert browser.run("return document.querySelector(arguments[0]).className", link) == "concerned error"
    assert browser.run("return document.querySelectorAll('#sampler figure .column').length") == 33  # bars and the legend's sample


def test_a_check_that_waits_for_another_is_not_called_wrong(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["waiting"])
    text = browser.run("return document.querySelector('#kl').innerText")
    assert "not judged until the above is right: inputs unmodified (0.5)" in text
    assert "judged only once" not in text


def test_code_in_a_caption_is_shown_as_code(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["waiting"])
    assert browser.run("return document.querySelector('#kl figcaption code').textContent") == "kl_gradient"
    assert "`" not in browser.run("return document.querySelector('#kl figure').textContent")


def test_the_total_says_how_it_came_about(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    rows = browser.run("return [...document.querySelectorAll('main table')[0].rows].map((row) => row.cells[1].innerText)")
    assert rows == ["Points", "94.5", "+2", "\N{MINUS SIGN}10 %"]


def test_the_keyboard_reaches_the_content_first_and_the_listing(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    order = browser.run("return [...document.querySelectorAll('a, [tabindex], summary, button, input')].map((one) => one.className || one.tagName)")
    assert order[0] == "skip"
    assert "listing" in order


def test_on_paper_everything_is_open_and_nothing_is_cut(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.run("return [...document.querySelectorAll('.listing')].every((one) => getComputedStyle(one).overflowY === 'visible')")
        assert browser.run("return getComputedStyle(document.querySelector('.skip')).display") == "none"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_table_of_students_is_sorted_and_filtered(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["class"])
    scores = "return [...document.querySelectorAll('#students tbody tr')].map((row) => row.cells[1].textContent)"
    press = "document.querySelectorAll('#students thead button')[1].click()"
    browser.run(press)
    found = [float(score or "-inf") for score in browser.run(scores)]
    assert found == sorted(found)
    browser.run(press)
    assert [float(score or "-inf") for score in browser.run(scores)] == sorted(found, reverse=True)
    assert browser.run("return document.querySelectorAll('#students thead th')[1].getAttribute('aria-sort')") == "descending"
    find = "const i = document.querySelector('#students-filter'); i.value = arguments[0]; i.dispatchEvent(new Event('input'))"
    browser.run(find, "student 0007")
    assert browser.run("return [...document.querySelectorAll('#students tbody tr')].filter((row) => !row.hidden).length") == 1
    assert browser.run("return document.querySelector('[data-table=students] output').textContent") == "1 of 43"


def test_a_class_of_a_thousand_stays_a_small_page_with_everybody_in_it(browser: Browser, pages: dict[str, Path]) -> None:
    assert pages["large class"].stat().st_size < LARGEST_PAGE
    browser.open(pages["large class"])
    assert browser.run("return document.querySelector('#students').tBodies[0].rows.length") == 1000
    assert browser.complaints() == []
