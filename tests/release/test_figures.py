"""The handout's pictures: the catalogue's numbers, the same bytes every time, nothing fetched, words for those who cannot see them."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader.release.figures import figures
from grader.unit import current

PICTURES = figures(current())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_self_contained_and_described(name):
    root = ElementTree.fromstring(PICTURES[name])  # noqa: S314  # our own text
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text
    assert len(root.find(f"{SVG}desc").text) > 40
    assert not re.search(r"href|url\(|@import|<script|<image", PICTURES[name])
    assert "prefers-color-scheme: dark" in PICTURES[name]


def words(picture: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314  # our own text


def test_the_working_graph_shows_the_walk_through_and_the_broken_one_shows_no_gradient_behind_the_draw():
    works, broken = (words(PICTURES[f"figures/graph_{name}.svg"]) for name in ("reparameterized", "direct"))
    assert {"0.3 · 1 = 0.3", "0.3 · 1.2 = 0.36", "∂z/∂σ = ε = 1.2", "∂L/∂z = 0.3", "1.46", "learns from"} <= set(works)
    assert {"no ∂z/∂μ: nothing arrives", "a draw has no slope.", "hears nothing", "∂L/∂z = 0.3", "1.46"} <= set(broken)
    assert 'class="stopped"' in PICTURES["figures/graph_direct.svg"]
    assert 'class="stopped"' not in PICTURES["figures/graph_reparameterized.svg"]


def test_editing_the_walk_through_changes_every_picture():
    edited = figures(replace(current(), walk_through=replace(current().walk_through, mu=-2.0, sigma=0.5, grad_z=-0.7)))
    assert not [name for name, text in edited.items() if text == PICTURES[name]]
    assert "(−0.7) · 1.2 = −0.84".replace("−", "-") in words(edited["figures/graph_reparameterized.svg"])


def test_shared_noise_is_one_number_for_all_draws_of_a_step():
    heights = [float(y) for y in re.findall(r'class="dot" cx="[\d.]+" cy="([\d.]+)"', PICTURES["figures/shared_noise.svg"])]
    own, shared = heights[: len(heights) // 2], heights[len(heights) // 2 :]
    assert len(own) == len(shared) == 8 * 12
    assert [len(set(shared[start : start + 12])) for start in range(0, 96, 12)] == [1] * 8
    assert min(len(set(own[start : start + 12])) for start in range(0, 96, 12)) > 9
