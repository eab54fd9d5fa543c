"""What stands in `nbgrader autograde` where nbgrader would run a student's notebook and read the points off its outputs."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, SaveAutoGrades

from grader.model import Result
from grader.nbgrader.exporter import REMARKS
from grader.nbgrader.feedback import show
from grader.nbgrader.gradebook import record
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
        show(nb, _result(self, resources), nb.metadata.pop(REMARKS, []))
        return nb, resources


class SaveVerdicts(UnitGrading, SaveAutoGrades):
    """Enters the points of a submission of ours into the gradebook; those of any other as nbgrader does."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Enter what is to be entered; the notebook stays as it is."""
        if not self.is_ours(resources):
            return super().preprocess(nb, resources)
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            submission = gradebook.find_submission(place["assignment"], place["student"])
            record(submission, _result(self, resources), {place["notebook"]: nb})
            gradebook.db.commit()
        return nb, resources


def _result(preprocessor: Any, resources: Any) -> Result:
    """The result of the submission that a notebook belongs to; a preprocessor's parent is the exporter, whose parent is the converter."""
    folder = submitted_folder(preprocessor.parent.parent, resources)
    return VERDICTS.result(resources["nbgrader"]["student"], folder, preprocessor.seed, preprocessor.isolation)
