"""Reports: what people see of results.

Reads results and rows of the class, as they are stored; prints to a terminal and makes pages. Everything a student had a hand in (names, messages,
source) is shown as plain text, never as markup: it passes through `grader.text.printable` on the way to a terminal, and Jinja2 escapes it in a page.

    in a terminal:  terminal (the two streams, and the few colours), progress, class_table, feedback (one submission), misconceptions, adjustments,
                    doctor, public_checks (for students)
    as pages:       student_page, class_page; pages (how they are made), source (a student's lines), drawing (pictures), classroom (the numbers)
"""
