from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from grader.model import Submission

Take = Callable[..., Submission]


def cells_of(take: Take, notebook: Any) -> tuple[str, ...]:
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    code = take({"kl.ipynb": content}).programs["kl"].source.code
    assert isinstance(code, tuple)
    return code


def test_a_notebook_of_the_reference_library_gives_its_code_cells_in_order(take: Take) -> None:
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# KL"),
            nbformat.v4.new_code_cell("%matplotlib inline\n!pip install x\nimport numpy as np"),
            nbformat.v4.new_raw_cell("raw"),
            nbformat.v4.new_code_cell("def kl_divergence(mu, sigma):\n    return 0"),
            nbformat.v4.new_code_cell(""),
        ]
    )
    expected = ("%matplotlib inline\n!pip install x\nimport numpy as np", "def kl_divergence(mu, sigma):\n    return 0", "")
    assert cells_of(take, nbformat.writes(made).encode()) == expected


def test_a_notebook_of_format_3_is_read_through_its_worksheets(take: Take) -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="a = 1"), nbformat.v3.new_text_cell("html")])]
    )
    assert cells_of(take, nbformat.v3.writes_json(old).encode()) == ("a = 1",)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": {"id": "x"}, "execution_count": None, "outputs": []}, "a = 1\nb = 2"),
        ({"cell_type": "code", "source": "a", "metadata": {"nbgrader": {"grade": False, "solution": True, "schema_version": 3}}}, "a"),
        (
            {
                "cell_type": "code",
                "source": "b",
                "metadata": {"vscode": {"languageId": "python"}},
                "outputs": [{"data": {"application/json": float("nan")}}],
            },
            "b",
        ),
        ({"cell_type": "code", "source": "c", "outputs": [{"data": {"application/json": 10**4000}}]}, "c"),
        ({"cell_type": "code", "metadata": {}}, ""),
        ({"cell_type": "code", "source": []}, ""),
    ],
)
def test_cells_as_real_applications_write_them_are_read(take: Take, cell: dict[str, Any], text: str) -> None:
    assert cells_of(take, {"cells": [{"cell_type": "markdown", "source": "m"}, cell], "nbformat": 4, "nbformat_minor": 0}) == (text,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_notebook_in_any_unicode_encoding_is_read(take: Take, encoding: str) -> None:
    assert cells_of(take, json.dumps({"cells": [{"cell_type": "code", "source": "# é"}]}, ensure_ascii=False).encode(encoding)) == ("# é",)


def test_half_a_surrogate_pair_cannot_trip_a_later_stage(take: Take) -> None:
    (text,) = cells_of(take, b'{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}')
    assert text.encode()


INVALID = {
    "empty": b"",
    "text": b"import numpy",
    "cut off": b'{"cells": [{"cell_type": "code", "sou',
    "no object": b"[1, 2]",
    "a number": b"3",
    "null": b"null",
    "no cells": b'{"nbformat": 4}',
    "cells are no list": b'{"cells": {"0": {}}}',
    "a cell is no object": b'{"cells": [{"cell_type": "code", "source": "a"}, 3]}',
    "source is a number": b'{"cells": [{"cell_type": "code", "source": 3}]}',
    "source holds a number": b'{"cells": [{"cell_type": "code", "source": ["a", 3]}]}',
    "worksheets are no list": b'{"worksheets": 3}',
    "a worksheet is no object": b'{"worksheets": [3]}',
    "bytes": bytes(range(256)),
    "deeply nested": b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"cells":' * 100_000,
    "too many parts": b"[" + b"[]," * 2_500_000 + b"0]",
    "million-digit number": b'{"cells": ' + b"9" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("content", INVALID.values(), ids=INVALID.keys())
def test_an_invalid_notebook_costs_its_exercise_alone_and_says_why(take: Take, content: bytes) -> None:
    submission = take({"kl.ipynb": content, "sampler.py": b"x"})
    assert set(submission.programs) == {"sampler"}
    assert submission.unavailable["kl"].startswith("kl.ipynb was refused: it is ")
    assert "notebook" in submission.unavailable["kl"]
    assert submission.rejected is None


def test_a_notebook_made_to_fill_memory_is_refused_before_it_does(take: Take) -> None:
    content = b"[" + b"{}," * 6_900_000 + b"0]"
    tracemalloc.start()
    try:
        submission = take({"kl.ipynb": content})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "too many parts" in submission.unavailable["kl"]
    assert peak < 3 * len(content)
