"""`grade run` on the `.zip` that an LMS delivers: the same results as from the folder it unpacks to, and nothing else written anywhere."""

from __future__ import annotations

import io
import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.errors import UsageError
from grader.intake import download, read
from grader.intake.layouts import class_entries
from grader.unit import current, data_directory

LIMITS = current().limits
KL = (data_directory("solutions") / "kl.py").read_text(encoding="utf-8")
WRONG = KL.replace("sigma - 1.0 / sigma", "sigma")
METADATA = "submission_1:\n  :submitters:\n  - :name: Jane Doe\n    :sid: '7'\n  :created_at: 2026-11-20 15:58:23 +0100\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


CLASSES: dict[str, tuple[str, dict[str, str | bytes]]] = {
    "canvas": ("", {"doejane_1001_1_kl-1.py": WRONG, "doejane_1001_2_kl.py": KL, "roerick_LATE_1002_3_work.zip": zipped({"work/kl.py": KL})}),
    "moodle in folders": (
        "",
        {"Jane Doe_17_assignsubmission_file_/kl.py": KL, "Zoë O'Neill_18_assignsubmission_file_/kl.zip": zipped({"kl.py": WRONG})},
    ),
    "moodle without folders": ("", {"Jane Doe_17_assignsubmission_file_kl.py": KL, "Zoë O'Neill_18_assignsubmission_file_kl.py": WRONG}),
    "gradescope": (
        "assignment_9_export/",
        {"submission_metadata.yml": METADATA, "submission_1/kl.py": KL, "submission_2/deep/kl.py": WRONG},
    ),
    "plain": ("", {"ada/kl.py": KL, "bob.zip": zipped({"kl.py": WRONG}), "carl/": ""}),
    "plain in one folder": ("hand-ins/", {"ada/kl.py": KL, "bob.tar.gz": b"\x1f\x8b broken", "ada/notes/data.csv": "1"}),
    "plain in one folder, with a note": ("hand-ins/", {"ada/kl.py": KL, "bob/kl.py": WRONG, "notes.txt": "late: bob"}),
    "one submission": ("", {"ada/kl.py": KL, "ada/deep/sampler.py": ""}),
    "one submission in one folder": ("hand-ins/", {"ada/kl.py": KL}),
    "nbgrader": ("submitted/", {"ada/ps1/kl.py": KL, "ada/ps1/timestamp.txt": "2026-11-20 11:00:00 UTC", "bob/ps1/kl.py": WRONG}),
    "one of moodle": ("", {"Jane Doe_17_assignsubmission_file_/kl.py": KL}),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_a_zip_is_read_as_the_folder_it_unpacks_to(lay: Callable[..., Path], tmp_path: Path, kind: str) -> None:
    prefix, files = CLASSES[kind]
    folder = lay({name: content for name, content in files.items() if not name.endswith("/")}, f"there/{prefix or 'class'}")
    for name in files:
        if name.endswith("/"):
            (folder / name).mkdir()
    (tmp_path / "class.zip").write_bytes(zipped({prefix + name: content for name, content in files.items()}))
    expected = [(entry.name, entry.file_name, entry.origin, entry.notes, read(entry, current()).sha256) for entry in class_entries(folder)]
    with download.opened(tmp_path / "class.zip", LIMITS) as downloaded:
        got = [(entry.name, entry.file_name, entry.origin, entry.notes, read(entry, current()).sha256) for entry in class_entries(downloaded.folder)]
    assert got == expected
    assert downloaded.remarks == ()
    assert not downloaded.folder.exists()


def test_grading_a_zip_and_its_folder_gives_the_same_results(lay: Callable[..., Path], tmp_path: Path) -> None:
    files = CLASSES["canvas"][1]
    (tmp_path / "submissions.zip").write_bytes(zipped(files))
    (tmp_path / "course.toml").write_text("[late]\ndue = 2026-11-20T12:00:00Z\npercent_per_day = 10\n", encoding="utf-8")
    stored = {}
    for name, submissions in (("zip", tmp_path / "submissions.zip"), ("folder", lay(files))):
        out = tmp_path / name
        arguments = ["run", submissions, "-o", out, "--isolation", "process", "-j", 1, "--only", "kl"]
        done = CliRunner().invoke(main, [*map(str, arguments)])
        assert done.exit_code == 0, done.output
        stored[name] = {path.name: json.loads(path.read_text(encoding="utf-8")) | {"duration_s": 0} for path in (out / "results").iterdir()}
        assert (out / "course.toml").is_file()
    assert stored["zip"] == stored["folder"]
    assert {name: result["score"] for name, result in stored["zip"].items()} == {"doejane_1001.json": 8.5, "roerick_1002.json": 20.0}


def test_a_run_over_a_zip_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "class.zip").write_bytes(zipped({"ada/kl.py": KL}))
    with pytest.raises(UsageError), download.opened(tmp_path / "class.zip", LIMITS) as downloaded:
        class_entries(downloaded.folder, "moodle")
    assert downloaded.folder.is_relative_to(tmp_path / "scratch")
    assert not list((tmp_path / "scratch").iterdir())


def test_what_a_killed_run_left_is_removed_by_the_next_one_and_what_is_in_use_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "class.zip").write_bytes(zipped({"ada/kl.py": KL}))
    (scratch / "grade-submissions-killed" / "class" / "ada").mkdir(parents=True)
    (scratch / "grade-submissions-young").mkdir()
    (scratch / "grade-submissions-link").symlink_to(tmp_path)
    with download.opened(tmp_path / "class.zip", LIMITS) as first:
        for path in (scratch / "grade-submissions-killed", first.folder.parent):
            os.utime(path, (0, 0))
        with download.opened(tmp_path, LIMITS):
            left = {path.name for path in scratch.iterdir()}
        assert left == {"grade-submissions-young", "grade-submissions-link", first.folder.parent.name}
    assert (tmp_path / "class.zip").is_file()


def test_what_was_refused_is_said_and_the_class_is_graded(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({"ada/kl.py": KL, "../kl.py": KL}))
    arguments = ["run", tmp_path / "class.zip", "-o", tmp_path / "out", "--isolation", "process", "-j", 1, "--only", "kl"]
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    assert "../kl.py was refused: its path leads upwards with '..'." in done.stderr
    assert [path.name for path in (tmp_path / "out" / "results").iterdir()] == ["ada.json"]


HOSTILE = [
    "../outside/kl.py",
    "/tmp/outside/kl.py",  # noqa: S108  # never written
    "C:\\kl.py",
    "ada/../../kl.py",
    "a" * 300 + "/kl.py",
    "ada/kl.py/kl.py",
    "ada\\..\\kl.py",
    f"ada/{'d/' * 1500}kl.py",
]  # never written


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_refused_and_the_rest_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({"ada/kl.py": KL, "bob/kl.py": KL, name: "raise SystemExit"}))
    before = set(tmp_path.rglob("*"))
    with download.opened(tmp_path / "class.zip", LIMITS) as downloaded:
        assert all(path.resolve().is_relative_to(downloaded.folder) for path in downloaded.folder.rglob("*"))
        (remark,) = downloaded.remarks
        assert "was refused: " in remark
        names = {entry.name: read(entry, current()).rejected for entry in class_entries(downloaded.folder)}
    assert names["ada"] is None
    assert names["bob"] is None
    assert set(tmp_path.rglob("*")) == before


def test_a_link_is_refused_in_its_submission_and_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("SECRET", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(special("ada/kl.py", stat.S_IFLNK), str(tmp_path / "secret.py"))
        archive.writestr("ada/sampler.py", "")
        archive.writestr(special("bob", stat.S_IFLNK), str(tmp_path))
        archive.writestr("bob/kl.py", KL)
        archive.writestr(special("carl", stat.S_IFLNK), str(tmp_path))
    with download.opened(tmp_path / "class.zip", LIMITS) as downloaded:
        found = {entry.name: read(entry, current()) for entry in class_entries(downloaded.folder)}
        assert not any(path.is_symlink() and tmp_path in path.resolve().parents for path in downloaded.folder.rglob("*"))
    assert found["ada"].unavailable["kl"] == "kl.py was refused: it is a symbolic link."
    assert found["bob"].rejected is None
    assert "symbolic link" in str(found["carl"].rejected)


def test_devices_and_encrypted_or_oddly_packed_files_are_refused_one_by_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/kl.py", KL)
        archive.writestr(special("ada/pipe", stat.S_IFIFO), "")
        archive.writestr("ada/big.py", KL, compress_type=zipfile.ZIP_BZIP2)
    with download.opened(tmp_path / "class.zip", LIMITS) as downloaded:
        assert [remark.partition(" was refused: ")[0] for remark in downloaded.remarks] == ["ada/big.py", "ada/pipe"]


def test_a_file_of_zeros_costs_itself_and_not_the_class(tmp_path: Path) -> None:
    limits = replace(LIMITS, archive_bytes=2**20)
    (tmp_path / "class.zip").write_bytes(zipped({"ada/kl.py": KL, "bob/zeros.bin": bytes(2**21), "bob/kl.py": KL}))
    with download.opened(tmp_path / "class.zip", limits) as downloaded:
        assert downloaded.remarks == ("bob/zeros.bin was refused: it is larger than 1 MiB.",)
        assert [entry.name for entry in class_entries(downloaded.folder)] == ["ada", "bob"]


def bomb() -> bytes:
    """Two names for the same bytes."""
    content = bytearray(zipped({"ada/kl.py": bytes(10_000), "bob/kl.py": bytes(10_000)}))
    last_entry = content.rfind(b"PK\x01\x02")
    content[last_entry + 42 : last_entry + 46] = bytes(4)
    return bytes(content)


def test_overlapping_members_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(bomb())
    with pytest.raises(UsageError, match="overlap"), download.opened(tmp_path / "class.zip", LIMITS):
        pass


def test_more_bytes_than_any_class_stop_the_run_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "CLASS_BYTES", 50_000)
    monkeypatch.setattr(download.zip_archive, "_read", lambda *_: pytest.fail("was unpacked"))
    (tmp_path / "class.zip").write_bytes(zipped({f"s{number}/kl.py": bytes(10_000) for number in range(9)}))
    with pytest.raises(UsageError, match="unpacks to more than"), download.opened(tmp_path / "class.zip", LIMITS):
        pass


names = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30) | st.sampled_from(["a", "a/b", "a/b/c", "A", "b\\c", "a/"])


@given(st.dictionaries(names, st.binary(max_size=20), max_size=6), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=8))
def test_whatever_is_in_the_archive_it_is_unpacked_in_its_place_or_refused(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], damage: list[tuple[int, int]]
) -> None:
    content = bytearray(zipped({name.encode("utf-8", "replace").decode(): body for name, body in files.items()}))
    for place, value in damage:
        content[place % len(content)] = value
    folder = tmp_path_factory.mktemp("any")
    (folder / "class.zip").write_bytes(content)
    try:
        with download.opened(folder / "class.zip", LIMITS) as downloaded:
            assert all(
                path.resolve().is_relative_to(downloaded.folder.parent.parent) for path in downloaded.folder.rglob("*") if not path.is_symlink()
            )
    except UsageError:
        pass
    assert [path.name for path in folder.iterdir()] == ["class.zip"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("class.zip", b"no zip at all", "damaged or something else"),
        ("class.rar", b"Rar!", "neither a folder nor a .zip"),
        ("class.zip", zipped({"__MACOSX/._kl.py": ""}), "holds no submission"),
        ("class.zip", zipped({"submitted/ada/a/kl.py": "", "submitted/ada/b/kl.py": "", "source/x": ""}), "several assignments"),
    ],
)
def test_a_file_that_is_no_class_is_wrong_usage_and_says_what_to_do(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(main, ["run", str(tmp_path / name), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert said in done.output
    assert "grade-submissions-" not in done.output
    assert not (tmp_path / "out").exists()
