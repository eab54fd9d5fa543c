from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from grader.checks.pictures import BINS, POINTS, entries_of, gradient, gradient_of_draws, histogram, pictured
from grader.cli import main
from grader.model import CheckResult, ExerciseResult, Outcome, Picture, Program, Result, Source, Status, Submission
from grader.observation import CheckFailed, Observation, Student, StudentFault
from grader.report.drawing import TOP, drawing
from grader.results.observed import decode_observed, encode_observed, observe
from grader.unit import current, data_directory

GRIDS = ("mu", np.linspace(-1.0, 1.0, POINTS)), ("sigma", np.linspace(0.5, 2.0, POINTS))


class Direct:
    """A student whose functions are called in this very process."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def call(self, function: str, *arguments: Any, repeat: int = 1, keywords: Any = None, seed: int = 0) -> Observation:  # noqa: ARG002  # the protocol's
        return Observation((self.function(*arguments),), (), frozenset())

    gradients = call

    def renew(self) -> None:
        """It remembers nothing."""


def divergence(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


def drawn(function: Callable[..., Any]) -> Picture | None:
    student: Student = Direct(function)  # type: ignore[assignment]  # only `call` is needed
    return gradient(entries_of(student, "kl_gradient"), "kl_gradient", divergence, GRIDS, (0.5, 0.8))


def test_a_histogram_shows_shares_beside_the_density_and_says_what_lies_outside() -> None:
    picture = histogram(np.random.default_rng(1).standard_normal(50_000) * 3)
    assert len(picture.heights) == BINS
    assert len(picture.edges) == BINS + 1
    inside = sum(picture.heights) * (picture.edges[1] - picture.edges[0])
    assert inside == pytest.approx(0.818, abs=0.01)
    assert "18 % of them lie outside" in picture.caption
    assert picture.curves[0].y[BINS] == pytest.approx(0.3989)


def test_a_wrong_gradient_is_drawn_for_the_argument_it_is_wrong_in() -> None:
    picture = drawn(lambda mu, sigma: (mu, sigma))
    assert picture
    assert picture.x_label == "sigma"
    numerical, own = picture.curves
    assert own.y == own.x
    assert np.allclose(numerical.y, np.array(own.x) - 1 / np.array(own.x), atol=2e-3)
    assert drawn(lambda mu, sigma: (-mu, sigma)).x_label == "mu"  # type: ignore[union-attr]  # there is one


def test_a_wrong_backward_pass_is_drawn_over_the_noise() -> None:
    walk = current().walk_through
    student: Student = Direct(lambda grad_z, mu, sigma, epsilon: (grad_z, grad_z * sigma))  # type: ignore[assignment]  # only `call` is needed
    picture = gradient_of_draws(entries_of(student, "reparameterize_backward"), "reparameterize_backward", walk)
    assert picture
    assert picture.x_label == "epsilon"
    assert "derivative by sigma" in picture.caption
    numerical, own = picture.curves
    assert np.allclose(numerical.y, walk.grad_z * np.array(numerical.x), atol=1e-3)
    assert own.y == pytest.approx([walk.grad_z * walk.sigma] * POINTS)
    right: Student = Direct(lambda grad_z, mu, sigma, epsilon: (grad_z, grad_z * epsilon))  # type: ignore[assignment]  # as above
    assert gradient_of_draws(entries_of(right, ""), "", walk) is None


WRONG = {
    "reparameterize_backward_formula": ("backward", "grad_z * epsilon, np.shape", "grad_z * sigma, np.shape", "epsilon"),
    "Reparameterize_gradient": ("backward", "grad_z * epsilon, None", "grad_z, None", "epsilon"),
    "encoder_backward_formula": ("encoder", "epsilon * sigma / 2", "epsilon * sigma", "w_log_var"),
}


def pictures_of(folder: Path, exercise: str, code: str) -> dict[str, Any]:
    """The pictures of a submission that is graded by the command."""
    (folder / "class" / "ada").mkdir(parents=True)
    (folder / "class" / "ada" / f"{exercise}.py").write_text(code, encoding="utf-8")
    arguments = ["run", folder / "class", "-o", folder / "out", "--isolation", "process", "-j", 1, "--only", exercise]
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    pictures: dict[str, Any] = json.loads((folder / "out" / "observations" / "ada.json").read_text(encoding="utf-8"))["pictures"]
    return pictures


DRAWS_WHAT_IT_WAS_ASKED = """
import numpy as np

SEEN = [0.0] * 40_000


def kl_gradient(mu, sigma):
    if np.shape(mu) != (41,):
        SEEN[:0] = np.ravel(mu).tolist()
        return 0.0 * mu, 0.0 * sigma
    return np.array(SEEN[:41]), np.array(SEEN[:41])


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    if shape != (120, 90):
        SEEN[:0] = np.ravel(mu).tolist()
        return mu + 0.0 * sigma
    return mu + sigma * np.reshape(SEEN[: 120 * 90], shape)
"""


def test_no_function_can_draw_what_it_was_asked_before(tmp_path: Path) -> None:
    curve = pictures_of(tmp_path / "kl", "kl", DRAWS_WHAT_IT_WAS_ASKED)["kl_gradient_formula"]["curves"][1]
    assert curve["label"] == "yours"
    assert set(curve["y"]) == {0.0}
    bars = pictures_of(tmp_path / "sampler", "sampler", DRAWS_WHAT_IT_WAS_ASKED)["sample_distribution"]["heights"]
    assert np.count_nonzero(bars) == 1


@pytest.mark.parametrize("check", WRONG)
def test_a_graded_mistake_in_a_manual_gradient_comes_with_its_picture(tmp_path: Path, check: str) -> None:
    exercise, right, wrong, label = WRONG[check]
    solution = (data_directory("solutions") / f"{exercise}.py").read_text(encoding="utf-8")
    assert right in solution
    pictures = pictures_of(tmp_path, exercise, solution.replace(right, wrong))
    assert {name: picture["x_label"] for name, picture in pictures.items()} == {check: label}


@pytest.mark.parametrize(
    "function", [lambda mu, sigma: (mu, sigma - 1 / sigma), lambda mu, _: (mu, mu * np.nan), lambda mu, _: (mu,), lambda mu, _: mu[:2]]
)
def test_what_looks_right_or_is_no_curve_gets_no_picture(function: Callable[..., Any]) -> None:
    assert drawn(function) is None


def test_a_picture_that_cannot_be_drawn_changes_no_verdict() -> None:
    def broken() -> Picture:
        raise StudentFault(Outcome.TIMEOUT, "too slow")

    student: Student = Direct(lambda *_: None)  # type: ignore[assignment]  # only `renew` is needed
    with pytest.raises(CheckFailed, match="wrong") as verdict, pictured(student, broken):
        raise CheckFailed("wrong", "kl-missing-half")
    assert (verdict.value.misconception, verdict.value.picture) == ("kl-missing-half", None)
    with pictured(student, broken):
        pass


def judged(outcome: Outcome, picture: Picture | None = None, sha256: str = "5") -> Result:
    worth = 4.0
    check = CheckResult("kl_gradient_formula", "kl_gradient", worth * (outcome is Outcome.PASSED), worth, outcome, "", None, picture)
    return Result("s01", "s01", Status.GRADED, (ExerciseResult("kl", False, (check,)),), 1, "0.1.0", "c", sha256, (), 0.1)


def test_a_picture_is_stored_apart_kept_while_it_holds_and_dropped_after() -> None:
    picture = histogram(np.zeros(10))
    submission = Submission("s01", "s01", {"kl": Program("kl", Source("kl.py", b"x = 1\n"))}, "5")
    failed = judged(Outcome.FAILED, picture)
    first = decode_observed(encode_observed(observe(submission, failed), observe(submission, judged(Outcome.FAILED)), failed), failed)
    assert first.pictures == {"kl_gradient_formula": picture}
    again = decode_observed(encode_observed(observe(submission, judged(Outcome.FAILED)), first, failed), failed)
    assert again.pictures == first.pictures
    passed = judged(Outcome.PASSED)
    assert not decode_observed(encode_observed(observe(submission, passed), first, passed), passed).pictures
    other = judged(Outcome.FAILED, sha256="6")
    assert not decode_observed(encode_observed(first, first, failed), other).pictures


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"schema": 1}', b'{"schema": 1, "submission_sha256": "5", "listings": 3, "pictures": {}}'])
def test_a_damaged_document_is_no_observation(document: bytes) -> None:
    assert not decode_observed(document, judged(Outcome.FAILED)).listings


def test_a_students_lines_are_clean_bounded_and_numbered_as_python_numbers_them() -> None:
    code = b"a = 1\r\nb = '\x0c\x1b[31m'\rc = 3\n" + b"# long " + b"x" * 10_000 + b"\n" * 200_000
    submission = Submission(
        "s01", "s01", {"kl": Program("kl", Source("kl.py", code)), "sampler": Program("sampler", Source("sampler.ipynb", ("", "x = 1")))}, "5"
    )
    document = encode_observed(observe(submission, judged(Outcome.FAILED)), observe(submission, judged(Outcome.FAILED)), judged(Outcome.FAILED))
    (listing,) = decode_observed(document, judged(Outcome.FAILED)).listings["kl"]
    assert listing.cut
    assert [listing.lines[0], listing.lines[2]] == ["a = 1", "c = 3"]
    assert "\x1b" not in json.loads(document)["listings"]["kl"][0]["lines"][1]
    assert max(map(len, listing.lines)) <= 500
    (cell,) = decode_observed(document, judged(Outcome.FAILED)).listings["sampler"]
    assert (cell.place, cell.lines) == ("sampler.ipynb, cell 2", ("x = 1",))


def test_a_drawing_stays_inside_its_frame() -> None:
    drawing_of = drawing(histogram(np.random.default_rng(2).standard_normal(1000)))
    assert drawing_of
    for x, y, width, height in drawing_of.bars:
        assert drawing_of.left <= x <= x + width <= drawing_of.right + 0.2
        assert TOP <= y <= y + height <= drawing_of.bottom + 0.2
    assert drawing(Picture("", "")) is None


def test_the_marked_lines_are_those_of_the_function_that_lost_points() -> None:
    from grader.report.source import definition

    lines = ["def f(", "    x,", "):", "    return x", "", "# between", "class G:", "    def f(self):", "        pass", "", "x = 1"]
    assert list(definition(lines[:7], "f")) == [1, 2, 3, 4]
    assert list(definition(lines, "G")) == [7, 8, 9]
    assert list(definition(lines, "nope")) == []
    assert current().function("kl_gradient").handout
