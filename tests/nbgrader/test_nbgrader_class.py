"""A class with honest, careless and cheating students, graded by nbgrader's command and by ours."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader_class import CLASS, FULL, MARKUP, cell, hand_in, with_solutions
from nbgrader_commands import ASSIGNMENT, gradebook, notebook, read, run

AUTO, MANUAL, EXTRA, NEEDS_MANUAL = range(4)


@pytest.fixture(scope="session")
def books(course: Path) -> dict[str, Any]:
    return read(course)


@pytest.fixture(scope="session")
def run_results(submitted_course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `grade run` says of the same files."""
    folder = tmp_path_factory.mktemp("run")
    for name in CLASS:
        shutil.copytree(submitted_course / "submitted" / name / ASSIGNMENT, folder / "submissions" / name)
    run("grade", "run", folder / "submissions", "-o", folder / "out")
    return {name: json.loads((folder / "out" / "results" / f"{name}.json").read_text()) for name in CLASS} | {"out": folder / "out"}


def auto_scores(book: dict[str, Any]) -> dict[str, float]:
    return {name: sum(grade[AUTO] for grade in entry["grades"].values()) for name, entry in book["notebooks"].items()}


@pytest.mark.parametrize("name", CLASS)
def test_every_student_gets_exactly_what_grade_run_says(books, run_results, name):
    assert auto_scores(books[name]) == {exercise: table["score"] for exercise, table in run_results[name]["exercises"].items()}


@pytest.mark.parametrize("name", [name for name in CLASS if name not in ("wrong", "hangs", "exits", "equal")])
def test_work_gets_what_it_deserves_and_cheating_gets_nothing(books, name):
    assert auto_scores(books[name]) == dict.fromkeys(FULL, 0.0) | CLASS[name].scores


def test_an_answer_that_equals_everything_earns_nothing_but_leaving_its_arguments_alone(run_results, books):
    passed = [check["name"] for check in run_results["equal"]["exercises"]["kl"]["checks"] if check["points"]]
    assert all(name.endswith("_inputs_unmodified") for name in passed)
    assert books["equal"]["score"] <= 2.0


def test_a_wrong_function_costs_its_own_points(books):
    scores = auto_scores(books["wrong"])
    assert scores["sampler"] == 20.0
    assert 0 < scores["kl"] < 20.0
    assert books["wrong"]["notebooks"]["kl"]["grades"]["kl_divergence-checks"][AUTO] == 4.5


@pytest.mark.parametrize("name", ["hangs", "exits"])
def test_a_cell_that_hangs_or_ends_the_process_costs_its_own_exercise_only(books, name):
    scores = auto_scores(books[name])
    assert scores["encoder"] == 10.0
    assert scores["kl"] < 20.0


def test_the_bonus_comes_on_top_of_what_can_be_had(books):
    assert (books["right"]["score"], books["right"]["max_score"]) == (110.0, 100.0)


def test_a_late_submission_gets_the_penalty_of_the_course(books):
    assert books["late"]["notebooks"]["kl"]["penalty"] == 20.0
    assert books["warns"]["notebooks"]["kl"]["penalty"] is None


def test_unanswered_cells_are_marked_as_such(books):
    assert books["resubmits"]["notebooks"]["kl"]["comments"]["kl_gradient"] == ["No response.", None]
    assert books["right"]["notebooks"]["kl"]["comments"]["kl_gradient"] == [None, None]


def test_the_other_assignment_of_the_course_is_graded_by_nbgrader(course):
    assert read(course, "other")["right"]["score"] == 3.0


def without_ids(books: dict[str, Any]) -> dict[str, Any]:
    """A gradebook without what is drawn at random."""
    return json.loads(re.sub(r'"id": "[0-9a-f]+"', '"id": ""', json.dumps(books)))


def test_our_command_leaves_the_same_gradebook_as_nbgraders(books, warm_course):
    assert without_ids(read(warm_course)) == without_ids(books)


@pytest.mark.parametrize("name", CLASS)
def test_our_command_leaves_the_same_files_as_nbgraders(course, warm_course, name):
    folders = [where / "autograded" / name / ASSIGNMENT for where in (course, warm_course)]
    names, others = ({path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} for folder in folders)
    assert names == others
    for file in names:
        contents = [(folder / file).read_text() for folder in folders]
        assert json.loads(contents[0]) == json.loads(contents[1]) if file.suffix == ".ipynb" else contents[0] == contents[1]


def outputs(course: Path, student: str, exercise: str, name: str) -> tuple[str, str]:
    """Feedback and points of a graded cell."""
    text, number = cell(notebook(course / "autograded" / student / ASSIGNMENT / f"{exercise}.ipynb"), name)["outputs"]
    return "".join(text["text"]), "".join(number["data"]["text/plain"])


def test_a_graded_cell_shows_its_points_and_why(course):
    feedback, points = outputs(course, "wrong", "kl", "kl_gradient-checks")
    assert float(points) < 6.0
    assert re.search(r"^failed +kl_gradient_formula +0 / \d", feedback, re.MULTILINE)
    assert outputs(course, "wrong", "kl", "kl_divergence-checks")[1] == "4.5"


@pytest.mark.parametrize(
    ("student", "remark"),
    [("deletes", "Put back"), ("tampers", "Put back"), ("duplicates", "more than once"), ("broken", "could not be read")],
)
def test_what_was_done_to_a_notebook_is_said_in_it(course, student, remark):
    shown = notebook(course / "autograded" / student / ASSIGNMENT / "kl.ipynb")
    assert remark in "".join(str(each.get("outputs")) for each in shown["cells"])


def test_a_broken_notebook_is_shown_as_it_was_given_out(course):
    shown = notebook(course / "autograded" / "broken" / ASSIGNMENT / "kl.ipynb")
    released = notebook(course / "release" / ASSIGNMENT / "kl.ipynb")
    assert ["".join(each["source"]) for each in shown["cells"]] == ["".join(each["source"]) for each in released["cells"]]


def test_edited_locked_cells_get_their_own_text_and_worth_back(course):
    shown = cell(notebook(course / "autograded" / "tampers" / ASSIGNMENT / "kl.ipynb"), "kl_divergence-checks")
    released = cell(notebook(course / "release" / ASSIGNMENT / "kl.ipynb"), "kl_divergence-checks")
    assert shown["source"] == released["source"]
    assert shown["metadata"]["nbgrader"]["points"] == 4.5


@pytest.mark.parametrize("student", ["floods", "claims"])
def test_outputs_that_a_student_saved_and_cells_that_a_student_called_graded_do_not_come_along(course, student):
    path = course / "autograded" / student / ASSIGNMENT / "kl.ipynb"
    assert path.stat().st_size < 200_000
    cells = notebook(path)["cells"]
    assert {each["metadata"].get("nbgrader", {}).get("grade_id") for each in cells}.isdisjoint({"gift", "task"})
    shown = [output for each in cells for output in each.get("outputs", []) if output["output_type"] != "stream"]
    assert all(set(output["data"]) == {"text/plain"} for output in shown)


def test_no_notebook_that_students_see_holds_a_solution_or_a_hidden_check(course):
    from grader.unit import CHECKS_DIRECTORY, data_directory

    secrets = set()
    for path in [*data_directory("solutions").glob("*.py"), *CHECKS_DIRECTORY.glob("test_*.py")]:
        region = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", path.read_text(), re.DOTALL) or [path.read_text()]
        lines = {line.strip() for text in region for line in text.splitlines()}
        secrets |= {line for line in lines if len(line) > 30 and not line.startswith(("# TASK", "import", "from", "def ", '"""'))}
    for path in [*(course / "release").rglob("*.ipynb"), *(course / "autograded" / "markup").rglob("*.ipynb")]:
        if path.parent.name == ASSIGNMENT:
            text = "\n".join("".join(each["source"]) + json.dumps(each.get("outputs")) for each in notebook(path)["cells"])
            public = "".join(file.read_text() for file in (data_directory("exercises")).rglob("*.*") if file.suffix in (".py", ".md"))
            assert not {line for line in secrets if line in text and line not in public}


@pytest.fixture(scope="session")
def second_round(course: Path, warm_course: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Both courses after a teacher marked a cell, a student handed in again, and everything was graded anew."""
    books = []
    for number, folder in enumerate((course, warm_course)):
        later = Path(shutil.copytree(folder, tmp_path_factory.mktemp("again") / "course"))
        gradebook(later, "mark", ASSIGNMENT, "warns", "kl", "kl_gradient", 5.5, 0.25, "Please be careful.")
        answered = {"kl": with_solutions(*(notebook(later / step / ASSIGNMENT / "kl.ipynb") for step in ("release", "source")))}
        student = type(CLASS["resubmits"])(("kl",), timestamp="2026-03-02 12:00:00 UTC")
        hand_in("resubmits", student, later, answered)
        for path in later.rglob("autograded/*/reparameterization/*"):
            path.chmod(0o644)
        commands = [["grade", "nbgrader", "autograde", later], ["nbgrader", "autograde", ASSIGNMENT, "--force", "--student", "warns"]]
        if number == 0:
            run(*commands[1], cwd=later)
            run("nbgrader", "autograde", ASSIGNMENT, "--student", "resubmits", cwd=later)
        else:
            assert f"{len(CLASS) - 1} unchanged" in run(*commands[0])
        books.append(read(later))
    return books


def test_manual_scores_comments_and_extra_credit_survive_a_second_autograde(second_round):
    for book in second_round:
        kl = book["warns"]["notebooks"]["kl"]
        assert kl["grades"]["kl_gradient-checks"][: EXTRA + 1] == [6.0, 5.5, 0.25]
        assert kl["comments"]["kl_gradient"] == [None, "Please be careful."]
        assert kl["score"] == 19.75


def test_a_new_submission_is_graded_in_place_of_the_old_one(second_round):
    for book in second_round:
        assert auto_scores(book["resubmits"])["kl"] == 20.0
        assert book["resubmits"]["timestamp"] == "2026-03-02 12:00:00"


def test_feedback_and_export_work_as_ever_and_markup_of_students_is_inert(course, tmp_path):
    folder = Path(shutil.copytree(course, tmp_path / "course"))
    for name in ("markup", "floods", "wrong"):
        run("nbgrader", "generate_feedback", ASSIGNMENT, "--student", name, cwd=folder)
    for name in ("markup", "floods"):
        page = (folder / "feedback" / name / ASSIGNMENT / "kl.html").read_text()
        assert MARKUP not in page
        assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", page)
        assert 'href="javascript:' not in page
    assert "kl_gradient_formula" in (folder / "feedback" / "wrong" / ASSIGNMENT / "kl.html").read_text()
    run("nbgrader", "export", cwd=folder)
    rows = (folder / "grades.csv").read_text().splitlines()
    assert any(row.startswith(f"{ASSIGNMENT},") and ",right," in row and ",110.0,100.0" in row for row in rows), rows


def test_push_enters_the_results_of_grade_run(submitted_course, run_results, books, tmp_path):
    folder = Path(shutil.copytree(submitted_course, tmp_path / "course"))
    assert f"{len(CLASS)} submissions entered" in run("grade", "nbgrader", "push", run_results["out"], "--course", folder)
    assert {name: auto_scores(book) for name, book in read(folder).items()} == {name: auto_scores(book) for name, book in books.items()}
