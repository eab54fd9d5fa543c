"""A class of an nbgrader course: what each student makes of the notebooks that were given out, and what that is worth where it is certain."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
Edit = Callable[[Notebook], None]
LATE, IN_TIME = "2026-03-09 12:00:00 UTC", "2026-03-01 12:00:00 UTC"
DEADLINE = "2026-03-08 12:00:00 UTC"
FULL = {"sampler": 20.0, "backward": 25.0, "kl": 20.0, "inverse_cdf": 25.0, "encoder": 10.0, "implicit": 10.0}
MARKUP = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"


@dataclass(frozen=True)
class Student:
    """What one student hands in.

    `answers`: the notebooks that hold the solutions, before `edits` (by notebook) change them. `files` replace or join them. `scores` are what the
    exercises are worth, those not named being worth nothing.
    """

    answers: tuple[str, ...] = ()
    edits: Mapping[str, Edit] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    timestamp: str = IN_TIME


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell of that id."""
    (found,) = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name]
    return found


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "id": f"own-{abs(hash(source))}", "metadata": {}, "outputs": [], "source": source}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"own-{abs(hash(source))}", "metadata": {}, "source": source}


def put(name: str, source: str) -> Edit:
    """Write something else into a cell."""

    def edit(notebook: Notebook) -> None:
        cell(notebook, name)["source"] = source

    return edit


def begin_with(source: str) -> Edit:
    """Put a cell in front of all others."""
    return lambda notebook: notebook["cells"].insert(0, code(source))


def warn(notebook: Notebook) -> None:
    cell(notebook, "kl_gradient")["source"] = (
        "import sys, warnings\n\n\ndef kl_gradient(mu, sigma):\n    warnings.warn('careful', stacklevel=2)\n"
        "    print('careful', file=sys.stderr)\n    return np.array(mu), sigma - 1.0 / sigma\n"
    )


def equal(notebook: Notebook) -> None:
    """Put the cheat where each answer belongs."""
    for name in ("kl_divergence", "kl_gradient", "kl_gradient_log_var", "total_gradient"):
        put(name, EQUAL_TO_EVERYTHING)(notebook)


def duplicate(notebook: Notebook) -> None:
    """Copy and paste in an old Jupyter: two cells of each id."""
    for name in ("kl_divergence", "kl_divergence-checks", "kl-setup"):
        notebook["cells"].append(json.loads(json.dumps(cell(notebook, name))))


def delete(notebook: Notebook) -> None:
    """Keep nothing but the answers."""
    notebook["cells"] = [each for each in notebook["cells"] if each["metadata"].get("nbgrader", {}).get("solution")]
    notebook["cells"].insert(0, code("import numpy as np"))


def tamper(notebook: Notebook) -> None:
    """Unlock, revalue and rename the graded cells, and renumber all of them."""
    for number, each in enumerate(notebook["cells"]):
        each.pop("id")
        if each["cell_type"] == "code":
            each["execution_count"] = number
        metadata = each["metadata"].get("nbgrader", {})
        if metadata.get("grade"):
            each["source"] = "20.0"
            each["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "20.0"}, "metadata": {}, "execution_count": 1}]
            metadata |= {"points": 1000, "locked": False}
    cell(notebook, "kl_gradient-checks")["metadata"]["nbgrader"] |= {"grade_id": "no such cell", "schema_version": 99}
    cell(notebook, "total_gradient-checks")["metadata"]["nbgrader"] = {"grade_id": ["a", "list"]}
    notebook["nbformat_minor"] = 1


def show_markup(notebook: Notebook) -> None:
    notebook["cells"].append(text(f"My notes\n\n{MARKUP}\n\n[link](javascript:document.title='owned')\n\n```\n{MARKUP}"))
    notebook["cells"].append(code(f'from IPython.display import HTML\nHTML("""{MARKUP}""")'))
    notebook["metadata"]["title"] = MARKUP
    notebook["metadata"]["kernelspec"] = {"display_name": MARKUP, "language": MARKUP, "name": MARKUP}
    put("kl_divergence", f'def kl_divergence(mu, sigma):\n    print("""{MARKUP}""")\n    raise ValueError("""{MARKUP}""")\n')(notebook)


def claim(notebook: Notebook) -> None:
    """Claim that answers are verdicts and verdicts answers, swap the ids of pairs, and bring a graded cell of one's own."""
    first, second = (cell(notebook, name)["metadata"]["nbgrader"] for name in ("kl_divergence-checks", "total_gradient-checks"))
    first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]
    for each in notebook["cells"]:
        metadata = each["metadata"].get("nbgrader", {})
        if metadata.get("solution"):
            metadata |= {"grade": True, "locked": True, "points": 50.0}
        elif metadata.get("grade"):
            metadata |= {"grade": False, "locked": False, "solution": True, "points": 0}
            each["source"] = "pass"
    own = {"schema_version": 3, "grade": True, "grade_id": "gift", "locked": True, "points": 80.0, "solution": False, "task": False}
    notebook["cells"].append(code("80.0") | {"metadata": {"nbgrader": own}})
    notebook["cells"].append(code("80.0") | {"metadata": {"nbgrader": own | {"grade_id": "task", "task": True, "grade": False}}})


def downgrade(notebook: Notebook) -> None:
    """Pretend to be a notebook of the first nbgrader, whose metadata nbgrader would ask to be updated, in the format before the last."""
    for each in notebook["cells"]:
        each.pop("id", None)
        metadata = each["metadata"].get("nbgrader")
        if metadata:
            each["metadata"]["nbgrader"] = {"schema_version": 1, "grade_id": metadata["grade_id"], "grade": True, "points": 99, "checksum": "0"}
    notebook["nbformat_minor"] = 4


def without_schema(notebook: Notebook) -> None:
    """Like `downgrade`, without a version, and in nbformat 3."""
    downgrade(notebook)
    for each in notebook["cells"]:
        each["metadata"].get("nbgrader", {}).pop("schema_version", None)
        each["input"] = each.pop("source")
    notebook |= {"worksheets": [{"cells": notebook.pop("cells"), "metadata": {}}], "nbformat": 3, "nbformat_minor": 0}


def collide(notebook: Notebook) -> None:
    for each in notebook["cells"]:
        each["id"] = "same"


def flood(notebook: Notebook) -> None:
    """Outputs of megabytes, saved in the notebook and printed anew, and markup in every kind of output there is."""
    page = {"text/html": MARKUP, "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{MARKUP}</svg>", "application/javascript": "alert(1)"}
    rich = {"output_type": "display_data", "data": page | {"text/markdown": MARKUP, "text/latex": MARKUP}, "metadata": {}}
    long = {"output_type": "stream", "name": "stdout", "text": "20.0\n" * 500_000}
    error = {"output_type": "error", "ename": MARKUP, "evalue": MARKUP, "traceback": [MARKUP]}
    for each in notebook["cells"]:
        if each["cell_type"] == "code":
            each["outputs"] = [rich, error]
    cell(notebook, "kl_gradient")["outputs"] = [long, rich]
    notebook["cells"].append(code(f"for _ in range(200_000):\n    print({MARKUP!r})"))


EQUAL_TO_EVERYTHING = """
import numpy as np


class Everything(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __array__(self, *args, **kwargs):
        return np.array(0.168143551314)

    def __array_ufunc__(self, *args, **kwargs):
        return np.array(True)

    def __array_function__(self, *args, **kwargs):
        return True


def kl_divergence(mu, sigma):
    return Everything()


def kl_gradient(mu, sigma):
    return Everything(), Everything()


kl_gradient_log_var = kl_gradient


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return Everything(), Everything()
"""
INPUT_TRANSFORMER = """
def forge(lines):
    return ["20.0\\n"]


get_ipython().input_transformers_cleanup.append(forge)
get_ipython().input_transformers_post.append(forge)
"""
AST_TRANSFORMER = """
import ast


class Forge(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("20.0")

    def visit_Assert(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(Forge())
"""
HANG = "while True:\n    pass"
KL_WITHOUT_RECIPROCAL = "def kl_gradient(mu, sigma):\n    return np.array(mu), sigma\n"

CLASS: dict[str, Student] = {
    "right": Student(tuple(FULL), scores=FULL),
    "wrong": Student(("kl", "sampler"), {"kl": put("kl_gradient", KL_WITHOUT_RECIPROCAL)}, scores={"sampler": 20.0}),
    "equal": Student((), {"kl": equal}),
    "input_transformer": Student((), {"kl": begin_with(INPUT_TRANSFORMER)}),
    "ast_transformer": Student((), {"kl": begin_with(AST_TRANSFORMER)}),
    "exits": Student(("kl", "encoder"), {"kl": begin_with("import os\nos._exit(0)")}, scores={"encoder": 10.0}),
    "hangs": Student(("kl", "encoder"), {"kl": put("kl_gradient", HANG)}, scores={"encoder": 10.0}),
    "warns": Student(("kl",), {"kl": warn}, scores={"kl": 20.0}),
    "duplicates": Student(("kl",), {"kl": duplicate}, scores={"kl": 20.0}),
    "deletes": Student(("kl",), {"kl": delete}, scores={"kl": 20.0}),
    "tampers": Student(("kl",), {"kl": tamper}, scores={"kl": 20.0}),
    "broken": Student(("encoder",), files={"kl.ipynb": b'{"cells": [', "sampler.ipynb": b"[]"}, scores={"encoder": 10.0}),
    "late": Student(("kl",), scores={"kl": 20.0}, timestamp=LATE),
    "resubmits": Student((), scores={}),
    "markup": Student((), {"kl": show_markup}),
    "claims": Student((), {"kl": claim, "sampler": collide}),
    "claims_solved": Student(("kl",), {"kl": claim}, scores={"kl": 20.0}),
    "downgrades": Student(("kl",), {"kl": downgrade, "sampler": downgrade}, scores={"kl": 20.0}),
    "without_schema": Student(("kl",), {"kl": without_schema, "sampler": without_schema}, scores={"kl": 20.0}),
    "collides": Student(("kl",), {"kl": collide}, scores={"kl": 20.0}),
    "floods": Student(("kl",), {"kl": flood}, scores={"kl": 20.0}),
}


def hand_in(name: str, student: Student, course: Path, answered: Mapping[str, Notebook]) -> None:
    """Fill a student's folder in `submitted/`.

    Args:
        name: the student's id.
        student: what to hand in.
        course: the course folder, with the notebooks that were given out in `release/`.
        answered: the same notebooks with the solutions in them.
    """
    folder = course / "submitted" / name / "reparameterization"
    folder.mkdir(parents=True, exist_ok=True)
    for exercise in FULL:
        released = json.loads((course / "release" / "reparameterization" / f"{exercise}.ipynb").read_text())
        notebook = json.loads(json.dumps(answered[exercise])) if exercise in student.answers else released
        student.edits.get(exercise, lambda _: None)(notebook)
        (folder / f"{exercise}.ipynb").write_text(json.dumps(notebook))
    for file, content in student.files.items():
        (folder / file).write_bytes(content)
    (folder / "timestamp.txt").write_text(student.timestamp)


def with_solutions(released: Notebook, source: Notebook) -> Notebook:
    """A released notebook, solved."""
    notebook = json.loads(json.dumps(released))
    for each in notebook["cells"]:
        if each["metadata"].get("nbgrader", {}).get("solution"):
            solved = cell(source, each["metadata"]["nbgrader"]["grade_id"])["source"]
            each["source"] = "".join(line for line in solved if "### " not in line)
    return notebook
