from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from grader.model import Submission
from grader.unit import Unit

Take = Callable[..., Submission]
Pack = Callable[..., bytes]


def unpack(take: Take, content: bytes, **options: Any) -> Submission:
    return take(content, name="s01.tar.gz", **options)


def member(name: str, **attributes: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_of_every_format_is_read_like_the_folder(take: Take, pack_tar: Pack, form: int) -> None:
    files = {"kl.py": b"x" * 513, "pkg/a.py": b"y"}
    long = "long/" * 25
    files |= {f"{long}sampler.py": b"z"} if form == tarfile.USTAR_FORMAT else {f"{long * 4}{'é' * 60}/sampler.py": b"z"}
    submission = unpack(take, pack_tar(files, format=form))
    assert submission.programs == take(files).programs
    assert submission.sha256 == take().sha256
    assert submission.notes == ()


def test_names_that_are_no_text_are_kept_apart_and_shown_clean(take: Take, pack_tar: Pack) -> None:
    content = pack_tar({"a\udcff/kl.py": b"x", "a\udcfe/sampler.py": b"y"}, format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape")
    submission = unpack(take, content)
    assert submission.programs["kl"].source.path == "a\ufffd/kl.py"
    assert submission.programs["sampler"].modules.keys() == {"kl"}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, "it is a symbolic link"),
        (tarfile.LNKTYPE, "it is a hard link"),
        (tarfile.FIFOTYPE, "it is not an ordinary file"),
        (tarfile.CHRTYPE, "it is not an ordinary file"),
        (tarfile.BLKTYPE, "it is not an ordinary file"),
        (b"?", "it is not an ordinary file"),
    ],
)
def test_links_and_special_members_are_refused_one_by_one(take: Take, pack_tar: Pack, kind: bytes, reason: str) -> None:
    content = pack_tar([(member("kl.py", type=kind, linkname="sampler.py"), b""), (member("sampler.py"), b"x")])
    submission = unpack(take, content)
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable == {"kl": f"kl.py was refused: {reason}."}


@pytest.mark.parametrize("name", ["../kl.py", "/kl.py", "a/../../kl.py", "./../kl.py"])
def test_members_that_lead_outside_are_refused_one_by_one(take: Take, pack_tar: Pack, name: str) -> None:
    submission = unpack(take, pack_tar({name: b"x", "./sampler.py": b"y"}))
    assert set(submission.programs) == {"sampler"}
    assert name in submission.notes[0]


def test_a_hostile_long_name_or_pax_path_is_judged_like_any_other(take: Take, pack_tar: Pack) -> None:
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        submission = unpack(take, pack_tar({"../" * 60 + "kl.py": b"x", "d" * 5000 + "/kl.py": b"", "sampler.py": b""}, format=form))
        assert set(submission.programs) == {"sampler"}
        assert len(submission.notes) == 2


def test_the_last_of_two_members_of_one_name_counts(take: Take, pack_tar: Pack) -> None:
    submission = unpack(take, pack_tar([(member("kl.py"), b"old"), (member("./kl.py"), b"new")]))
    assert submission.programs["kl"].source.code == b"new"
    assert submission.notes == ("kl.py is in the archive 2 times. The last one counts.",)


def raw(name: str, size: int, kind: bytes = tarfile.REGTYPE, pax: dict[str, str] | None = None, **attributes: Any) -> bytes:
    """Header blocks without content, as tarfile would write them."""
    info = member(name, size=size, type=kind, **attributes)
    info.pax_headers = pax or {}
    return info.tobuf(tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT)


def block(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


GOOD = raw("sampler.py", 3) + block(b"yes")


@pytest.mark.parametrize("pax", [{"GNU.sparse.realsize": "99999999999", "GNU.sparse.major": "1"}, {"GNU.sparse.map": "0,1"}])
def test_sparse_members_are_refused_and_the_rest_is_taken(take: Take, pax: dict[str, str]) -> None:
    submission = unpack(take, gzip.compress(raw("kl.py", 3, pax=pax) + block(b"abc") + GOOD))
    assert submission.programs["sampler"].source.code == b"yes"
    assert submission.unavailable == {"kl": "kl.py was refused: it is a sparse file."}


def test_an_old_sparse_member_is_skipped_with_its_extra_blocks(take: Take) -> None:
    header = bytearray(raw("kl.py", 3, tarfile.GNUTYPE_SPARSE))
    header[482] = 1
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    more = bytearray(512)
    more[504] = 1
    submission = unpack(take, gzip.compress(bytes(header) + bytes(more) + bytes(512) + block(b"abc") + GOOD))
    assert submission.programs["sampler"].source.code == b"yes"
    assert "sparse" in submission.unavailable["kl"]


def test_a_pax_size_goes_before_the_headers_own(take: Take) -> None:
    assert unpack(take, gzip.compress(raw("kl.py", 0, pax={"size": "3"}) + block(b"abc") + GOOD)).programs["kl"].source.code == b"abc"


DAMAGED = {
    "negative size": raw("kl.py", -512),
    "negative pax size": raw("kl.py", 0, pax={"size": "-1024"}),
    "pax size is no number": raw("kl.py", 0, pax={"size": "many"}),
    "pax size of a million digits": raw("kl.py", 0, pax={"size": "9" * 1_000_000}),
    "content cut off": raw("kl.py", 10_000) + b"x",
    "header cut off": raw("kl.py", 0)[:300],
    "wrong checksum": raw("kl.py", 0).replace(b"kl.py", b"lk.py", 1)[:3] + b"!" + raw("kl.py", 0)[4:],
    "huge pax header": raw("x", 2**21, tarfile.XHDTYPE) + bytes(2**21),
    "pax records that do not add up": raw("x", 10, tarfile.XHDTYPE) + block(b"99 path=x\n") + raw("kl.py", 0),
    "pax record of length nought": raw("x", 10, tarfile.XHDTYPE) + block(b"0 path=x\n\n") + raw("kl.py", 0),
    "negative long name": raw("x", -512, tarfile.GNUTYPE_LONGNAME),
    "text": b"import numpy as np\n" * 100,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_archive_is_rejected_with_a_reason(take: Take, content: bytes) -> None:
    assert "damaged, cut off or something else" in (unpack(take, _loosely(content)).rejected or "")


def test_twenty_thousand_chained_extension_headers_neither_recurse_nor_count_as_files(take: Take) -> None:
    chain = (raw("x", 0, tarfile.GNUTYPE_LONGLINK) + raw("x", 0, tarfile.XHDTYPE)) * 10_000
    assert set(unpack(take, _loosely(chain + GOOD)).programs) == {"sampler"}


def _loosely(content: bytes) -> bytes:
    """Compressed so little that the ratio is no objection."""
    return gzip.compress(content, 0)


def test_a_truncated_gzip_stream_is_rejected(take: Take, pack_tar: Pack) -> None:
    content = pack_tar({"kl.py": b"x"})
    for cut in (1, 8, 20, len(content) - 3):
        assert "damaged, cut off" in (unpack(take, content[:-cut]).rejected or "")


def test_several_gzip_streams_in_one_file_are_rejected_rather_than_read_in_part(take: Take, pack_tar: Pack) -> None:
    assert unpack(take, pack_tar({"kl.py": b"x"}) * 2).rejected is not None


def test_a_gzip_bomb_is_stopped_at_the_limit(take: Take) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1) as stream:
        for _ in range(300):
            stream.write(bytes(2**20))
    tracemalloc.start()
    try:
        submission = unpack(take, buffer.getvalue())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "unpacks to more than 64 MiB" in (submission.rejected or "")
    assert peak < 3 * 64 * 2**20


def test_a_small_archive_compressed_beyond_reason_is_rejected(take: Take, pack_tar: Pack) -> None:
    assert "200 times its size" in (unpack(take, pack_tar({"zeros.bin": bytes(10 * 2**20), "kl.py": b""})).rejected or "")


def test_an_archive_of_too_many_files_is_rejected(take: Take, pack_tar: Pack, small_unit: Unit) -> None:
    assert "more than 20 files" in (unpack(take, pack_tar({f"{n}.txt": b"" for n in range(21)}), unit=small_unit).rejected or "")
    content = raw("a", 0) * 100_000
    assert unpack(take, _loosely(content)).rejected is not None


def test_an_archive_without_members_holds_no_exercise_file(take: Take, pack_tar: Pack) -> None:
    assert "No exercise file" in (unpack(take, pack_tar({})).rejected or "")
    assert "No exercise file" in (unpack(take, gzip.compress(b"")).rejected or "")
