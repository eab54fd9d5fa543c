from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from grader.model import Submission

Take = Callable[..., Submission]
FILES = {"kl.py": b"x", "helpers.py": b"h", "a/sampler.ipynb": b'{"cells": [{"cell_type": "code", "source": "x"}]}'}


def test_times_and_modes_and_files_that_are_not_taken_do_not_change_the_hash(take: Take, tmp_path: Path) -> None:
    before = take(FILES)
    os.utime(tmp_path / "class" / "s01" / "kl.py", (1, 1))
    (tmp_path / "class" / "s01" / "kl.py").chmod(0o755)
    assert take({"notes.md": b"", "data/x.csv": b"1"}).sha256 == before.sha256


def test_the_order_of_an_archive_and_its_kind_do_not_change_what_is_taken(
    take: Take, pack_zip: Callable[..., bytes], pack_tar: Callable[..., bytes]
) -> None:
    backwards = dict(reversed(FILES.items()))
    submissions = [
        take(FILES),
        take(pack_zip(FILES), name="a.zip"),
        take(pack_zip(backwards), name="b.zip"),
        take(pack_tar(backwards), name="c.tgz"),
    ]
    assert len({submission.sha256 for submission in submissions}) == 1
    assert all(submission == submissions[0] for submission in submissions)


def test_every_change_of_what_is_taken_changes_the_hash(take: Take) -> None:
    variants = [
        FILES,
        FILES | {"kl.py": b"y"},
        FILES | {"helpers.py": b"i"},
        FILES | {"more.py": b""},
        FILES | {"pkg/__init__.py": b""},
        FILES | {"kl.ipynb": FILES["a/sampler.ipynb"]},
        FILES | {"a/sampler.ipynb": b'{"cells": [{"cell_type": "code", "source": "y"}]}'},
        FILES | {"encoder.ipynb": b"invalid"},
        {"w/" + name: content for name, content in FILES.items()},
        {"readme.md": b""},
        {"kl.ipynb": b"invalid"},
    ]
    hashes = [take(files, name=f"s{number}").sha256 for number, files in enumerate(variants)]
    assert len(set(hashes)) == len(variants)
