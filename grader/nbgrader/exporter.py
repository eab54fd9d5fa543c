"""Reads a submitted notebook for nbgrader, however broken it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook

from grader.errors import GraderError
from grader.intake import folder
from grader.intake.members import Refused
from grader.nbgrader.repair import OwnCell, repaired
from grader.nbgrader.unit_grading import UnitGrading
from grader.unit import current

# Where remarks on a submission travel from the first of autograding's two passes to the second; made anew in the first, so that nobody can forge it.
REMARKS = "grader_remarks"


class TolerantExporter(UnitGrading, NotebookExporter):
    """Stands in for nbconvert's exporter in `nbgrader autograde`; what is not ours it reads as ever."""

    def from_filename(self, filename: str, resources: Any = None, **keywords: Any) -> Any:
        """Convert a file; one that a student handed in for our assignment is repaired on the way."""
        if not (getattr(self.parent, "_sanitizing", False) and resources and self.is_ours(resources)):
            return super().from_filename(filename, resources=resources, **keywords)
        path, place = Path(filename), resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            own = own_cells(gradebook.find_notebook(place["notebook"], place["assignment"]))
        notebook, remarks = repaired(handed_in(path), own)
        notebook.metadata[REMARKS] = remarks
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(notebook, resources=resources, **keywords)


def own_cells(notebook: Any) -> list[OwnCell]:
    """The cells of a notebook of the gradebook, in the order in which they were recorded."""
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return [
        OwnCell(cell.name, cell.cell_type, cell.source, bool(cell.locked), cell.name in solutions, points.get(cell.name), cell.checksum)
        for cell in notebook.source_cells
    ]


def handed_in(notebook: Path) -> bytes | None:
    """The bytes of a notebook in `submitted/`; None for what is refused, as a link or one that is too large, or what its owner lets nobody read.

    Where it is needed, intake says so in the result.
    """
    try:
        return folder.read_file(str(notebook), current().limits.notebook_bytes)
    except (Refused, GraderError):
        return None
