"""The solutions hold what the catalogue promises, and a contradiction is named with file, key and fix."""

import shutil

import pytest

from grader.errors import UnitError
from grader.release import verify_solutions_match_catalogue
from grader.unit import current, data_directory


def test_every_solution_has_the_functions_and_signatures_of_the_catalogue():
    verify_solutions_match_catalogue(current())


BREAKS = {
    "a renamed function": ("kl.py", "def kl_gradient(mu, sigma)", "def kl_grad(mu, sigma)", "function 'kl_gradient' of unit.toml: no function"),
    "a renamed argument": ("kl.py", "def kl_gradient(mu, sigma)", "def kl_gradient(mean, sigma)", "promised is kl_gradient(mu, sigma)"),
    "another default": ("encoder.py", "beta=1.0", "beta=2.0", "promised is encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0)"),
    "a renamed class": ("backward.py", "class Reparameterize(", "class Trick(", "function 'Reparameterize' of unit.toml: no such class"),
    "a method that is not static": ("backward.py", "    @staticmethod\n", "", "forward must be a static method"),
    "another forward": ("backward.py", "forward(ctx, mu, sigma, epsilon)", "forward(ctx, mu, sigma)", "promised is forward(ctx, mu, sigma, epsilon)"),
    "another backward": ("backward.py", "def backward(ctx, grad_z)", "def backward(ctx, grad)", "promised is backward(ctx, grad_z)"),
    "broken syntax": ("sampler.py", "def sample(", "def sample((", "exercise 'sampler': its solution cannot be read"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), BREAKS.values(), ids=BREAKS)
def test_a_contradiction_names_file_and_key(tmp_path, file, old, new, message):
    folder = shutil.copytree(data_directory("solutions"), tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnitError) as caught:
        verify_solutions_match_catalogue(current(), folder)
    assert message in str(caught.value)
    assert str(folder / file) in str(caught.value)


def test_a_missing_solution_is_named(tmp_path):
    with pytest.raises(UnitError, match=r"sampler\.py: exercise 'sampler': its solution cannot be read"):
        verify_solutions_match_catalogue(current(), tmp_path)
