"""What a child may read: packages, and never the grader's own."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from boxes import USERS, Box
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.readable import PACKAGE, Readable, find
from grader.unit import data_directory

names = st.sampled_from(["a", "b", "c"])
places = st.lists(st.lists(names, min_size=1, max_size=4).map(lambda parts: "/".join(parts)), min_size=1, max_size=8)


@given(directories=places, hidden=places, trees=places)
def test_the_exact_paths_cover_all_of_the_trees_but_what_is_hidden(directories: list[str], hidden: list[str], trees: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for directory in (*directories, *hidden, *trees):
            (root / directory).mkdir(parents=True, exist_ok=True)
            (root / directory / "file").touch()
        away = tuple(root / name for name in hidden)
        whole, opened = Readable(tuple(root / tree for tree in trees), away).exact()
        for path in root.rglob("*"):
            readable = any(path.is_relative_to(place) for place in whole)
            tree_above = [root / tree for tree in trees if path.is_relative_to(root / tree)]
            shown = any(not any(path.is_relative_to(place) and place.is_relative_to(tree) for place in away) for tree in tree_above)
            if path.is_file():
                assert readable is shown, path
        assert not any(place.is_relative_to(path) for place in away for path in whole)
        assert not set(whole) & set(opened)


def test_neither_the_package_nor_the_repository_is_among_what_this_interpreter_needs() -> None:
    needed = find()
    whole, _ = needed.exact()
    assert PACKAGE in needed.hidden
    assert not any(PACKAGE.is_relative_to(path) for path in whole)


def test_no_installed_package_holds_a_solution_that_may_be_read() -> None:
    """Asked of the environment that runs the tests, however the grader came into it."""
    whole, _ = find().exact()
    solutions = {path.read_bytes() for path in data_directory("solutions").glob("*.py")}
    named = {path.name for path in data_directory("solutions").glob("*.py")}
    found = [path for tree in whole for path in (tree.rglob("*.py") if tree.is_dir() else [tree]) if path.name in named and path.is_file()]
    assert [path for path in found if path.read_bytes() in solutions] == []


@pytest.mark.parametrize(
    "left", ["grader/data/solutions", "~rader/data/solutions", "grader.bak/data/solutions", "~eparam_exercises-0.1.0.dist-info", "old/checks"]
)
def test_what_other_installations_left_in_site_packages_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    site = tmp_path / "site-packages"
    (site / left).mkdir(parents=True)
    (site / left / "kl.py").touch()
    if left == "old/checks":
        (site / "old" / "unit.toml").touch()
    (site / "neighbour").mkdir()
    (site / "neighbour" / "module.py").touch()
    monkeypatch.setattr("sys.path", [*sys.path, str(site)])
    whole, _ = find().exact()
    assert site.resolve() / "neighbour" in whole
    assert not any((site / left / "kl.py").resolve().is_relative_to(path) for path in whole)


@pytest.fixture
def installed(house: Path) -> Iterator[Path]:
    """The grader installed from a wheel: inside site-packages, beside another package."""
    place = Path(tempfile.mkdtemp(prefix="reparam-installed-"))
    place.chmod(0o755)
    site = place / "site-packages"
    shutil.copytree(house, site)
    (site / "reparam_exercises-0.0.0.dist-info").mkdir()
    (site / "reparam_exercises-0.0.0.dist-info" / "RECORD").write_text("a list", encoding="ascii")
    (site / "neighbour.py").write_text("a package", encoding="ascii")
    yield site
    shutil.rmtree(place)


@pytest.mark.parametrize("without", [frozenset(), frozenset({"view"}), frozenset({"landlock"})], ids=["all", "no view", "no landlock"])
@pytest.mark.parametrize("user", USERS)
def test_a_grader_in_site_packages_is_hidden_and_its_neighbours_are_not(installed: Path, user: str, without: frozenset[str]) -> None:
    opened = Box(installed, user, without, (), 256, "")
    try:
        assert opened.refused is None
        assert opened.attack("read_file", str(installed / "neighbour.py"))["value"] == "a package"
        for name in ("grader/errors.py", "grader/sandbox/jail.py", "reparam_exercises-0.0.0.dist-info/RECORD"):
            opened.held("read_file", str(installed / name))
    finally:
        opened.close()
