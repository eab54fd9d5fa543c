"""The grader's own failures. None of them is ever turned into a student's zero.

Read by every stage; written by none: a stage raises, `pipeline` turns what concerns one submission into the status `fault`, and `cli` turns
the rest into one line and an exit code.
"""


class GraderError(Exception):
    """Anything that is the grader's, the machine's or the instructor's doing, never the student's."""


class UsageError(GraderError):
    """The command was asked for something that cannot be done: no such folder, OUT not writable, unknown exercise. Exit code 2."""


class UnitError(GraderError):
    """The catalogue `unit.toml`, a solution or a check contradicts another. The message names file, key and fix."""


class SandboxUnavailable(GraderError):
    """This machine cannot hold untrusted code. The message names the layer that failed and the fix."""


class WorkerLost(GraderError):
    """A sandbox process died or fell silent through no act of the student's code; the submission is to be tried again."""
