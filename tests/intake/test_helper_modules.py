from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.model import Submission
from grader.unit import Unit

Take = Callable[..., Submission]
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}'


def modules(take: Take, files: list[str], exercise: str = "kl") -> tuple[dict[str, str], set[str]]:
    submission = take({name: NOTEBOOK if name.endswith("ipynb") else b"" for name in files})
    program = submission.programs[exercise]
    return {name: source.path for name, source in program.modules.items()}, set(program.packages)


def test_modules_and_packages_in_the_folder_and_below_can_be_imported(take: Take) -> None:
    found = modules(
        take, ["w/kl.py", "w/helpers.py", "w/tools/__init__.py", "w/tools/noise.py", "w/space/deep/er.py", "w/notes.txt", "other.py", "v/x.py"]
    )
    assert found == (
        {"helpers": "w/helpers.py", "tools": "w/tools/__init__.py", "tools.noise": "w/tools/noise.py", "space.deep.er": "w/space/deep/er.py"},
        {"tools", "space", "space.deep"},
    )


def test_other_exercises_can_be_imported_from_wherever_they_lie(take: Take) -> None:
    files = ["a/kl.py", "b/c/sampler.ipynb", "encoder.py", "a/near.py"]
    assert modules(take, files)[0] == {"sampler": "b/c/sampler.ipynb", "encoder": "encoder.py", "near": "a/near.py"}
    assert modules(take, files, "sampler")[0] == {"kl": "a/kl.py", "encoder": "encoder.py"}


def test_the_exercise_that_counts_goes_before_another_file_of_its_name(take: Take) -> None:
    found, packages = modules(take, ["kl.py", "x/y/sampler.py", "sampler/__init__.py", "sampler/inner.py", "x/encoder.py", "x/y/encoder.py"])
    assert found["sampler"] == "x/y/sampler.py"
    assert "sampler.inner" not in found
    assert found["encoder"] == "x/encoder.py"
    assert "sampler" not in packages


@pytest.mark.parametrize("name", ["my-helper.py", "2nd.py", "a b.py", "dir-x/mod.py", "a.b.py", ".py", ".hidden.py", "__init__.py", "x.pyc", "X.PY"])
def test_what_no_import_statement_can_name_is_no_module(take: Take, name: str) -> None:
    assert modules(take, ["kl.py", name]) == ({}, set())


def test_as_in_python_a_package_goes_before_a_module_and_a_module_before_a_bare_folder(take: Take) -> None:
    found = modules(take, ["kl.py", "a.py", "a/__init__.py", "a/inner.py", "b.py", "b/inner.py"])
    assert found == ({"a": "a/__init__.py", "a.inner": "a/inner.py", "b": "b.py"}, {"a"})


def test_a_package_of_packages_lists_every_level(take: Take) -> None:
    found = modules(take, ["kl.py", "a/b/__init__.py", "a/b/c/d.py"])
    assert found == ({"a.b": "a/b/__init__.py", "a.b.c.d": "a/b/c/d.py"}, {"a", "a.b", "a.b.c"})


def test_a_helper_that_is_too_large_is_refused_alone(take: Take) -> None:
    submission = take({"kl.py": b"", "big.py": b"#" * (2**20 + 1), "small.py": b""})
    assert set(submission.programs["kl"].modules) == {"small"}
    assert submission.notes == ("big.py was refused: it is larger than 1 MiB.",)


def test_helpers_end_with_a_note_where_their_number_or_size_does(take: Take, small_unit: Unit) -> None:
    many = take({"kl.py": b"", **{f"h{n:03}.py": b"" for n in range(100)}}, name="many", unit=small_unit)
    assert sorted(many.programs["kl"].modules) == [f"h{n:03}" for n in range(20)]
    assert "h020.py was refused: there are more than 20 helper modules" in many.notes[0]
    large = take({"kl.py": b"", **{f"h{n:03}.py": b"#" * 1000 for n in range(10)}, "deep/x.py": b"#" * 999}, name="large", unit=small_unit)
    assert len(large.programs["kl"].modules) == 11


def test_thousands_of_modules_leave_the_exercise_gradable(take: Take) -> None:
    submission = take({"kl.py": b"", **{f"h{n}.py": b"" for n in range(5_000)}})
    assert set(submission.programs) == {"kl"}
    assert len(submission.programs["kl"].modules) == 2_000
    assert submission.notes
