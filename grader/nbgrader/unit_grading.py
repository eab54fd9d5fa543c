"""Which notebooks are ours, and how they are graded; shared by the exporter and the preprocessors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets import Enum, Int, List, Unicode
from traitlets.config import Configurable

from grader import DEFAULT_SEED
from grader.unit import current


class UnitGrading(Configurable):
    """Configured in `nbgrader_config.py` as `c.UnitGrading`."""

    assignments = List(Unicode(), help="Names of the assignments that this package grades; each `use_grader` adds one.").tag(config=True)
    assignment = Unicode(help="One more of them; a course that was configured for an earlier version may name it here.").tag(config=True)
    seed = Int(DEFAULT_SEED, min=0, help="Seed of the random checks.").tag(config=True)
    isolation = Enum(["strict", "process"], "strict", help="What the sandbox demands of this machine, as in `grade run --isolation`.").tag(
        config=True
    )

    @property
    def names(self) -> list[str]:
        """The assignments that this package grades, each once."""
        return list(dict.fromkeys(name for name in (*self.assignments, self.assignment) if name))

    def is_ours(self, resources: Mapping[str, Any]) -> bool:
        """Whether a notebook on its way through nbgrader belongs to an exercise of the unit."""
        place = resources["nbgrader"]
        return place["assignment"] in self.names and place["notebook"] in {exercise.name for exercise in current().exercises}


def submitted_folder(converter: Any, resources: Mapping[str, Any]) -> Path:
    """The folder that a student handed in, to which a notebook on its way through nbgrader belongs."""
    course, place = converter.coursedir, resources["nbgrader"]
    return Path(course.format_path(course.submitted_directory, place["student"], place["assignment"]))
