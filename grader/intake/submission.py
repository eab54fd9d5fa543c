"""Reads one entry into a `Submission`: what was found, what counts, what was refused, and a hash of all that."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.intake import archive, folder, tar_archive, zip_archive
from grader.intake.choice import almost, choose, nothing_found, path_of, shown
from grader.intake.entries import Entry, is_archive
from grader.intake.members import Listing, Member, Place, Refused, Rejected, mebibytes, too_large
from grader.intake.modules import helper_modules
from grader.intake.notebook import code_cells
from grader.model import Program, Source, Submission
from grader.text import printable
from grader.unit import Limits, Unit

MAX_NOTES = 20
NOTE_CHARACTERS = 200

# How the archives begin that students send although nobody asked for them.
_FOREIGN = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\xfd7zXZ\x00": "compressed with xz",
    b"BZh": "compressed with bzip2",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"%PDF": "a PDF document",
}


@dataclass(slots=True)
class _Findings:
    """What reading one entry has brought together so far."""

    chosen: dict[str, tuple[Member, Source]] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(entry: Entry, unit: Unit) -> Submission:
    """Read an entry into memory, under the unit's limits, without writing, following or executing anything.

    Whatever the entry holds, the answer is a `Submission`; one that holds nothing gradable says why in `rejected`.

    Raises:
        GraderError: the machine, not the submission, stands in the way: the entry vanished, may not be read, the disk fails. The message
            names the file and the fix.
    """
    try:
        listing = _listing(entry, unit.limits)
    except Rejected as reason:
        return _submission(entry, unit, _Findings(notes=list(entry.notes)), {}, str(reason))
    findings = _Findings(notes=[*entry.notes, *sorted(listing.remarks)])
    _refuse_large(listing, unit)
    for exercise in unit.exercises:
        _take(exercise.name, listing, unit.limits, findings)
    programs = _programs(listing, unit.limits, findings)
    findings.notes += [_refusal(path, reason) for path, reason in sorted(listing.refused)]
    return _submission(entry, unit, findings, programs, None if programs else _why_nothing(listing, unit, findings))


def _listing(entry: Entry, limits: Limits) -> Listing:
    if entry.parts:
        return _parts_listing(entry, limits)
    path = os.fspath(entry.path)
    try:
        with folder.machine_errors(path):
            mode = entry.path.lstat().st_mode
        if stat.S_ISDIR(mode):
            return folder.members(entry.path, limits)
        if stat.S_ISLNK(mode):
            raise Rejected("The submission is a symbolic link, which is not followed. Put the folder or the archive itself in its place.")
        if not stat.S_ISREG(mode):
            raise Rejected("The submission is neither a folder nor an ordinary file.")
        if not is_archive(entry.path.name):
            raise Rejected(
                "The submission is a single file. Put the exercise files into a folder, or a .zip or .tar.gz of one, named after the student."
            )
        return _archive_listing(folder.read_file(path, limits.archive_bytes), limits)
    except Refused as reason:
        raise Rejected(f"The submission cannot be taken: {reason}.") from reason


def _parts_listing(entry: Entry, limits: Limits) -> Listing:
    """Loose files that together are one submission, as one folder; what is in an archive among them lies a level deeper."""
    listing = Listing()
    # All archives of a submission share the limit on one.
    left = limits.archive_bytes
    for name, path in entry.parts:
        try:
            member = folder.member((name,), path)
            if not is_archive(name):
                listing.members.append(member)
                continue
            inner = _archive_listing(member.read(left), limits)
        except (Refused, Rejected) as reason:
            listing.refused.append((name, str(reason).rstrip(".")))
            continue
        left -= member.size
        listing.members += [Member((name, *one.place), one.size, one.read) for one in inner.members]
        listing.folders |= {(name, *place) for place in inner.folders}
        listing.refused += [(f"{name}/{place}", reason) for place, reason in inner.refused]
        listing.remarks += inner.remarks
    return listing


def _archive_listing(content: bytes, limits: Limits) -> Listing:
    """List an archive by what it is, whatever its suffix says."""
    if not content:
        raise Rejected("The archive is empty (0 bytes): the upload may have been cut off. Send it again.")
    for magic, kind in _FOREIGN.items():
        if content.startswith(magic):
            raise Rejected(f"The archive is {kind}, whatever its name says. Only .zip and .tar.gz can be read: pack it again.")
    if content.startswith(tar_archive.GZIP_MAGIC):
        content = tar_archive.gunzip(content, limits)
        return archive.collect(tar_archive.packed(content), len(content), limits)
    if content[257:262] == b"ustar":
        return archive.collect(tar_archive.packed(content), len(content), limits)
    return archive.collect(zip_archive.packed(content, limits), len(content), limits)


def _refuse_large(listing: Listing, unit: Unit) -> None:
    """Move sources and exercise notebooks over their limit from the members to the refused."""
    notebooks = {f"{exercise.name}.ipynb" for exercise in unit.exercises}
    kept = []
    for member in listing.members:
        limit = unit.limits.notebook_bytes if member.name in notebooks else unit.limits.source_bytes
        if member.size > limit and (member.name in notebooks or member.name.endswith(".py")):
            listing.refused.append(("/".join(member.place), too_large(limit)))
        else:
            kept.append(member)
    listing.members = kept


def _take(exercise: str, listing: Listing, limits: Limits, findings: _Findings) -> None:
    """Find and read the file that counts for an exercise, or say why there is none although something of its name is there."""
    names = {f"{exercise}.py", f"{exercise}.ipynb"}
    member, message = choose(exercise, [member for member in listing.members if member.name in names])
    if member is None:
        refused = [_refusal(path, reason) for path, reason in sorted(listing.refused) if path.replace("\\", "/").rpartition("/")[2] in names]
        problem = message or " ".join(refused[:3]) or almost(exercise, listing)
        if problem:
            findings.unavailable[exercise] = problem
        return
    if message:
        findings.notes.append(message)
    try:
        findings.chosen[exercise] = (member, _source(member, limits))
    except Refused as reason:
        listing.refused.append(("/".join(member.place), str(reason)))
        findings.unavailable[exercise] = _refusal("/".join(member.place), str(reason))


def _source(member: Member, limits: Limits) -> Source:
    if member.name.endswith(".ipynb"):
        return Source(path_of(member), code_cells(member.read(limits.notebook_bytes)))
    return Source(path_of(member), member.read(limits.source_bytes))


def _programs(listing: Listing, limits: Limits, findings: _Findings) -> dict[str, Program]:
    """Join every exercise's source with the modules that it may import."""
    scripts = sorted((member for member in listing.members if member.name.endswith(".py")), key=lambda member: (len(member.place), member.place))
    answers = {exercise: source for exercise, (_, source) in findings.chosen.items()}
    helpers = {home: helper_modules(home, scripts, answers) for home in {member.place[:-1] for member, _ in findings.chosen.values()}}
    wanted = {script.place for modules, _ in helpers.values() for script in modules.values()}
    sources = _helper_sources([script for script in scripts if script.place in wanted], listing, limits)
    programs = {}
    for exercise, (member, source) in findings.chosen.items():
        modules, packages = helpers[member.place[:-1]]
        beside = {name: sources[script.place] for name, script in modules.items() if script.place in sources}
        others = {name: answer for name, answer in answers.items() if name != exercise}
        programs[exercise] = Program(exercise, source, beside | others, packages)
    return programs


def _helper_sources(scripts: Sequence[Member], listing: Listing, limits: Limits) -> dict[Place, Source]:
    """Read helper modules, those nearest the top first, while their number and total size stay under the limits on an archive."""
    sources: dict[Place, Source] = {}
    left = limits.archive_bytes
    for number, script in enumerate(scripts):
        if number >= limits.archive_members or script.size > left:
            listing.refused.append(
                ("/".join(script.place), f"there are more than {limits.archive_members:,} helper modules or {mebibytes(limits.archive_bytes)}")
            )
            break
        try:
            sources[script.place] = Source(path_of(script), script.read(limits.source_bytes))
        except Refused as reason:
            listing.refused.append(("/".join(script.place), str(reason)))
        left -= script.size
    return sources


def _refusal(path: str, reason: str) -> str:
    return f"{shown(path)} was refused: {reason}."


def _why_nothing(listing: Listing, unit: Unit, findings: _Findings) -> str:
    if findings.unavailable:
        return "No exercise could be taken. " + " ".join(findings.unavailable.values())
    return nothing_found([exercise.name for exercise in unit.exercises], listing)


def _submission(entry: Entry, unit: Unit, findings: _Findings, programs: Mapping[str, Program], rejected: str | None) -> Submission:
    unavailable = {exercise: printable(reason, unit.limits.message_characters) for exercise, reason in findings.unavailable.items()}
    rejected = None if rejected is None else printable(rejected, unit.limits.message_characters)
    notes = tuple(printable(note, NOTE_CHARACTERS) for note in findings.notes)
    if len(notes) > MAX_NOTES:
        notes = (*notes[: MAX_NOTES - 1], f"There are {len(notes) - MAX_NOTES + 1:,} more remarks of this kind.")
    digest = _digest(programs, unavailable, notes, rejected)
    return Submission(entry.name, entry.file_name, programs, digest, unavailable, notes, rejected)


def _digest(programs: Mapping[str, Program], unavailable: Mapping[str, str], notes: Sequence[str], rejected: str | None) -> str:
    """A hash of everything that grading depends on; times, order in an archive and files that were not taken have no part in it."""
    content = {
        "programs": {
            exercise: [
                _source_digest(program.source),
                {name: _source_digest(source) for name, source in program.modules.items()},
                sorted(program.packages),
            ]
            for exercise, program in programs.items()
        },
        "unavailable": dict(unavailable),
        "notes": list(notes),
        "rejected": rejected,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _source_digest(source: Source) -> list[str]:
    code = source.code if isinstance(source.code, bytes) else json.dumps(source.code).encode()
    return [source.path, type(source.code).__name__, hashlib.sha256(code).hexdigest()]
