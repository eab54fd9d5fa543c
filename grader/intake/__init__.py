"""Intake: from a folder of submissions to submissions in memory.

Reads: the folder a TA names, whose content students chose, or the `.zip` of one. Writes: nothing, except for what `download` unpacks into a scratch
folder for the length of a run; what is taken travels on as bytes in a `Submission`.

`entries` decides what a submission is and what its result file is called; `read` takes one of them in. Between the two stands only `Entry`, so
that other layouts of a class folder need another `entries` and nothing else.

Everything here treats names, sizes and bytes as hostile: links are never followed, archives are unpacked in memory under limits, nothing is
executed. What one file does wrong costs that file, with a note; what makes the whole entry unreadable makes it `rejected`, with the reason. What
the machine does wrong (no permission, a failing disk) is no student's doing and raises `GraderError`.
"""

from grader.intake.entries import Entry, entries
from grader.intake.submission import read

__all__ = ["Entry", "entries", "read"]
