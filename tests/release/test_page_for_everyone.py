"""The interactive page for every reader: by keyboard, with a screen reader, in the dark, on a telephone, on paper."""

import itertools

import pytest
from selenium.webdriver.common.keys import Keys

TABS = ["#graph-tab", "#inverse-tab"]


def focused(page):
    return page.run("return document.activeElement.id || document.activeElement.tagName")


def walk(page, *keys):
    for key in keys:
        page.driver.switch_to.active_element.send_keys(key)
    return focused(page)


def test_the_tab_key_leads_through_the_graph_in_reading_order(page):
    page.run("document.body.focus()")
    order = [walk(page, Keys.TAB) for _ in range(8)]
    assert order[1:] == [
        "graph-tab",
        "mode-direct",
        "controls-mu-slider",
        "controls-mu-number",
        "controls-sigma-slider",
        "controls-sigma-number",
        "controls-gradZ-slider",  # direct sampling has no noise to hold on to
    ]


def test_everything_can_be_done_from_the_keyboard(page):
    page.run("document.getElementById('graph-tab').focus()")
    assert walk(page, Keys.TAB, Keys.ARROW_RIGHT) == "mode-trick"
    assert "The trick" in page.text("#summary")
    assert walk(page, Keys.TAB, Keys.END) == "controls-mu-slider"
    assert page.quantity("klGradMu") == 3
    page.run("document.getElementById('draw').focus()")
    walk(page, Keys.ENTER)
    assert page.text("#histogram-trick-words") == "1 draws so far."
    page.run("document.getElementById('graph-tab').focus()")
    assert walk(page, Keys.ARROW_RIGHT) == "inverse-tab"
    assert page.find("#inverse-panel").is_displayed()
    assert not page.find("#graph-panel").is_displayed()
    page.run("document.querySelector('#distribution input').focus()")
    walk(page, Keys.ARROW_DOWN)
    assert page.find("#distribution [value=logistic]").is_selected()
    page.run("document.getElementById('inverse-tab').focus()")
    assert walk(page, Keys.HOME) == "graph-tab"


def test_a_link_can_lead_straight_to_the_second_tab(browser):
    browser.open(fragment="#inverse-cdfs")
    assert browser.find("#inverse-panel").is_displayed()


@pytest.mark.parametrize("tab", TABS)
def test_everything_that_can_be_operated_or_seen_has_a_name(page, tab):
    page.press(tab)
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {"button", "slider", "spinbutton", "radio", "checkbox", "tab", "tabpanel", "image", "img", "group", "region"}
    seen = [
        (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"] and node["role"]["value"] in roles
    ]
    assert {"slider", "spinbutton", "tab", "tabpanel"} <= {role for role, _ in seen}
    assert [role for role, name in seen if not name.strip() and role != "group"] == []
    operated = [name for role, name in seen if role in {"slider", "spinbutton", "button", "tab"}]
    assert len(set(operated)) == len(operated), "two controls cannot be told apart by their names"


def test_what_changes_is_told_to_screen_readers(page):
    page.press("#mode-trick")
    page.wait(lambda: page.text("#announcement").startswith("The trick: the gradient 0.3 passes through"))
    assert page.find("#announcement").get_attribute("aria-live") == "polite"
    assert page.text("#graph-description") == page.text("#announcement")


CONTRASTS = """
const luminance = (colour) => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const solid = (colour) => !/^rgba\\(.*, 0\\)$/.test(colour) && colour !== 'transparent';
const behind = (element) => {
  for (let place = element; place; place = place.parentElement) {
    const shape = place.matches('.node') ? place.querySelector('rect, circle') : null;
    if (shape) return getComputedStyle(shape).fill;
    const colour = getComputedStyle(place).backgroundColor;
    if (solid(colour)) return colour;
  }
  return getComputedStyle(document.documentElement).backgroundColor;
};
const found = [];
for (const element of document.querySelectorAll('body *')) {
  const words = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join('');
  if (!words || !element.checkVisibility({ visibilityProperty: true }) || element.closest('script, style, title, desc, :disabled')) continue;
  const style = getComputedStyle(element);
  const [ink, paper] = [luminance(element.closest('svg') ? style.fill : style.color), luminance(behind(element))];
  found.push([words, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)]);
}
return found;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["#mode-direct", "#mode-trick"])
def test_all_words_stand_out_from_what_is_behind_them(browser, scheme, mode):
    browser.open(scheme=scheme)
    browser.press("summary")
    browser.press(mode)
    contrasts = browser.run(CONTRASTS)
    browser.press("#inverse-tab")
    contrasts += browser.run(CONTRASTS)
    assert len(contrasts) > 150
    assert [(words, round(contrast, 2)) for words, contrast in contrasts if contrast < 4.5] == []


@pytest.mark.parametrize("width", [320, 360, 600, 900, 1600])
def test_nothing_is_wider_than_the_screen(browser, width):
    browser.open(width=width)
    for mode, tab in itertools.product(["#mode-direct", "#mode-trick"], TABS):
        browser.press("#graph-tab")
        browser.press(mode)
        browser.press(tab)
        assert browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (mode, tab)


LABELS = """
return [...document.querySelectorAll('#graph [data-label], #graph .node')].map((element) => {
  const { x, y, width, height } = element.getBBox();
  return [element.textContent, x, y, x + width, y + height];
}).filter(([words]) => words);
"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("mode", ["#mode-direct", "#mode-trick"])
@pytest.mark.parametrize(
    "values", [{}, {"mu": -2.345, "sigma": 1.257, "epsilon": -2.135, "gradZ": -1.875, "beta": 3.25}], ids=["defaults", "long numbers"]
)
def test_labels_of_the_graph_are_inside_it_and_clear_of_each_other(browser, width, mode, values):
    browser.open(width=width)
    browser.press("#mode-trick")
    for name, value in values.items():
        browser.type(f"controls-{name}", value)
    browser.press(mode)
    boxes = browser.run(LABELS)
    right, bottom = browser.run("const { width, height } = document.getElementById('graph').viewBox.baseVal; return [width, height]")
    assert [words for words, x1, y1, x2, y2 in boxes if x1 < 0 or y1 < 0 or x2 > right or y2 > bottom] == []
    slack = 4  # a line of text is higher than its letters
    overlapping = [
        (first[0], second[0])
        for first, second in itertools.combinations(boxes, 2)
        if min(first[3], second[3]) - max(first[1], second[1]) > slack and min(first[4], second[4]) - max(first[2], second[2]) > slack
    ]
    assert overlapping == []


def test_on_paper_both_tabs_are_there_and_nothing_to_press(page):
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.find("#graph-panel").is_displayed()
    assert page.find("#inverse-panel").is_displayed()
    assert not page.find("#draw").is_displayed()
    page.run("dispatchEvent(new Event('afterprint'))")
    assert not page.find("#inverse-panel").is_displayed()
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
