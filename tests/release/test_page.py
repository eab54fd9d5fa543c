"""The interactive page shows what it says: the graph breaks and is restored, its numbers are the solutions', both ways draw alike, one way trains."""

import random
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from selenium.webdriver.common.keys import Keys
from solution_modules import load

from grader.release.page import render_page
from grader.unit import current

sampler, backward, kl, inverse_cdf, implicit = (load(name) for name in ("sampler", "backward", "kl", "inverse_cdf", "implicit"))
WALK = current().walk_through


def test_the_page_opens_with_the_walk_through_and_follows_an_edited_one():
    text = render_page(current())
    assert '{"mu": 0.5, "sigma": 0.8, "epsilon": 1.2, "gradZ": 0.3, "beta": 1.0}' in text
    edited = render_page(replace(current(), walk_through=replace(WALK, mu=-2.0)))
    assert '{"mu": -2.0, "sigma": 0.8' in edited
    assert edited.replace('"mu": -2.0', '"mu": 0.5') == text


def test_the_page_carries_a_policy_that_forbids_every_request():
    assert "default-src 'none'" in render_page(current())


def test_the_first_numbers_are_those_of_the_handout(page):
    page.press("#mode-trick")
    derived = WALK.derived()
    names = {"z": "z", "grad_mu": "gradMu", "grad_sigma": "gradSigma", "kl": "kl", "kl_grad_mu": "klGradMu", "kl_grad_sigma": "klGradSigma"}
    for name, quantity in {**names, "total_mu": "totalMu", "total_sigma": "totalSigma"}.items():
        assert_allclose(page.quantity(quantity), derived[name], rtol=1e-12)


def test_every_edge_carries_its_numbers(page):
    page.press("#mode-trick")
    shown = {
        name: page.label(name) for name in ("localMu", "backMu", "localSigma", "backSigma", "gradZ", "klMu", "klSigma", "klBackMu", "klBackSigma")
    }
    assert shown == {
        "localMu": "∂z/∂μ = 1",
        "backMu": "0.3 · 1 = 0.3",
        "localSigma": "∂z/∂σ = ε = 1.2",
        "backSigma": "0.3 · 1.2 = 0.36",
        "gradZ": "∂L/∂z = 0.3",
        "klMu": "∂KL/∂μ = 0.5",
        "klSigma": "∂KL/∂σ = −0.45",
        "klBackMu": "× β = 0.5",
        "klBackSigma": "× β = −0.45",
    }
    assert page.label("totalMu") + page.label("totalMuIs") == "μ : 0.3 + 0.5= 0.8"
    assert page.label("totalSigma") + page.label("totalSigmaIs") == "σ : 0.36 − 0.45= −0.09"
    assert [page.text(f"[data-node={name}] .value") for name in ("mu", "sigma", "epsilon", "z", "kl")] == ["0.5", "0.8", "1.2", "1.46", "0.1681"]


def ways_back(page):
    """Whether each backward arrow is whole, by the edge it belongs to."""
    script = "return [...document.querySelectorAll('[data-backward]')].map((way) => [way.dataset.backward, way.hasAttribute('marker-end')])"
    return dict(page.run(script))


def test_switching_breaks_the_graph_and_restores_it(page):
    for _ in range(2):
        assert ways_back(page)["mu-operation"] is ways_back(page)["sigma-operation"] is False
        assert ways_back(page)["operation-z"] is ways_back(page)["z-loss"] is True
        assert page.run("return Boolean(document.querySelector('[data-break]'))")
        assert page.label("backMu") == page.label("backSigma") == "nothing arrives"
        assert page.text("[data-quantity=gradMu]") == page.text("[data-quantity=gradSigma]") == "none: stopped at the draw"
        assert "epsilon-operation" not in ways_back(page)
        page.press("#mode-trick")
        assert all(ways_back(page).values())
        assert not page.run("return Boolean(document.querySelector('[data-break]'))")
        # The noise is a leaf: a value comes from it, no gradient goes to it.
        assert page.run("return Boolean(document.querySelector('[data-forward=epsilon-operation]'))")
        assert "epsilon-operation" not in ways_back(page)
        page.press("#mode-direct")


def test_without_the_kl_path_direct_sampling_leaves_no_gradient_at_all(page):
    page.press("#show-kl")
    assert (page.label("totalMu"), page.label("totalSigma")) == ("μ : no gradient", "σ : no gradient")
    assert page.run("return getComputedStyle(document.querySelector('[data-node=kl]')).visibility") == "hidden"
    page.press("#mode-trick")
    assert (page.label("totalMu"), page.label("totalSigma")) == ("μ : 0.3", "σ : 0.36")


def test_all_values_agree_with_the_solutions_to_twelve_digits(page):
    page.press("#mode-trick")
    source = random.Random(1)  # noqa: S311  # positions of sliders
    for _ in range(10):
        mu, epsilon, grad_z = source.uniform(-3, 3), source.uniform(-3, 3), source.uniform(-2, 2)
        sigma, beta = source.uniform(0.05, 3), source.uniform(0, 4)
        for name, value in {"mu": mu, "sigma": sigma, "epsilon": epsilon, "gradZ": grad_z, "beta": beta}.items():
            page.type(f"controls-{name}", value)
        arguments = np.float64(grad_z), np.float64(mu), np.float64(sigma), np.float64(epsilon)
        expected = {"z": sampler.reparameterize(*arguments[1:]), "kl": kl.kl_divergence(*arguments[1:3])}
        expected["gradMu"], expected["gradSigma"] = backward.reparameterize_backward(*arguments)
        expected["klGradMu"], expected["klGradSigma"] = kl.kl_gradient(*arguments[1:3])
        expected["totalMu"], expected["totalSigma"] = kl.total_gradient(*arguments, beta)
        for name, value in expected.items():
            assert_allclose(page.quantity(name), value, rtol=1e-12, atol=1e-14, err_msg=name)
            assert float(page.text(f"[data-quantity={name}]").replace("−", "-")) == pytest.approx(value, rel=1e-11, abs=1e-8)


def test_a_number_that_makes_no_sense_is_refused_with_a_reason_and_changes_nothing(page):
    page.type("controls-sigma", -1.0)
    assert page.text("#controls-sigma-problem") == "This must be greater than 0."
    assert page.find("#controls-sigma-number").get_attribute("aria-invalid") == "true"
    assert page.text("[data-node=sigma] .value") == "0.8"
    page.find("#controls-mu-number").click()
    assert not page.find("#controls-sigma-problem").is_displayed()
    assert page.find("#controls-sigma-number").get_attribute("value") == "0.8"


@pytest.mark.parametrize("u", [0.0, 1.0, -0.25, 1.5])
def test_uniform_noise_lies_between_0_and_1(page, u):
    page.press("#inverse-tab")
    page.type("inverse-controls-u", u)
    assert page.text("#inverse-controls-u-problem") == "This must lie between 0 and 1."
    assert page.text("#inverse-words").startswith("u = 0.7 leads to")


def test_the_inverses_that_students_derive_are_not_in_the_page():
    script = render_page(current()).lower()
    assert "icdf" not in script
    assert "log(u)" not in script
    assert "log1p(-u)" not in script


def test_moving_a_slider_moves_z_along_a_line_with_the_trick_and_anywhere_without_it(page):
    page.press("#mode-trick")
    slider = page.find("#controls-mu-slider")
    before = page.quantity("z")
    slider.send_keys(Keys.ARROW_RIGHT)
    assert_allclose(page.quantity("z") - before, 0.01, rtol=1e-9)
    page.press("#mode-direct")
    assert_allclose(page.quantity("z") - before, 0.01, rtol=1e-9)  # switching keeps the number that is shown
    moves = []
    for _ in range(5):
        before = page.quantity("z")
        slider.send_keys(Keys.ARROW_RIGHT)
        moves.append(page.quantity("z") - before)
    assert len(set(moves)) == 5
    assert max(abs(move) for move in moves) > 0.1
    assert not page.find("#controls-epsilon-slider").is_enabled()


def test_nudging_gives_the_derivative_with_the_trick_and_chance_without_it(page):
    answers = set()
    for _ in range(3):
        page.press("[data-nudge=mu]")
        answers.add(page.text("#nudge-direct-answer .stopped"))
        assert page.text("#nudge-trick-answer .backward") == "1"
    assert len(answers) == 3
    page.press("[data-nudge=sigma]")
    assert page.text("#nudge-trick-answer .backward") == "1.2"


@pytest.mark.parametrize(("mu", "sigma"), [(WALK.mu, WALK.sigma), (-1.25, 2.5)])
def test_both_ways_fill_the_histogram_of_the_same_density(page, mu, sigma):
    page.type("controls-mu", mu)
    page.type("controls-sigma", sigma)
    for _ in range(2):
        page.press("[data-draws='5000']")
    for kind in ("direct", "trick"):
        counts = np.array(
            page.run(f"return [...document.querySelectorAll('#histogram-{kind} [data-count]')].map((bar) => Number(bar.dataset.count))")
        )
        edges = np.linspace(-4, 4, len(counts) + 1)
        share = np.diff(stats.norm.cdf(edges))
        # The chi-square test wants some draws in every bin: the tails are put together.
        tails = share * 10_000 < 10
        observed = [*counts[~tails], 10_000 - counts[~tails].sum()]
        expected = [*share[~tails] * 10_000, 10_000 * (1 - share[~tails].sum())]
        assert stats.chisquare(observed, expected).pvalue > 1e-4, kind
        assert page.text(f"#histogram-{kind}-words").startswith("10000 draws")


def test_the_button_beside_the_graph_draws_in_the_way_that_is_switched_on(page):
    page.press("#draw")
    assert page.text("#histogram-direct-words") == "1 draws so far."
    page.press("#mode-trick")
    page.press("#draw")
    epsilon = float(page.find("#controls-epsilon-number").get_attribute("value"))
    assert epsilon != WALK.epsilon
    assert_allclose(page.quantity("z"), WALK.mu + WALK.sigma * epsilon, rtol=1e-4)
    assert page.text("#histogram-trick-words") == "1 draws so far."
    page.press("#reset")
    assert page.quantity("z") == pytest.approx(1.46)


def test_training_walks_to_the_target_with_the_trick_and_stands_still_without_it(page):
    page.type("target-target", -1.5)
    page.press("#train")
    page.wait(lambda: page.find("#training").get_attribute("data-step") == "150")
    assert abs(float(page.find("#training").get_attribute("data-trick")) + 1.5) < 0.5
    assert float(page.find("#training").get_attribute("data-direct")) == WALK.mu
    assert "with direct sampling μ is 0.5, where it began" in page.text("#training-words")


def test_single_steps_train_as_well(page):
    for _ in range(3):
        page.press("#train-step")
    assert page.find("#training").get_attribute("data-step") == "3"
    page.press("#train-restart")
    assert page.find("#training").get_attribute("data-step") == "0"


def test_the_score_function_is_unbiased_and_five_times_as_noisy_where_the_handout_says_so(page):
    page.type("target-target", 0.0)
    page.press("#estimate")
    rows = {
        name: [float(cell.text.replace("−", "-")) for cell in page.find(f"#variance-{name}-row").find_elements("css selector", "td")]
        for name in ("pathwise", "score")
    }
    exact_mean = 2 * WALK.mu
    for average, measured, exact in rows.values():
        assert abs(average - exact_mean) < 5 * np.sqrt(exact / 2000) + 0.005
        assert 0.5 < measured / exact < 2
    assert 4.9 < rows["score"][2] / rows["pathwise"][2] < 5.5


ICDFS = {
    "exponential": ({"rate": (0.3, 4)}, inverse_cdf.exponential_icdf),
    "logistic": ({"loc": (-3, 3), "scale": (0.2, 2)}, inverse_cdf.logistic_icdf),
    "laplace": ({"loc": (-3, 3), "scale": (0.2, 2)}, inverse_cdf.laplace_icdf),
    "kumaraswamy": ({"a": (0.5, 5), "b": (0.5, 5)}, inverse_cdf.kumaraswamy_icdf),
}


@pytest.mark.parametrize("name", ICDFS)
def test_the_second_tab_agrees_with_the_solutions(page, name):
    page.press("#inverse-tab")
    page.press(f"#distribution [value={name}]")
    ranges, icdf = ICDFS[name]
    source = random.Random(2)  # noqa: S311  # positions of sliders
    for u in (0.02, 0.37, 0.5 + 1e-3, 0.97):
        params = [source.uniform(*bounds) for bounds in ranges.values()]
        for field, value in zip(("u", *ranges), (u, *params), strict=True):
            page.type(f"inverse-controls-{field}", value)
        z, _, *derivatives = page.run("return [...document.querySelectorAll('#inverse-numbers dd')].map((entry) => Number(entry.dataset.value))")
        assert_allclose(z, icdf(np.float64(u), *map(np.float64, params)), rtol=1e-12, atol=1e-14)
        for index, derivative in enumerate(derivatives):
            up, down = ([np.float64(value + (step if place == index else 0)) for place, value in enumerate(params)] for step in (1e-6, -1e-6))
            assert_allclose(derivative, (icdf(np.float64(u), *up) - icdf(np.float64(u), *down)) / 2e-6, rtol=1e-6, atol=1e-8)
    if name == "exponential":
        assert_allclose(derivatives, [inverse_cdf.exponential_icdf_backward(np.float64(1.0), np.float64(u), np.float64(params[0]))], rtol=1e-12)
    if name == "logistic":
        expected = inverse_cdf.logistic_icdf_backward(np.float64(1.0), np.float64(u), *map(np.float64, params))
        assert_allclose(derivatives, expected, rtol=1e-12, atol=1e-14)


def test_gradients_run_back_to_the_encoder_with_the_trick_and_no_further_than_the_draw_without_it(browser):
    browser.open(motion="no-preference")
    browser.press("#show-kl")
    pulses = "return [...document.querySelectorAll('.pulse.backward')].map((pulse) => Number(pulse.getAttribute('cx')))"
    # In the wide layout the draw's right border is at 732, the encoder's at 130.
    seen = set()
    browser.wait(lambda: seen.update(browser.run(pulses)) or len(seen) > 8)
    browser.wait(lambda: browser.run("return document.querySelectorAll('.pulse.forward').length > 0"))
    assert min(seen) > 720
    browser.press("#mode-trick")
    browser.wait(lambda: any(x < 240 for x in browser.run(pulses)))
    browser.press("#animate")
    assert browser.run("return document.querySelectorAll('.pulse').length") == 0
    assert browser.complaints() == []


def test_who_wants_less_motion_gets_none(page):
    assert page.run("return document.querySelectorAll('.pulse').length") == 0
    assert page.text("#animate") == "Play the animation"
    page.press("#train")
    assert page.find("#training").get_attribute("data-step") == "150"
