"""Results: what is kept of a class, and what may be kept of an earlier run.

Reads and writes the folder OUT alone: `results/<submission>.json`, `grades.csv`, `faults/<submission>.txt` (tracebacks of the grader's own
failures, for staff), `observations/` (source and pictures for feedback), `class.json` (who handed in what), and `adjustments.toml` and `course.toml`,
which staff write. Every file is replaced as a whole or not at all; a run that is killed at any moment leaves only complete files.

    context       what a result rests on besides the submission, and so what of an earlier run still holds
    document      a result as JSON and back
    observed      the same for what feedback shows besides
    origins       the same for who handed in what
    grades        the class as CSV
    store         the folder
    adjustments   points by hand
    course        the course's own rules
    desk          all of it together: the class with final points
"""

from grader.results.context import Context, still_to_grade, united
from grader.results.store import Store

__all__ = ["Context", "Store", "still_to_grade", "united"]
