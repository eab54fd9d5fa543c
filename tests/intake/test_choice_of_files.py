from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from grader.errors import GraderError
from grader.intake import Entry, read
from grader.model import Submission
from grader.unit import Unit

Take = Callable[..., Submission]
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}'


def test_exercise_files_are_found_at_any_depth_and_keep_their_bytes(take: Take) -> None:
    code = b"\xef\xbb\xbf# coding: latin-1\r\n\xe9"
    submission = take({"kl.py": code, "work/deep/er/sampler.py": b"s", "nb/backward.ipynb": NOTEBOOK, "readme.md": b"", "data.csv": b"1"})
    assert submission.rejected is None
    assert {name: program.source.path for name, program in submission.programs.items()} == {
        "kl": "kl.py", "sampler": "work/deep/er/sampler.py", "backward": "nb/backward.ipynb",
    }  # fmt: skip
    assert submission.programs["kl"].source.code == code
    assert submission.programs["backward"].source.code == ("x = 1",)
    assert submission.notes == ()
    assert submission.unavailable == {}


@pytest.mark.parametrize("files", [["kl.py", "kl.ipynb"], ["a/b/kl.py", "kl.ipynb"], ["kl.py", "a/kl.ipynb"]])
def test_a_script_counts_before_a_notebook_wherever_they_lie_and_a_note_says_so(take: Take, files: list[str]) -> None:
    submission = take({name: NOTEBOOK if name.endswith("ipynb") else b"script" for name in files})
    assert submission.programs["kl"].source.code == b"script"
    (note,) = submission.notes
    assert files[0] in note
    assert files[1] in note


@pytest.mark.parametrize("suffix", ["py", "ipynb"])
def test_of_two_the_one_nearest_the_top_counts_and_a_note_says_so(take: Take, suffix: str) -> None:
    submission = take({f"z/kl.{suffix}": NOTEBOOK, f"a/b/kl.{suffix}": NOTEBOOK})
    assert submission.programs["kl"].source.path == f"z/kl.{suffix}"
    (note,) = submission.notes
    assert note.startswith(f"z/kl.{suffix} counts, a/b/kl.{suffix} not")


@pytest.mark.parametrize("suffix", ["py", "ipynb"])
def test_a_tie_counts_as_missing_with_a_message_and_costs_no_other_exercise(take: Take, suffix: str) -> None:
    submission = take({f"a/kl.{suffix}": NOTEBOOK, f"b/kl.{suffix}": NOTEBOOK, "c/d/kl.ipynb": NOTEBOOK, "a/sampler.py": b""})
    assert set(submission.programs) == {"sampler"}
    assert f"a/kl.{suffix} and b/kl.{suffix} are equally near the top" in submission.unavailable["kl"]


@pytest.mark.parametrize(
    "folder", [".git", "__pycache__", ".ipynb_checkpoints", "__MACOSX", "venv", ".venv", "env/lib/site-packages", "node_modules"]
)
def test_files_in_folders_of_tools_never_count(take: Take, folder: str) -> None:
    submission = take({f"{folder}/kl.py": b"old", "work/kl.py": b"mine", f"work/{folder}/kl.py": b"old"})
    assert submission.programs["kl"].source.code == b"mine"
    assert submission.notes == ()
    assert submission.programs["kl"].modules == {}


def test_a_submission_without_any_exercise_file_is_rejected_and_told_what_is_expected(take: Take) -> None:
    for files in ({"readme.md": b""}, {"a/b/answer.py": b"x"}):
        submission = take(files)
        assert submission.programs == {}
        assert submission.rejected is not None
        assert "kl.py" in submission.rejected
        assert "inverse_cdf.py" in submission.rejected


def test_an_empty_folder_is_rejected(take: Take, tmp_path: Path) -> None:
    (tmp_path / "class" / "s01").mkdir(parents=True)
    assert "No exercise file" in (take().rejected or "")


def test_a_nested_archive_is_not_unpacked_and_named_where_nothing_else_was_found(take: Take, pack_zip: Callable[..., bytes]) -> None:
    inner = pack_zip({"kl.py": b"x"})
    assert "work/inner.zip" in (take({"work/inner.zip": inner}).rejected or "")
    assert take({"sampler.py": b""}).rejected is None


@pytest.mark.parametrize("name", ["KL.py", "kl.PY", "kl (1).py", "kl-1.ipynb", "kl.py.txt", "kl copy.py", "Kl.ipynb"])
def test_a_misspelt_file_name_is_pointed_out(take: Take, name: str) -> None:
    submission = take({name: b"", "sampler.py": b""})
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable["kl"] == f"{name} is not taken: the file must be called kl.py or kl.ipynb."


def test_a_helper_whose_name_begins_like_an_exercise_is_not_taken_for_a_misspelling(take: Take) -> None:
    assert take({"kl_helpers.py": b"", "sampler.py": b""}).unavailable == {}


def test_a_folder_named_like_an_exercise_file_is_said_to_be_one(take: Take, tmp_path: Path) -> None:
    (tmp_path / "class" / "s01" / "kl.py").mkdir(parents=True)
    submission = take({"sampler.py": b""})
    assert submission.unavailable == {"kl": "kl.py is a folder, not a file."}
    assert take({"kl.py/notes.txt": b""}, name="s02").unavailable["kl"] == "kl.py is a folder, not a file."


def test_links_and_special_files_are_refused_one_by_one_and_the_rest_is_taken(take: Take, tmp_path: Path) -> None:
    home = tmp_path / "class" / "s01"
    home.mkdir(parents=True)
    (tmp_path / "outside.py").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "backward.py").write_text("secret")
    (home / "kl.py").symlink_to(tmp_path / "outside.py")
    (home / "loop").symlink_to(home)
    (home / "more").symlink_to(tmp_path / "outside")
    (home / "dangling.py").symlink_to("nowhere")
    os.mkfifo(home / "encoder.py")
    submission = take({"sampler.py": b"mine"})
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable == {
        "kl": "kl.py was refused: it is a symbolic link.",
        "encoder": "encoder.py was refused: it is not an ordinary file.",
    }
    assert [note.split(" ")[0] for note in submission.notes] == ["dangling.py", "encoder.py", "kl.py", "loop", "more"]
    assert submission.programs["sampler"].modules == {}


def test_a_hard_link_on_disk_is_a_file_like_any_other(take: Take, tmp_path: Path) -> None:
    home = tmp_path / "class" / "s01"
    home.mkdir(parents=True)
    (tmp_path / "original.py").write_text("x")
    (home / "kl.py").hardlink_to(tmp_path / "original.py")
    assert take().programs["kl"].source.code == b"x"


def test_a_refused_file_gives_way_to_one_that_can_be_taken(take: Take, tmp_path: Path) -> None:
    (tmp_path / "class" / "s01").mkdir(parents=True)
    (tmp_path / "class" / "s01" / "kl.py").symlink_to("/etc/passwd")
    submission = take({"kl.ipynb": NOTEBOOK, "deep/er/sampler.py": b""})
    assert submission.programs["kl"].source.code == ("x = 1",)
    assert submission.notes == ("kl.py was refused: it is a symbolic link.",)


@pytest.mark.parametrize(
    ("name", "size", "limit"), [("kl.py", 200 * 2**20, "1 MiB"), ("kl.ipynb", 200 * 2**20, "20 MiB"), ("kl.py", 2**20 + 1, "1 MiB")]
)
def test_a_file_over_its_limit_is_refused_unread(take: Take, tmp_path: Path, name: str, size: int, limit: str) -> None:
    take({"sampler.py": b""})
    with (tmp_path / "class" / "s01" / name).open("wb") as file:
        file.truncate(size)
    submission = take()
    assert submission.unavailable == {"kl": f"{name} was refused: it is larger than {limit}."}
    assert submission.notes == (f"{name} was refused: it is larger than {limit}.",)
    assert set(submission.programs) == {"sampler"}


def test_a_file_of_exactly_its_limit_is_taken(take: Take) -> None:
    submission = take({"kl.py": b"#" * 2**20})
    assert len(submission.programs["kl"].source.code) == 2**20


def test_when_only_unusable_files_were_found_the_rejection_says_why(take: Take) -> None:
    submission = take({"kl.ipynb": b"no json", "a/sampler.py": b"", "b/sampler.py": b""})
    assert submission.rejected is not None
    assert "not valid JSON" in submission.rejected
    assert "equally near the top" in submission.rejected
    assert set(submission.unavailable) == {"kl", "sampler"}


def test_notes_are_bounded_in_number_and_length_and_clean(take: Take, tmp_path: Path) -> None:
    home = tmp_path / "class" / "s01"
    home.mkdir(parents=True)
    for number in range(100):
        (home / f"{number:03}\x1b[31m\u202e\n{'x' * 200}").symlink_to("nowhere")
    submission = take({"kl.py": b""})
    assert len(submission.notes) == 20
    assert submission.notes[-1] == "There are 81 more remarks of this kind."
    for note in submission.notes:
        assert len(note) <= 200
        assert note.isprintable()


def test_a_search_through_very_many_files_ends_with_a_remark_and_keeps_what_is_near_the_top(take: Take, small_unit: Unit) -> None:
    files = {f"data/{number}/{inner}.txt": b"" for number in range(30) for inner in range(20)}
    submission = take(files | {"kl.py": b"x", "zz/sampler.py": b"y"}, unit=small_unit)
    assert set(submission.programs) == {"kl", "sampler"}
    assert "more than 200 files" in submission.notes[0]


def test_a_path_longer_than_the_system_opens_is_refused_not_a_fault(take: Take, tmp_path: Path) -> None:
    take({"kl.py": b"x"})
    start = Path.cwd()
    os.chdir(tmp_path / "class" / "s01")
    try:
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
        Path("sampler.py").touch()
    finally:
        os.chdir(start)
    submission = take()
    assert set(submission.programs) == {"kl"}
    assert "its path is too long" in submission.notes[0]


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_an_entry_that_is_a_link_is_rejected_and_not_followed(take: Take, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kl.py").write_text("secret")
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / f"s01{suffix}").symlink_to(tmp_path / "outside")
    submission = take(name=f"s01{suffix}")
    assert submission.rejected is not None
    assert "symbolic link" in submission.rejected


def test_an_entry_that_is_a_pipe_or_a_lone_file_is_rejected_with_what_to_do(take: Take, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    os.mkfifo(tmp_path / "class" / "s01.zip")
    assert "neither a folder nor an ordinary file" in (take(name="s01.zip").rejected or "")
    assert "into a folder" in (take(b"x = 1", name="kl.py").rejected or "")


def test_an_entry_that_vanished_is_the_graders_fault_with_file_and_fix(tmp_path: Path, unit: Unit) -> None:
    with pytest.raises(GraderError, match=r"s01.*No such file.*run again"):
        read(Entry(tmp_path / "s01", "s01", "s01"), unit)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike the parents of `tmp_path`."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def _as_ordinary_user() -> Iterator[None]:
    """Root may read everything: to be denied anything it has to step down."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("locked", ["s01", "s01/deep", "s01/kl.py", "s01/helper.py", "s01.zip"])
def test_what_the_grading_user_may_not_read_is_the_graders_fault_with_file_and_fix(open_folder: Path, unit: Unit, locked: str) -> None:
    (open_folder / "s01" / "deep").mkdir(parents=True)
    for name in ("s01/kl.py", "s01/helper.py", "s01.zip"):
        (open_folder / name).touch()
    (open_folder / locked).chmod(0)
    entry = Entry(open_folder / locked.split("/")[0], "s01", "s01")
    with _as_ordinary_user(), pytest.raises(GraderError, match=rf"{locked}: cannot be read \(Permission denied\); make it readable"):
        read(entry, unit)
    (open_folder / locked).chmod(0o700)
