"""Talks to a gradebook through nbgrader's API, in a process of its own: nbgrader's imports warn, and here warnings are errors.

python gradebook_script.py COURSE read ASSIGNMENT    prints what the gradebook holds, as JSON
python gradebook_script.py COURSE due ASSIGNMENT DATE
python gradebook_script.py COURSE mark ASSIGNMENT STUDENT NOTEBOOK CELL SCORE EXTRA COMMENT
"""

import json
import sys

from nbgrader.api import Gradebook


def read(gradebook, assignment):
    submissions = {}
    for submission in gradebook.assignment_submissions(assignment):
        notebooks = {}
        for notebook in submission.notebooks:
            grades = {
                grade.name: [grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade, grade.max_score]
                for grade in notebook.grades
            }
            comments = {comment.name: [comment.auto_comment, comment.manual_comment] for comment in notebook.comments}
            notebooks[notebook.name] = {
                "score": notebook.score,
                "max_score": notebook.max_score,
                "penalty": notebook.late_submission_penalty,
                "grades": grades,
                "comments": comments,
                "id": notebook.id,
            }
        submissions[submission.student.id] = {
            "score": submission.score,
            "max_score": submission.max_score,
            "timestamp": str(submission.timestamp),
            "notebooks": notebooks,
        }
    print(json.dumps(submissions, sort_keys=True))  # noqa: T201  # its answer


def due(gradebook, assignment, date):
    gradebook.update_or_create_assignment(assignment, duedate=date)


def mark(gradebook, assignment, student, notebook, cell, score, extra, words):
    grade = gradebook.find_grade(f"{cell}-checks", notebook, assignment, student)
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = float(score), float(extra), False
    gradebook.find_comment(cell, notebook, assignment, student).manual_comment = words
    gradebook.db.commit()


if __name__ == "__main__":
    course, task, *arguments = sys.argv[1:]
    with Gradebook(f"sqlite:///{course}/gradebook.db") as opened:
        {"read": read, "due": due, "mark": mark}[task](opened, *arguments)
