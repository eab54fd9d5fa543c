"""Whatever bytes and names a submission consists of: a `Submission` comes out, and nothing is written."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.intake import Entry, read
from grader.model import Submission
from grader.unit import current

SETTINGS = settings(max_examples=150, deadline=None)
NAMES = st.one_of(
    st.sampled_from(["kl.py", "kl.ipynb", "a/kl.py", "../kl.py", "/kl.py", "kl.py/", ".", "", "a//b.py", "C:kl.py", "sampler.py", "__MACOSX/kl.py"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
FILES = st.lists(st.tuples(NAMES, st.binary(max_size=200)), max_size=6)


@pytest.fixture(scope="module")
def taken(nothing_written: Callable[[], Any]) -> Callable[[bytes, str], Submission]:
    def taken(content: bytes, name: str) -> Submission:
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            with nothing_written():
                submission = read(Entry(path, "s01", "s01"), current())
                again = read(Entry(path, "s01", "s01"), current())
        assert submission == again
        assert (submission.rejected is None) == bool(submission.programs)
        for text in (*submission.notes, *submission.unavailable.values(), submission.rejected or ""):
            assert text.isprintable()
            assert len(text) <= current().limits.message_characters
        return submission

    return taken


def zip_of(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(files).items():
            archive.writestr(zipfile.ZipInfo(name or "x"), content)
    return buffer.getvalue()


def tar_of(files: list[tuple[str, bytes]], mode: str, form: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=form) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize("prefix", [b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00"], ids=["", "zip", "empty zip", "gzip"])
@SETTINGS
@given(content=st.binary(max_size=600))
def test_any_bytes_as_an_archive(taken: Callable[..., Submission], prefix: bytes, content: bytes) -> None:
    assert taken(prefix + content, "s01.zip").programs == {}


@SETTINGS
@given(files=FILES)
def test_any_names_in_a_zip(taken: Callable[..., Submission], files: list[tuple[str, bytes]]) -> None:
    taken(zip_of(files), "s01.zip")


@SETTINGS
@given(files=FILES, mode=st.sampled_from(["w", "w:gz"]), form=st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_any_names_in_a_tar(taken: Callable[..., Submission], files: list[tuple[str, bytes]], mode: str, form: int) -> None:
    taken(tar_of(files, mode, form), "s01.tar.gz")


PATCHES = st.sampled_from([b"\0", b"\xff", b"\x80", b"\xff\xff\xff\xff", b"PK\x01\x02"]) | st.binary(min_size=1, max_size=4)


@settings(max_examples=600, deadline=None)
@given(
    kind=st.sampled_from(["zip", "gnu", "pax"]),
    patches=st.lists(st.tuples(st.integers(0, 4000), PATCHES), min_size=1, max_size=4),
    cut=st.integers(0, 50),
)
@example(kind="zip", patches=[(6, b"\x01")], cut=0)
def test_any_damage_to_a_real_archive(taken: Callable[..., Submission], kind: str, patches: list[tuple[int, bytes]], cut: int) -> None:
    files = [("kl.py", b"x = 1\n" * 20), ("a/" * 60 + "sampler.py", b"y"), ("é/kl.ipynb", b"{}"), ("helpers.py", b"h" * 600)]
    whole = zip_of(files) if kind == "zip" else tar_of(files, "w", tarfile.GNU_FORMAT if kind == "gnu" else tarfile.PAX_FORMAT)
    content = bytearray(whole[: len(whole) - cut])
    for position, patch in patches:
        position %= len(content)
        content[position : position + len(patch)] = patch
    taken(bytes(content), "s01.zip" if kind == "zip" else "s01.tar")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "code"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@SETTINGS
@given(
    notebook=JSON
    | st.builds(lambda cells: {"cells": cells}, st.lists(st.fixed_dictionaries({"cell_type": st.just("code"), "source": JSON}), max_size=3))
)
def test_any_json_as_a_notebook(taken: Callable[..., Submission], notebook: Any) -> None:
    submission = taken(zip_of([("kl.ipynb", json.dumps(notebook).encode()), ("sampler.py", b"")]), "s01.zip")
    assert "kl" in submission.programs or "kl" in submission.unavailable


@SETTINGS
@given(content=st.binary(max_size=200))
def test_any_bytes_as_a_notebook(taken: Callable[..., Submission], content: bytes) -> None:
    taken(zip_of([("kl.ipynb", content)]), "s01.zip")
