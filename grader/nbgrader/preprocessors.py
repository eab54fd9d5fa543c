"""What stands in `nbgrader autograde` where nbgrader would run a student's notebook and read the points off its outputs."""

from __future__ import annotations

from typing import Any

import nbformat
from nbgrader.preprocessors import Execute, SaveAutoGrades
from nbgrader.utils import is_solution

from grader.nbgrader.exporter import REMARKS
from grader.nbgrader.feedback import feedback, function_of, points
from grader.nbgrader.unit_grading import UnitGrading, submitted_folder
from grader.nbgrader.verdicts import VERDICTS


class SandboxedExecute(UnitGrading, Execute):
    """Grades the submission instead of running its notebook, and leaves feedback and points as the outputs of the graded cells."""

    def preprocess(self, nb: Any, resources: Any, *rest: Any, **keywords: Any) -> Any:
        """Fill in the outputs of a notebook of ours; run any other as nbgrader does.

        Raises:
            GraderError: the grader itself failed. nbgrader then leaves this submission without a grade and goes on with the next.
        """
        if not self.is_ours(resources):
            return super().preprocess(nb, resources, *rest, **keywords)
        place = resources["nbgrader"]
        folder = submitted_folder(self.parent.parent, resources)
        result = VERDICTS.result(place["student"], folder, self.seed, self.isolation)
        remarks = [*nb.metadata.pop(REMARKS, []), *filter(None, [result.message]), *result.notes]
        for cell in nb.cells:
            function = function_of(cell)
            if function is not None:
                earned = points(result, function)
                cell.outputs = [_text(feedback(result, function, remarks)), _number(earned)]
                remarks = []
        return nb, resources


class SaveVerdicts(UnitGrading, SaveAutoGrades):
    """Writes the points into the gradebook, through nbgrader's own objects; manual scores, comments and extra credit stay as they are."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Remember whose notebook it is, then go through its cells as nbgrader does."""
        self._ours = self.is_ours(resources)
        return super().preprocess(nb, resources)

    def _add_score(self, cell: Any, resources: Any) -> None:
        if not self._ours or is_solution(cell):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
        # A graded cell that a teacher added has no verdict: it waits for the teacher, where nbgrader would give full points for no output.
        grade.auto_score = None if function_of(cell) is None else float(cell.outputs[-1].data["text/plain"])
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


def _text(text: str) -> Any:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def _number(value: float) -> Any:
    """As nbgrader itself notes partial credit, so that the cell and the gradebook say the same to whoever reads either."""
    return nbformat.v4.new_output("execute_result", data={"text/plain": repr(value)}, execution_count=None)
