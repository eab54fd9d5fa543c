from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake import roster
from grader.intake.entries import Entry
from grader.intake.layouts import class_entries
from grader.model import Origin, Person

Lay = Callable[..., Path]


def completed(tmp_path: Path, text: str, *found: Entry) -> tuple[list[Entry], list[str]]:
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return roster.read(path).complete(found)


def entry(name: str, *people: Person) -> Entry:
    return Entry(Path(name), name, name, origin=Origin(people))


def test_canvas_gradebook_gives_names_and_logins_to_user_ids(tmp_path: Path) -> None:
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Doe, Jane",1001,s-1,jdoe,G1\n"Müller, Ben",1003,1001,ben,G1\n'
    (one,), remarks = completed(tmp_path, text, entry("doejane_1001", Person("doejane", {"canvas": "1001"})))
    assert one.origin.people == (Person("Doe, Jane", {"canvas": "1001", "sis": "s-1", "login": "jdoe"}),)
    assert not remarks


def test_moodle_worksheet_gives_email_addresses_to_participants(tmp_path: Path) -> None:
    text = "Identifier,Full name,Email address\nParticipant 17,Jane Doe,jane@example.org\n"
    (one,), _ = completed(tmp_path, text, entry("Participant_17", Person("", {"participant": "17"})))
    assert one.origin.people == (Person("Jane Doe", {"participant": "17", "email": "jane@example.org"}),)


def test_moodle_worksheet_is_understood_in_any_language(tmp_path: Path) -> None:
    text = "ID,Vollständiger Name,E-Mail-Adresse,Status\nTeilnehmer/in 17,Jane Doe,jane@example.org,\nTeilnehmer/in 18,Max Roe,max@example.org,\n"
    entries, remarks = completed(
        tmp_path, text, entry("Jane Doe_17", Person("Jane Doe", {"participant": "17"})), entry("Max Roe_18", Person("", {"participant": "18"}))
    )
    assert [one.origin.people[0].ids for one in entries] == [
        {"participant": n, "email": f"{who}@example.org"} for n, who in (("17", "jane"), ("18", "max"))
    ]
    assert not remarks


def test_ids_of_ones_own_are_not_taken_for_moodles(tmp_path: Path) -> None:
    entries, remarks = completed(tmp_path, "id,name\ns01,Ada\ns02,Bob\n", entry("s01"), entry("s02"))
    assert [one.origin.people[0] for one in entries] == [Person("Ada"), Person("Bob")]
    assert not remarks


def test_a_plain_folder_is_found_by_its_name(tmp_path: Path) -> None:
    (one, other), remarks = completed(tmp_path, "name,login\nAda L,ADA\n", entry("ada"), entry("nobody"))
    assert one.origin.people == (Person("Ada L", {"login": "ADA"}),)
    assert other.origin == Origin()
    assert remarks == ["nobody: is not in the roster"]


def test_a_github_user_may_have_hyphens(tmp_path: Path, lay: Lay) -> None:
    found = class_entries(lay({"ps1-a-b/.git/HEAD": "", "ps1-a-c/.git/HEAD": ""}))
    entries, remarks = completed(tmp_path, "identifier,github_username\nx1,a-b\nx2,a-c\n", *found)
    assert [one.origin.people[0].ids["github"] for one in entries] == ["a-b", "a-c"]
    assert not remarks


def test_whose_repository_it_is_is_decided_for_the_class_as_a_whole(tmp_path: Path, lay: Lay) -> None:
    found = class_entries(lay({f"hw1-{user}/.git/HEAD": "" for user in ("ann-lee", "bob", "lee", "x-bob")}))
    entries, remarks = completed(tmp_path, "name,github\nAnn Lee,ann-lee\nLee,lee\nBob,bob\n", *found)
    assert {entry.name: entry.origin.people[0].name for entry in entries} == {
        "hw1-ann-lee": "Ann Lee",
        "hw1-bob": "Bob",
        "hw1-lee": "Lee",
        "hw1-x-bob": "",
    }
    assert remarks == ["hw1-x-bob: is not in the roster"]


def test_repositories_may_be_called_like_their_users(tmp_path: Path, lay: Lay) -> None:
    entries, remarks = completed(
        tmp_path, "name,github\nAda,ada\nAnn Lee,ann-lee\n", *class_entries(lay({f"{user}/.git/HEAD": "" for user in ("ada", "ann-lee")}))
    )
    assert [entry.origin.people[0].name for entry in entries] == ["Ada", "Ann Lee"]
    assert not remarks


def test_a_single_repository_that_may_be_two_peoples_is_nobodys(tmp_path: Path, lay: Lay) -> None:
    entries, remarks = completed(tmp_path, "name,github\nAnn Lee,ann-lee\nLee,lee\n", *class_entries(lay({"hw1-ann-lee/.git/HEAD": ""})))
    assert entries[0].origin.people[0].name == ""
    assert remarks == ["hw1-ann-lee: fits several rows of the roster"]


def test_what_fits_several_rows_is_left_alone_and_reported(tmp_path: Path) -> None:
    (one,), remarks = completed(tmp_path, "name,login,email\nA,kim,a@x\nB,other,kim\n", entry("kim"))
    assert one.origin == Origin()
    assert remarks == ["kim: fits several rows of the roster"]


def test_rows_that_name_one_submission_are_a_group_with_a_time(tmp_path: Path) -> None:
    text = "submission,name,email,submitted\nteam7,Ada,ada@x,2026-11-20T10:00:00+01:00\nteam7,Bob,bob@x,\n"
    (one,), _ = completed(tmp_path, text, entry("team7"))
    assert [person.name for person in one.origin.people] == ["Ada", "Bob"]
    assert one.origin.submitted == datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "name,points\nAda,3\n", 'login\n"open'])
def test_what_is_no_roster_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"roster\.csv"):
        completed(tmp_path, text)
