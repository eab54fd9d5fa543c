"""What `nbgrader_config.py` calls: puts our exporter and preprocessors into nbgrader's autograding.

Imports nothing of nbgrader: every one of its commands reads the configuration, and names are enough.
"""

from __future__ import annotations

from typing import Any

PREPROCESSORS = "grader.nbgrader.preprocessors"
EXPORTER = "grader.nbgrader.exporter.TolerantExporter"
# nbgrader 0.9's own list. One that the course configured itself is kept, with the two replaced in it.
AUTOGRADE = (
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
OURS = {"Execute": f"{PREPROCESSORS}.SandboxedExecute", "SaveAutoGrades": f"{PREPROCESSORS}.SaveVerdicts"}


def use_grader(c: Any, assignment: str) -> None:
    """Have an assignment of a course graded by this package, besides those of other calls; all others stay as they are.

    Args:
        c: the configuration object, what `get_config()` returns.
        assignment: the assignment's name, that of its folder in `source/`.
    """
    # Appended, not assigned: of two calls, in one configuration file or in two, the last would win, and nbgrader would run the notebooks of the
    # other assignment with the rights of whoever grades.
    c.UnitGrading.assignments.append(assignment)
    c.Autograde.exporter_class = EXPORTER
    configured = c.Autograde.autograde_preprocessors if "autograde_preprocessors" in c.Autograde else AUTOGRADE
    # What was only appended to is no list yet, but what traitlets will make of nbgrader's.
    configured = configured.get_value(list(AUTOGRADE)) if hasattr(configured, "get_value") else configured
    c.Autograde.autograde_preprocessors = [OURS.get(_name(preprocessor), preprocessor) for preprocessor in configured]


def _name(preprocessor: object) -> str:
    """The name of a preprocessor's class, given as a class or as its dotted path."""
    return preprocessor.__name__ if isinstance(preprocessor, type) else str(preprocessor).rpartition(".")[2]
