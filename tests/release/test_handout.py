"""The handout: every section the catalogue sends students to, every number from the catalogue."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from grader.errors import UnitError
from grader.release import handout
from grader.unit import current


def test_every_anchor_of_the_catalogue_is_a_heading():
    wanted = {function.handout for exercise in current().exercises for function in exercise.functions}
    assert wanted <= handout.anchors(handout.render_handout(current()))


def test_anchors_are_those_of_github_and_code_has_none():
    text = "# The trick\n\n```text\n# not a heading\n```\n\n## Why *z*, and `u`?\n\n## Inverse CDFs\n"
    assert handout.anchors(text) == {"the-trick", "why-z-and-u", "inverse-cdfs"}


def test_the_handout_shows_the_walk_through_of_the_contract():
    text = handout.render_handout(current())
    for number in ("1.46", "0.3", "0.36", "0.168144", "0.5", "-0.45", "0.8", "-0.09"):
        assert f"| **{number}** |" in text


def test_editing_the_walk_through_changes_the_handout():
    unit = replace(current(), walk_through=replace(current().walk_through, mu=-2.0, sigma=0.5))
    text = handout.render_handout(unit)
    assert "| **-1.4** |" in text
    assert "| **1.46** |" not in text


def test_points_and_limits_come_from_the_catalogue():
    text = handout.render_handout(current())
    assert "sum to 100 points, the bonus adds up to 10" in text
    assert "20 seconds to load, a call 5 seconds" in text
    for exercise in current().exercises:
        assert f"| `{exercise.name}.py` |" in text


def test_no_placeholder_is_left_and_math_survives_markdown():
    text = handout.render_handout(current())
    assert "{{ " not in text
    # Markdown swallows a backslash before punctuation, also inside GitHub's $...$.
    assert not any(f"\\{sign}" in text for sign in ",;:!{}|[]()")


@pytest.mark.parametrize(("value", "text"), [(1.46, "1.46"), (-0.09000000000000002, "-0.09"), (-0.0, "0"), (1.0, "1"), (0.1681435513, "0.168144")])
def test_numbers_are_written_as_by_hand(value, text):
    assert handout.short(value) == text


def test_an_unknown_placeholder_is_named_with_file_and_line(tmp_path, monkeypatch):
    (tmp_path / "handout.md").write_text("# Title\n\n{{ mu }} and {{ zeta }}\n", encoding="utf-8")
    monkeypatch.setattr(handout, "TEMPLATES", tmp_path)
    with pytest.raises(UnitError, match=r"handout\.md:3: nothing is known as \{\{ zeta \}\}"):
        handout.render_handout(current())


def test_a_missing_section_is_named(tmp_path, monkeypatch):
    (tmp_path / "handout.md").write_text("# The trick\n", encoding="utf-8")
    monkeypatch.setattr(handout, "TEMPLATES", tmp_path)
    with pytest.raises(UnitError, match=r"'why-the-distribution-is-unchanged', to which unit\.toml sends students of 'sample'"):
        handout.render_handout(current())


def test_torch_behaves_as_the_table_of_the_two_graphs_says():
    def gradients(draw):
        mu, sigma = torch.tensor([0.5], requires_grad=True), torch.tensor([0.8], requires_grad=True)
        z = draw(mu, sigma)
        return z.requires_grad and [gradient.item() for gradient in torch.autograd.grad(z.sum(), (mu, sigma))]

    assert gradients(torch.normal) == [0.0, 0.0]
    assert gradients(lambda mu, sigma: torch.distributions.Normal(mu, sigma).sample()) is False
    assert gradients(lambda mu, sigma: torch.distributions.Normal(mu, sigma).rsample())[0] == 1.0


@pytest.mark.parametrize(("u", "error"), [(1e-6, 2e-12), (1e-9, 1e-9), (1e-12, 8e-7)])
def test_the_textbook_formula_of_laplace_loses_as_many_digits_as_the_handout_says(u, error):
    textbook, accurate = np.log(1 - 2 * abs(u - 0.5)), np.log(2 * u)
    assert error / 2 < abs(textbook / accurate - 1) < error * 2


def test_the_score_function_estimator_has_five_times_the_variance():
    epsilon = np.random.default_rng(0).standard_normal(1_000_000)
    z = 0.5 + 0.8 * epsilon
    pathwise, score_function = 2 * z, z**2 * epsilon / 0.8
    assert abs(pathwise.mean() - score_function.mean()) < 0.02
    assert 4.9 < score_function.var() / pathwise.var() < 5.5
