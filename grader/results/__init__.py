"""Results: what is kept of a class, and what may be kept of an earlier run.

Reads and writes the folder OUT alone: `results/<submission>.json`, `grades.csv`, `faults/<submission>.txt` (tracebacks of the grader's own
failures, for staff). Every file is replaced as a whole or not at all; a run that is killed at any moment leaves only complete files.

    context     what a result rests on besides the submission, and so what of an earlier run still holds
    document    a result as JSON and back
    grades      the class as CSV
    store       the folder
"""

from grader.results.context import Context, still_to_grade, united
from grader.results.store import Store

__all__ = ["Context", "Store", "still_to_grade", "united"]
