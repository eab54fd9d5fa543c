from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake import read
from grader.intake.entries import Entry, entries
from grader.intake.layouts import LAYOUTS, class_entries, detect
from grader.model import Person, Submission
from grader.unit import current

Lay = Callable[..., Path]
UNIT = current()
NOTEBOOK = '{"cells": [{"cell_type": "code", "source": "x = 1", "metadata": {}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'


def zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def named(folder: Path, layout: str = "auto") -> dict[str, Entry]:
    return {entry.name: entry for entry in class_entries(folder, layout)}


def taken(entry: Entry) -> Submission:
    return read(entry, UNIT)


CANVAS = {
    "doejane_1001_50001_work.zip": zipped({"kl.py": "JANE = 1"}),
    "oneillzoe_LATE_1002_50002_kl.py": "ZOE = 1",
    "oneillzoe_LATE_1002_50003_sampler.py": "ZOE = 2",
    "mueller_ben_1003_50004_kl-1.py": "BEN = 2",
    "anon_Ab3dE_50005_kl.py": "ANON = 1",
}


def test_canvas_names_become_one_submission_a_student(lay: Lay) -> None:
    folder = lay(CANVAS)
    assert detect(folder, dict.fromkeys(CANVAS, True)) == "canvas"
    found = named(folder)
    assert set(found) == {"doejane_1001", "oneillzoe_1002", "mueller_ben_1003", "anon_Ab3dE"}
    assert taken(found["doejane_1001"]).programs["kl"].source.code == b"JANE = 1"
    assert set(taken(found["oneillzoe_1002"]).programs) == {"kl", "sampler"}
    assert found["oneillzoe_1002"].origin.late
    assert not found["doejane_1001"].origin.late
    assert found["doejane_1001"].origin.people == (Person("doejane", {"canvas": "1001"}),)
    assert found["anon_Ab3dE"].origin.people == (Person("", {}),)


def test_a_file_that_was_handed_in_again_gets_its_name_back_and_the_result_says_so(lay: Lay) -> None:
    submission = taken(named(lay(CANVAS))["mueller_ben_1003"])
    assert submission.programs["kl"].source.code == b"BEN = 2"
    assert submission.notes == ("kl-1.py was handed in again and counts as kl.py.",)


def test_of_several_attempts_the_newest_counts_and_the_result_says_which(lay: Lay) -> None:
    attempts = {
        "ada_7_100_kl.py": "A = 0",
        "ada_7_300_kl-2.py": "A = 2",
        "ada_7_200_kl-1.py": "A = 1",
        "bob_8_10_all.zip": zipped({"kl.py": "B = 0"}),
        "bob_8_11_all-1.zip": zipped({"kl.py": "B = 1"}),
    }
    found = named(lay(attempts))
    assert taken(found["ada_7"]).programs["kl"].source.code == b"A = 2"
    assert taken(found["ada_7"]).notes == ("kl-2.py counts as kl.py, the earlier kl.py, kl-1.py not.",)
    assert taken(found["bob_8"]).programs["kl"].source.code == b"B = 1"


def test_an_archive_beside_loose_files_lies_deeper_than_they(lay: Lay) -> None:
    files = {"ada_7_1_kl.py": "LOOSE = 1", "ada_7_2_rest.zip": zipped({"kl.py": "PACKED = 1", "sampler.py": "PACKED = 2"})}
    submission = taken(named(lay(files), "canvas")["ada_7"])
    assert submission.programs["kl"].source.code == b"LOOSE = 1"
    assert submission.programs["sampler"].source.code == b"PACKED = 2"


def test_a_loose_link_is_refused_and_a_broken_archive_costs_itself_alone(lay: Lay, tmp_path: Path) -> None:
    folder = lay({"ada_7_1_kl.py": "A = 1", "ada_7_2_x.zip": b"PK no archive", "secret": ""})
    (folder / "secret").unlink()
    (folder / "ada_7_3_sampler.py").symlink_to(tmp_path / "outside")
    submission = taken(named(folder, "canvas")["ada_7"])
    assert set(submission.programs) == {"kl"}
    assert "symbolic link" in submission.unavailable["sampler"] or any("sampler.py was refused" in note for note in submission.notes)
    assert any("x.zip was refused" in note for note in submission.notes)


def test_moodle_folders_and_flat_files_are_both_understood(lay: Lay) -> None:
    folders = {
        "Jane Doe_17_assignsubmission_file_/handed-in/kl.py": "JANE = 1",
        "Jane Doe_17_assignsubmission_onlinetext_/onlinetext.html": "hello",
        "Zoë O'Neill_18_assignsubmission_file/kl.ipynb": NOTEBOOK,
        "Participant_19_assignsubmission_file_/kl.py": "BLIND = 1",
        "Ben_20_assignsubmission_onlinetext_/onlinetext.html": "only text",
    }
    found = named(lay(folders))
    assert set(found) == {"Jane Doe_17", "Zoë O'Neill_18", "Participant_19", "Ben_20"}
    assert found["Jane Doe_17"].origin.people == (Person("Jane Doe", {"participant": "17"}),)
    assert found["Participant_19"].origin.people == (Person("", {"participant": "19"}),)
    assert set(taken(found["Jane Doe_17"]).programs) == set(taken(found["Zoë O'Neill_18"]).programs) == {"kl"}
    assert taken(found["Ben_20"]).rejected
    flat = {
        "Jane Doe_17_assignsubmission_file_kl.py": "J = 1",
        "Jane Doe_17_assignsubmission_file_sampler.py": "J = 2",
        "Bo_3_assignsubmission_file_w.zip": zipped({"kl.py": ""}),
    }
    found = named(lay(flat, "flat"))
    assert set(taken(found["Jane Doe_17"]).programs) == {"kl", "sampler"}
    assert set(taken(found["Bo_3"]).programs) == {"kl"}


def test_a_file_name_in_moodles_flat_layout_hands_in_for_nobody_else(lay: Lay) -> None:
    """A student chooses what stands behind the first number."""
    found = named(lay({"Alice_5_assignsubmission_file_x_17_assignsubmission_file_kl.py": "A = 1", "Bob_17_assignsubmission_file_kl.py": "B = 1"}))
    assert set(found) == {"Alice_5", "Bob_17"}
    assert taken(found["Bob_17"]).programs["kl"].source.code == b"B = 1"


def test_blind_marking_in_another_language_gives_nobody_a_name(lay: Lay) -> None:
    found = named(lay({f"Teilnehmer_in_{number}_assignsubmission_file_/kl.py": "" for number in (17, 18)}))
    assert [entry.origin.people for entry in found.values()] == [(Person("", {"participant": "17"}),), (Person("", {"participant": "18"}),)]


METADATA = """\
---
submission_11:
  :submitters:
  - :name: Jane Doe
    :sid: 's-1'
    :email: jane@example.org
  :created_at: 2026-11-20 21:58:49.286510000 Z
  :score: 0.0
  :status: processed
submission_12:
  :submitters:
  - :name: Zoë O'Neill
    :sid: 's-2'
    :email: zoe@example.org
  - :name: Ben Müller
    :sid: 's-3'
    :email: ben@example.org
  :created_at: 2026-11-21 08:00:00.000000000 Z
submission_13:
  :submitters:
  - :name: Jane Doe
    :sid: 's-1'
    :email: jane@example.org
  :created_at: 2026-11-21 09:00:00.000000000 Z
"""
GRADESCOPE = {
    "submission_metadata.yml": METADATA,
    "submission_11/kl.py": "OLD = 1",
    "submission_12/kl.py": "GROUP = 1",
    "submission_13/kl.py": "NEW = 1",
    "submission_99/kl.py": "WHO = 1",
}


def test_gradescope_says_who_when_and_which_group_and_the_newest_attempt_counts(lay: Lay) -> None:
    found = named(lay(GRADESCOPE, "assignment_4_export"))
    assert set(found) == {"Jane Doe", "Zoë O'Neill, Ben Müller", "submission_99"}
    assert found["Jane Doe"].origin.submitted == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert taken(found["Jane Doe"]).programs["kl"].source.code == b"NEW = 1"
    assert taken(found["Jane Doe"]).notes == ("submission_13 counts, the earlier submission_11 not.",)
    people = found["Zoë O'Neill, Ben Müller"].origin.people
    assert [person.ids for person in people] == [{"sis": "s-2", "email": "zoe@example.org"}, {"sis": "s-3", "email": "ben@example.org"}]
    assert taken(found["submission_99"]).notes == ("submission_metadata.yml says nothing of submission_99.",)


@pytest.mark.parametrize("content", ["- a\n", "[" * 5000, "a: b: c", "x: !!python/object/apply:os.system ['true']", b"\xff\xfe\x00"])
def test_metadata_that_is_none_is_refused_and_never_executed(lay: Lay, content: str | bytes) -> None:
    with pytest.raises(UsageError, match="submission_metadata"):
        class_entries(lay({"submission_metadata.yml": content, "submission_1/kl.py": ""}))


def test_metadata_with_odd_values_loses_only_those(lay: Lay) -> None:
    odd = "submission_1:\n  :submitters: nobody\n  :created_at: [1]\nsubmission_2: 7\n3:\n  :created_at: never\n"
    found = class_entries(lay({"submission_metadata.yml": odd, "submission_1/kl.py": "", "submission_2/kl.py": ""}))
    assert [entry.name for entry in found] == ["submission_1", "submission_2"]


@pytest.mark.parametrize("inner", ["", "submitted/"])
def test_nbgrader_is_read_from_the_course_or_its_folder_submitted(lay: Lay, inner: str) -> None:
    files = {
        f"{inner}ada/ps1/kl.ipynb": NOTEBOOK,
        f"{inner}ada/ps1/timestamp.txt": "2026-11-20 15:58:23.948203 UTC",
        f"{inner}bob/ps1/kl.ipynb": NOTEBOOK,
        f"{inner}bob/ps1/timestamp.txt": "whenever",
    }
    found = named(lay(files, "course" if inner else "submitted"))
    assert set(found) == {"ada", "bob"}
    assert found["ada"].origin.submitted == datetime(2026, 11, 20, 15, 58, 23, 948203, tzinfo=UTC)
    assert found["bob"].origin.submitted is None
    assert set(taken(found["ada"]).programs) == {"kl"}


def test_a_time_that_is_no_file_is_not_waited_for(lay: Lay) -> None:
    folder = lay(
        {"submitted/ada/ps1/kl.ipynb": NOTEBOOK, "submitted/bob/ps1/kl.ipynb": NOTEBOOK, "submitted/bob/ps1/timestamp.txt": "2026-11-20 12:00 UTC"}
    )
    os.mkfifo(folder / "submitted" / "ada" / "ps1" / "timestamp.txt")
    found = named(folder)
    assert found["ada"].origin.submitted is None
    assert found["bob"].origin.submitted == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_student_called_submitted_is_no_course(lay: Lay) -> None:
    found = class_entries(lay({"alice/kl.py": "", "bob/kl.py": "", "submitted/a/b/kl.py": ""}))
    assert {entry.name for entry in found} == {"alice", "bob", "submitted"}


@pytest.mark.parametrize("inner", [".", "submitted"])
def test_a_class_folder_that_happens_to_be_called_submitted_loses_nobody(lay: Lay, inner: str) -> None:
    folder = lay({"submitted/ada/kl.py": "", "submitted/bob/work/kl.py": "", "submitted/eve.zip": zipped({"kl.py": ""})})
    found = named(folder / inner)
    assert (set(found) == {"ada", "bob", "eve"}) if inner == "submitted" else ("submitted" in found)


def test_a_class_of_one_called_submitted_is_graded(lay: Lay) -> None:
    folder = lay({"submitted/ada/kl.py": ""})
    assert set(named(folder / "submitted")) == {"ada"}


def test_what_does_not_lie_where_nbgrader_puts_it_is_graded_under_its_own_name(lay: Lay) -> None:
    files = {"ada/ps1/kl.ipynb": NOTEBOOK, "eve/kl.py": "", "bob.zip": zipped({"kl.py": ""})}
    found = named(lay({"nbgrader_config.py": "", **{f"submitted/{path}": content for path, content in files.items()}}))
    assert set(found) == {"ada", "bob.zip", "eve"}
    assert all(set(taken(entry).programs) == {"kl"} for entry in found.values())


def test_a_student_of_a_course_who_handed_in_nothing_stops_nobody(lay: Lay) -> None:
    folder = lay({"submitted/ada/ps1/kl.ipynb": NOTEBOOK, "nbgrader_config.py": ""})
    (folder / "submitted" / "bob").mkdir()
    assert [entry.name for entry in class_entries(folder)] == ["ada"]


def test_without_ids_nobodys_submissions_are_taken_for_one_persons_on_gradescope(lay: Lay) -> None:
    metadata = "".join(f"submission_{number}:\n  :submitters:\n  - :name: ''\n    :sid: ''\n" for number in (1, 2))
    found = class_entries(lay({"submission_metadata.yml": metadata, "submission_1/kl.py": "", "submission_2/kl.py": ""}))
    assert len(found) == 2


def test_several_assignments_of_a_course_are_not_guessed_between(lay: Lay) -> None:
    with pytest.raises(UsageError, match=r"several assignments \(ps1, ps2\)"):
        class_entries(lay({"submitted/ada/ps1/kl.ipynb": NOTEBOOK, "submitted/ada/ps2/kl.ipynb": NOTEBOOK}))


def test_clones_of_repositories_keep_their_names_and_know_their_users(lay: Lay) -> None:
    found = named(lay({"ps1-ada/.git/HEAD": "x", "ps1-ada/kl.py": "", "ps1-bob/.git/HEAD": "x", "ps1-bob/sub/kl.py": ""}))
    assert {name: entry.origin.people[0].ids for name, entry in found.items()} == {"ps1-ada": {"github": "ada"}, "ps1-bob": {"github": "bob"}}
    assert set(taken(found["ps1-bob"]).programs) == {"kl"}


def test_a_plain_folder_is_what_it_always_was(lay: Lay) -> None:
    folder = lay({"s01/kl.py": "", "s02.zip": zipped({"kl.py": ""}), "kl_assignsubmission/kl.py": "", "a_b_1_2.zip": zipped({"kl.py": ""})})
    assert class_entries(folder) == entries(folder)


def test_what_does_not_follow_the_layout_is_a_submission_all_the_same(lay: Lay) -> None:
    found = named(lay({**CANVAS, "gradebook.csv": "Student,ID\n"}))
    assert taken(found["gradebook.csv"]).rejected
    assert "doejane_1001" in found


def test_the_format_overrides_the_detection(lay: Lay) -> None:
    folder = lay(CANVAS)
    assert {entry.name for entry in class_entries(folder, "plain")} == {entry.name for entry in entries(folder)}
    with pytest.raises(UsageError, match="moodle"):
        class_entries(folder, "moodle")


def test_students_of_one_name_are_kept_apart(lay: Lay) -> None:
    who = "".join(f"submission_{number}:\n  :submitters:\n  - :name: Kim\n    :sid: s{number}\n" for number in (1, 2))
    files = {"submission_metadata.yml": who, "submission_1/kl.py": "", "submission_2/kl.py": ""}
    found = class_entries(lay(files))
    assert [entry.name for entry in found] == ["Kim (s1)", "Kim (s2)"]
    assert len({entry.file_name for entry in found}) == 2


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_an_empty_folder_is_refused_in_every_format(layout: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no submission"):
        class_entries(tmp_path, layout)
