"""Export: the class in the words of a learning management system, and what it takes to grade there.

Reads grades as they are stored, and a template that staff supply; writes nothing: a format turns a class into files, by name. Points are the final
ones, with adjustments and the late policy; formats that have room for both carry the points as judged too.

    tables      CSV in and out, nothing in it that a spreadsheet would execute
    matching    which row of a template belongs to which submission
    canvas, moodle, gradescope, junit, plain    the formats
    autograder, workflow    what grades on Gradescope and on GitHub
"""

from grader.export.request import Export, Request

__all__ = ["Export", "Request"]
