"""Hostile submissions, graded by the real command between clean ones: none earns what it did not work for, learns anything or harms anybody."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import classroom
import pytest

from grader.unit import current


@dataclass(frozen=True)
class Graded:
    """The class with attackers, and the same clean submissions without them."""

    results: dict[str, dict[str, Any]]
    names: dict[str, str]
    clean: list[str]
    out: Path
    calm: Path
    canaries: classroom.Canaries
    exit_code: int
    output: str
    orphans: list[str]
    traces: list[str]


# Entries that no repository could hold: archives that lie, and names that no file system should have to bear.
def zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"x{number}.bin", bytes(1 << 26))


def climbing_zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "climbing.zip", "w") as archive:
        archive.writestr("../../escaped.py", "x = 1")
        archive.writestr("/tmp/escaped.py", "x = 1")  # noqa: S108  # a name in an archive
        archive.writestr("kl.py", "from reward import *")
        archive.writestr("reward.py", (classroom.HERE / "reward.py").read_text(encoding="utf-8"))


def linking_tar(folder: Path) -> None:
    with tarfile.open(folder / "linking.tar.gz", "w:gz") as archive:
        for name, kind, target in (
            ("kl.py", tarfile.SYMTYPE, "/etc/shadow"),
            ("sampler.py", tarfile.LNKTYPE, "/etc/shadow"),
            ("pipe", tarfile.FIFOTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
        member = tarfile.TarInfo("notes.txt")
        member.size = 2
        archive.addfile(member, io.BytesIO(b"hi"))


def damaged_zip(folder: Path) -> None:
    (folder / "damaged.zip").write_bytes(b"PK\x03\x04" + bytes(300))


def links(folder: Path) -> None:
    (folder / "link-to-root").symlink_to("/", target_is_directory=True)
    inside = folder / "links-inside"
    inside.mkdir()
    (inside / "kl.py").symlink_to("/etc/shadow")
    os.mkfifo(inside / "sampler.py")
    (inside / "encoder.py").write_bytes(classroom.solution_files()["encoder.py"])


HOSTILE_NAMES = (
    "=HYPERLINK('x')",
    "-rf",
    "\u202egnp.exe",
    "line\nbreak",
    "\x1b[31mred",
    "<script>alert(1)<script>",
    "[red]x[bold]",
    "a" * 255,
    "NUL",
    "..x",
)


def hostile_names(folder: Path) -> None:
    for name in HOSTILE_NAMES:
        classroom.lay(folder / name, None)


BUILT = (zip_bomb, climbing_zip, linking_tar, damaged_zip, links, hostile_names)


def without_duration(path: Path) -> dict[str, Any]:
    result = json.loads(path.read_text(encoding="utf-8"))
    del result["duration_s"]
    return dict(result)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """One run over all attacks with clean submissions between them, and one over the clean submissions alone."""
    base = tmp_path_factory.mktemp("attacks")
    base.chmod(0o755)
    hostile, peaceful = base / "class", base / "peaceful"
    hostile.mkdir()
    peaceful.mkdir()
    names, clean = {}, []
    for number, attack in enumerate(classroom.ATTACKS):
        names[attack] = f"{number:03d}-{attack.replace('/', '-')}"
        classroom.lay(hostile / names[attack], attack)
        if number % classroom.CLEAN_EVERY == 0:
            clean.append(f"{number:03d}-z-clean")
            for place in (hostile, peaceful):
                classroom.lay(place / clean[-1], None)
    for build in BUILT:
        build(hostile)
    classroom.adopt_orphans()
    traces = set(classroom.traces())
    canaries = classroom.Canaries(base)
    with canaries.watch() as environment:
        done = classroom.grade_run(hostile, base / "out", environment)
        calm = classroom.grade_run(peaceful, base / "calm", environment)
        # The sentinel is a child as well, but no orphan.
        left = [line for line in classroom.orphans(5.0) if "time.sleep(3600)" not in line]
    assert calm.returncode == 0, calm.stderr
    results = {
        result["submission"]: result
        for path in (base / "out" / "results").glob("*.json")
        for result in [json.loads(path.read_text(encoding="utf-8"))]
    }
    return Graded(
        results,
        names,
        clean,
        base / "out",
        base / "calm",
        canaries,
        done.returncode,
        done.stdout + done.stderr,
        left,
        sorted(set(classroom.traces()) - traces),
    )


def test_there_are_enough_attacks_to_speak_of() -> None:
    assert len(classroom.ATTACKS) >= 200


@pytest.mark.parametrize("attack", classroom.ATTACKS)
def test_the_attack_is_held(graded: Graded, attack: str) -> None:
    assert classroom.findings(graded.results[graded.names[attack]], classroom.expected(attack)) == []


@pytest.mark.parametrize("attack", classroom.ATTACKS)
def test_what_is_said_of_it_is_safe_to_show(graded: Graded, attack: str) -> None:
    assert classroom.unshowable(graded.results[graded.names[attack]]) == []


def test_the_run_ends_well(graded: Graded) -> None:
    assert graded.exit_code == 0, graded.output


def test_no_submission_is_a_fault_of_the_grader(graded: Graded) -> None:
    assert [name for name, result in graded.results.items() if result["status"] == "fault"] == []


def test_neighbours_get_the_results_they_get_without_attackers(graded: Graded) -> None:
    for name in graded.clean:
        assert without_duration(graded.out / "results" / f"{name}.json") == without_duration(graded.calm / "results" / f"{name}.json")


def test_clean_submissions_get_every_point(graded: Graded) -> None:
    for name in graded.clean:
        assert (graded.results[name]["score"], graded.results[name]["bonus"]) == (100.0, 10.0)


def test_no_canary_is_harmed(graded: Graded) -> None:
    assert graded.canaries.harmed == []


def test_no_secret_of_the_environment_or_the_disk_is_in_any_output(graded: Graded) -> None:
    written = [path for path in graded.out.rglob("*") if path.is_file()]
    assert [path for path in written if graded.canaries.secret.encode() in path.read_bytes()] == []
    assert graded.canaries.secret not in graded.output


def test_no_process_is_left(graded: Graded) -> None:
    assert graded.orphans == []


def test_no_file_is_left(graded: Graded) -> None:
    assert graded.traces == []


def test_every_result_file_keeps_to_its_size(graded: Graded) -> None:
    assert max(path.stat().st_size for path in (graded.out / "results").glob("*.json")) <= current().limits.result_bytes


def test_the_terminal_is_shown_no_control_characters(graded: Graded) -> None:
    assert graded.output.replace("\n", "").isprintable()


def test_the_table_holds_no_formula_and_one_row_a_submission(graded: Graded) -> None:
    with (graded.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(graded.results)
    assert [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell[:1]] == []


@pytest.mark.parametrize(("name", "status"), [("bomb", "rejected"), ("damaged", "rejected"), ("linking", "rejected"), ("link-to-root", "rejected")])
def test_what_holds_nothing_gradable_is_rejected_with_a_reason(graded: Graded, name: str, status: str) -> None:
    result = graded.results[name]
    assert (result["status"], result["score"]) == (status, 0.0)
    assert result["message"]


def test_members_that_climb_out_of_an_archive_are_refused_and_the_rest_counts(graded: Graded) -> None:
    assert graded.results["climbing"]["exercises"]["kl"]["score"] == 20.0
    assert not list(graded.out.parent.rglob("escaped.py"))


def test_links_and_pipes_are_refused_and_the_rest_counts(graded: Graded) -> None:
    result = graded.results["links-inside"]
    assert result["exercises"]["encoder"]["score"] == 10.0
    assert {check["outcome"] for name in ("kl", "sampler") for check in result["exercises"][name]["checks"]} == {"missing"}


def test_hostile_names_get_their_points_and_safe_files(graded: Graded) -> None:
    assert sorted(result["score"] for result in graded.results.values() if result["score"] == 100.0)[: len(HOSTILE_NAMES)] == [100.0] * len(
        HOSTILE_NAMES
    )
    assert len(list((graded.out / "results").glob("*.json"))) == len(classroom.ATTACKS) + len(graded.clean) + len(HOSTILE_NAMES) + 6
    for path in (graded.out / "results").iterdir():
        assert stat.S_ISREG(path.lstat().st_mode)
        assert path.name.isprintable()
        assert path.name[0] not in "-=+@."
