from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.intake import Entry, entries
from grader.intake.names import MAX_BYTES, file_names

ClassOf = Callable[..., dict[str, Entry]]

ORDINARY = ["s01", "anna-lee_2", "Anna Lee_12345_assignsubmission_file", "o.brien", "müller jörg", "李雷", "anna@uni.edu", "_x", "a..b", "console"]
HOSTILE = [
    "-rf", ".hidden", "...", " lead", "trail ", "trail.", "a\nb", "a\x1b[31mb", "a\u202eb", "a\u200bb", "CON", "nul.txt", "Com1", "lpt¹", "=1+1",
    "@x", "<b>", "a;b", "a\\b", "a:b", "*", "~", "$HOME", "a'b", 'a"b', "x" * 255, "é" * 127, "e\u0301", b"\xff\xfe", b"s\xff", "\u3164",
]  # fmt: skip


def test_every_entry_of_the_folder_gets_one_submission_in_the_order_of_raw_names(class_of: ClassOf, tmp_path: Path) -> None:
    class_of("s10", "s2", b"\xff", "S1", files=("s3.zip", "s4.TAR.GZ", "kl.py"))
    (tmp_path / "class" / "link").symlink_to("/etc")
    os.mkfifo(tmp_path / "class" / "pipe")
    found = [os.fsencode(entry.path.name) for entry in entries(tmp_path / "class")]
    assert found == [b"S1", b"kl.py", b"link", b"pipe", b"s10", b"s2", b"s3.zip", b"s4.TAR.GZ", b"\xff"]


def test_an_archive_is_called_by_its_stem_and_a_folder_by_its_name(class_of: ClassOf) -> None:
    found = class_of("s1.zip", files=("s2.zip", "s3.tar.gz", "s4.TGZ", "s5.tar", "s6.rar", ".zip"))
    assert {name: entry.name for name, entry in found.items()} == {
        "s1.zip": "s1.zip", "s2.zip": "s2", "s3.tar.gz": "s3", "s4.TGZ": "s4", "s5.tar": "s5", "s6.rar": "s6.rar", ".zip": ".zip",
    }  # fmt: skip


def test_a_folder_keeps_the_plain_name_before_an_archive_of_the_same_stem(class_of: ClassOf) -> None:
    found = class_of("s02", files=("s02.zip", "s02.tar.gz"))
    assert found["s02"].file_name == "s02"
    assert len({entry.file_name for entry in found.values()}) == 3
    assert {entry.name for entry in found.values()} == {"s02", "s02.zip", "s02.tar.gz"}


def test_what_systems_leave_lying_about_is_no_submission(class_of: ClassOf) -> None:
    found = class_of("s01", "__MACOSX", ".git", ".ipynb_checkpoints", files=(".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", "._s01"))
    assert list(found) == ["s01"]


def test_a_hidden_name_that_no_system_makes_is_a_submission(class_of: ClassOf) -> None:
    assert set(class_of(".s01", "._x", files=("._y.zip",))) == {".s01", "._x", "._y.zip"}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_its_own_file_name(class_of: ClassOf, name: str) -> None:
    assert class_of(name)[name].file_name == name


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_that_is_no_safe_file_name_is_replaced_by_one_with_a_hash(class_of: ClassOf, name: str | bytes) -> None:
    entry = class_of(name)[os.fsdecode(name)]
    assert entry.file_name != entry.path.name
    assert entry.file_name[-9] == "-"
    assert entry.file_name[0] not in "-. =@+"
    assert not set(entry.file_name) & set('/\\:*?"<>|\0\n\x1b$;~\u202e\u200b')
    assert len(entry.file_name.encode()) <= MAX_BYTES


def test_hostile_names_of_one_class_do_not_collide_and_adding_an_ordinary_one_renames_nobody(class_of: ClassOf) -> None:
    before = class_of(*HOSTILE)
    after = class_of(*HOSTILE, "s01", "a b", "lead")
    assert len(before) == len(HOSTILE)
    assert all(after[name].file_name == entry.file_name for name, entry in before.items())
    assert len({entry.file_name.casefold() for entry in after.values()}) == len(after)


def test_names_that_some_file_system_takes_for_the_same_become_distinct(class_of: ClassOf) -> None:
    found = class_of("anna", "Anna", "ANNA", "é", "e\u0301", "ﬁ", "fi", "straße", "STRASSE")
    keys = {unicodedata.normalize("NFKC", entry.file_name).casefold() for entry in found.values()}
    assert len(keys) == len(found) == 9


def test_bytes_that_are_no_text_are_shown_as_escapes_and_the_path_stays_raw(class_of: ClassOf) -> None:
    (entry,) = class_of(b"s\xff").values()
    assert entry.name == "s\\xff"
    assert os.fsencode(entry.path.name) == b"s\xff"


def test_a_name_that_copies_anothers_hash_name_renames_nobody_ordinary() -> None:
    (hashed,) = file_names([("a\nb", b"a\nb")])
    both = file_names([("a\nb", b"a\nb"), (hashed, hashed.encode())])
    assert both[1] == hashed
    assert both[0] != hashed


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=80), max_size=12, unique=True))
def test_any_names_get_distinct_safe_stems_whatever_their_order(names: list[str]) -> None:
    wishes = [(name.encode("utf-8", "replace").decode(), name.encode("utf-8", "surrogatepass")) for name in names]
    stems = file_names(wishes)
    assert len({unicodedata.normalize("NFKC", stem).casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert 0 < len(stem.encode()) <= MAX_BYTES
        assert stem.isprintable()
        assert stem[0] not in "-. "
        assert "/" not in stem
    assert file_names(wishes) == stems


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "litter only"])
def test_a_folder_that_is_none_or_holds_nothing_is_wrong_usage(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "class"
    if kind == "file":
        folder.touch()
    elif kind != "missing":
        folder.mkdir()
        if kind == "litter only":
            (folder / ".DS_Store").touch()
    with pytest.raises(UsageError, match="class"):
        entries(folder)
