"""Reports: what people see of results.

Reads results and rows of the class, as they are stored; prints to a terminal. Everything a student had a hand in (names, messages) passes through
`grader.text.printable` and is shown as plain text, never as markup.

    terminal      the two streams, and the few colours
    progress      how a run is getting on
    class_table   a class
    feedback      one submission
"""
