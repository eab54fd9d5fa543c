"""Export: the class in the words of a learning management system, and what it takes to grade there.

Reads grades as they are stored, and a template that staff supply; writes nothing: a format turns a class into files, by name. Points are the final
ones, with adjustments and the late policy; formats that have room for both carry the points as judged too.

    request     what an export is asked for, what comes of it, and the words that formats share
    formats     the table of formats, by the names of the command line
    canvas, moodle, gradescope, junit, plain    the formats
    tables      CSV in and out, nothing in it that a spreadsheet would execute
    matching    which row of a template belongs to which submission
    worksheet_columns    where things stand in a worksheet of Moodle's, whatever its language
    autograder  what grades on Gradescope, and on GitHub
"""

from grader.export.request import Export, Request

__all__ = ["Export", "Request"]
