from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from grader.model import Submission
from grader.unit import Unit

Take = Callable[..., Submission]
Pack = Callable[..., bytes]


def unpack(take: Take, content: bytes, **options: Any) -> Submission:
    return take(content, name="s01.zip", **options)


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for info, content in members:
            archive.writestr(info, content)
    return buffer.getvalue()


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def test_a_zip_of_a_folder_is_read_like_the_folder(take: Take, pack_zip: Pack) -> None:
    files = {"kl.py": b"x", "pkg/__init__.py": b"", "pkg/a.py": b"y"}
    from_zip = unpack(take, pack_zip(files))
    assert from_zip.programs == take(files).programs
    assert from_zip.sha256 == take().sha256
    assert unpack(take, pack_zip({f"anna/{name}": content for name, content in files.items()})).programs["kl"].source.path == "anna/kl.py"


def test_a_zip_written_as_a_stream_is_read(take: Take) -> None:
    class Pipe(io.RawIOBase):
        """Cannot seek, so that sizes follow the content in data descriptors."""

        def __init__(self) -> None:
            self.content = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            self.content += content
            return len(content)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("kl.py", "w", force_zip64=True) as member:
        member.write(b"x = 1")
    assert unpack(take, bytes(pipe.content)).programs["kl"].source.code == b"x = 1"


def test_an_archive_is_read_as_what_it_is_whatever_its_suffix(take: Take, pack_zip: Pack, pack_tar: Pack) -> None:
    assert "kl" in take(pack_zip({"kl.py": b""}), name="a.tar.gz").programs
    assert "kl" in take(pack_tar({"kl.py": b""}), name="a.zip").programs
    assert "kl" in take(pack_tar({"kl.py": b""}, mode="w"), name="b.zip").programs
    assert "RAR" in (take(b"Rar!\x1a\x07\x01\x00", name="c.zip").rejected or "")
    assert "empty" in (take(b"", name="d.zip").rejected or "")


def test_folders_packed_with_backslashes_are_folders(take: Take) -> None:
    info = zipfile.ZipInfo("anna/kl.py")
    content = packed((info, b"x")).replace(b"anna/kl.py", b"anna\\kl.py")
    assert unpack(take, content).programs["kl"].source.path == "anna/kl.py"


def test_utf8_names_without_the_flag_are_read_as_such(take: Take) -> None:
    content = packed(("XXbung/kl.py", b"x")).replace(b"XXbung", "Übung".encode())
    assert unpack(take, content).programs["kl"].source.path == "Übung/kl.py"
    content = packed(("Xbung/kl.py", b"x")).replace(b"Xbung", b"\x9abung")
    assert unpack(take, content).programs["kl"].source.path == "Übung/kl.py"


def test_names_that_claim_to_be_utf8_and_are_not_make_the_archive_unreadable(take: Take) -> None:
    content = packed(("é/kl.py", b"x")).replace("é".encode(), b"\xff\xff")
    assert "cannot be read as a zip file" in (unpack(take, content).rejected or "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../kl.py", "its path leads upwards with '..'"),
        ("a/../../kl.py", "its path leads upwards with '..'"),
        ("a\\..\\..\\kl.py", "its path leads upwards with '..'"),
        ("/etc/kl.py", "its path is absolute"),
        ("//host/share/kl.py", "its path is absolute"),
        ("\\\\host\\kl.py", "its path is absolute"),
        ("C:\\Users\\kl.py", "its path is absolute"),
        ("d" * 5000 + "/kl.py", "its name is too long"),
    ],
    ids=lambda text: text[:20],
)
def test_members_that_lead_outside_are_refused_one_by_one(take: Take, name: str, reason: str) -> None:
    submission = unpack(take, packed((name, b"x"), ("sampler.py", b"y")))
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable["kl"].endswith(f"kl.py was refused: {reason}.")
    (note,) = submission.notes
    assert reason in note


def test_a_name_with_a_nul_is_refused(take: Take) -> None:
    submission = unpack(take, packed(("kl.pyXtxt", b"x"), ("sampler.py", b"y")).replace(b"kl.pyX", b"kl.py\0"))
    assert set(submission.programs) == {"sampler"}
    assert "NUL" in submission.notes[0]


@pytest.mark.parametrize("name", ["\0", "/", ".", "\\"])
def test_a_member_without_a_name_harms_no_other(take: Take, name: str) -> None:
    assert "sampler" in unpack(take, packed((zipfile.ZipInfo("x"), b""), ("sampler.py", b"")).replace(b"x", name.encode())).programs


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "not an ordinary"), (stat.S_IFCHR, "not an ordinary"), (stat.S_IFBLK, "not an ordinary"),
     (stat.S_IFSOCK, "not an ordinary")],
)  # fmt: skip
def test_links_and_special_members_are_refused_one_by_one(take: Take, kind: int, reason: str) -> None:
    submission = unpack(take, packed((special("kl.py", kind), b"/etc/passwd"), ("sampler.py", b"")))
    assert set(submission.programs) == {"sampler"}
    assert reason in submission.unavailable["kl"]


def test_of_two_members_of_one_name_the_last_counts_and_a_remark_says_so(take: Take) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = packed(("kl.py", b"first"), ("./kl.py", b"second"), ("kl.py", b"third"), ("KL.py", b"other"))
    submission = unpack(take, content)
    assert submission.programs["kl"].source.code == b"third"
    assert submission.notes == ("kl.py is in the archive 3 times. The last one counts.",)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_of_an_unusual_compression_are_refused(take: Take, method: int) -> None:
    assert "unusual method" in unpack(take, packed(("kl.py", b"x"), method=method)).unavailable["kl"]


def test_encrypted_members_are_refused_and_the_rest_is_taken(take: Take) -> None:
    content = bytearray(packed(("kl.py", b"x"), ("sampler.py", b"y")))
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    submission = unpack(take, bytes(content))
    assert set(submission.programs) == {"sampler"}
    assert "it is encrypted" in submission.unavailable["kl"]


def test_a_member_with_a_wrong_checksum_is_refused_and_the_rest_is_taken(take: Take) -> None:
    content = packed(("kl.py", b"x = 11111"), ("sampler.py", b"y"), method=zipfile.ZIP_STORED).replace(b"x = 11111", b"x = 21111")
    submission = unpack(take, content)
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable == {"kl": "kl.py was refused: it is damaged in the archive."}


@pytest.mark.parametrize("declared", [1, 2**31])
def test_a_member_that_lies_about_its_size_is_not_believed(take: Take, declared: int) -> None:
    content = bytearray(packed(("kl.py", b"x" * 5000), ("sampler.py", b"")))
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, central + 24, declared)
    submission = unpack(take, bytes(content))
    assert "kl" not in submission.programs
    assert submission.rejected is not None or "damaged" in submission.unavailable["kl"]


@pytest.mark.parametrize("cut", [1, 10, 30, 60])
def test_a_truncated_archive_is_rejected(take: Take, pack_zip: Pack, cut: int) -> None:
    assert "cannot be read as a zip file" in (unpack(take, pack_zip({"kl.py": b"x" * 100})[:-cut]).rejected or "")


def test_an_archive_of_too_many_files_is_rejected(take: Take, pack_zip: Pack, small_unit: Unit) -> None:
    assert "kl" in unpack(take, pack_zip({"kl.py": b"", **{f"{n}.txt": b"" for n in range(19)}}), unit=small_unit).programs
    assert "more than 20 files" in (unpack(take, pack_zip({f"{n}.txt": b"" for n in range(21)}), unit=small_unit).rejected or "")


def test_files_of_tools_do_not_count_towards_the_limit_unless_they_are_beyond_measure(take: Take, pack_zip: Pack, small_unit: Unit) -> None:
    assert "kl" in unpack(take, pack_zip({".git/" + str(n): b"x" * 1000 for n in range(100)} | {"kl.py": b""}), unit=small_unit).programs
    assert "more than 20 files" in (unpack(take, pack_zip({".git/" + str(n): b"" for n in range(250)}), unit=small_unit).rejected or "")


def test_an_archive_that_unpacks_to_more_than_the_limit_is_rejected(take: Take, small_unit: Unit) -> None:
    content = packed(*[(f"{n}.bin", b"x" * 3_000) for n in range(19)], ("last.bin", b"x" * 3_001))
    assert "unpacks to more than" in (unpack(take, content, unit=small_unit).rejected or "")


def peak_of(action: Callable[[], Submission]) -> tuple[Submission, int]:
    tracemalloc.start()
    try:
        return action(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_of_zeros_is_rejected_without_being_unpacked(take: Take) -> None:
    content = packed(("bomb.bin", bytes(50 * 2**20)), ("kl.py", b""))
    submission, peak = peak_of(lambda: unpack(take, content))
    assert "200 times its size" in (submission.rejected or "")
    assert peak < 2 * 2**20


def test_a_lying_bomb_is_stopped_at_the_limit_on_one_file(take: Take) -> None:
    content = bytearray(packed(("kl.py", bytes(100 * 2**20))))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 1000)
    submission, peak = peak_of(lambda: unpack(take, bytes(content)))
    assert "damaged" in (submission.rejected or "")
    assert peak < 8 * 2**20


def overlapping(count: int) -> bytes:
    """Many names for one compressed file, the simplest overlapping bomb."""
    content = packed(("kl.py", b"x" * 500_000))
    end = content.index(b"PK\x05\x06")
    central = content[content.index(b"PK\x01\x02") : end]
    table = b"".join(central.replace(b"kl.py", b"%05d" % n) for n in range(count))
    start = content.index(b"PK\x01\x02")
    return content[:start] + table + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), start, 0)


def test_overlapping_members_are_rejected(take: Take) -> None:
    assert "overlap" in (unpack(take, overlapping(20)).rejected or "")


def test_a_table_of_contents_of_megabytes_is_rejected_unparsed(take: Take) -> None:
    content = overlapping(60_000)
    submission, peak = peak_of(lambda: unpack(take, content))
    assert "more than 2,000 files" in (submission.rejected or "")
    assert peak < 4 * len(content)


def test_an_archive_larger_than_the_limit_is_rejected_unread(take: Take, tmp_path: Any) -> None:
    (tmp_path / "class").mkdir()
    with (tmp_path / "class" / "s01.zip").open("wb") as file:
        file.truncate(10 * 2**30)
    submission, peak = peak_of(lambda: take(name="s01.zip"))
    assert "larger than 64 MiB" in (submission.rejected or "")
    assert peak < 2**20


def test_very_deep_paths_cost_nothing(take: Take) -> None:
    content = packed(*[("a/" * 2000 + f"{n}.py", b"") for n in range(300)], ("kl.py", b"x"), method=zipfile.ZIP_STORED)
    submission, peak = peak_of(lambda: unpack(take, content))
    assert set(submission.programs["kl"].modules) == set()
    assert peak < 32 * 2**20
