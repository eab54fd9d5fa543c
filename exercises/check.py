"""Checks your work and says what to do next.

In this folder:

    python check.py            all files
    python check.py kl         kl.py alone; several names may follow

Runs the public checks in `checks/` with pytest. Needs what requirements.txt lists and nothing else; nothing is sent anywhere.
Notebooks have their checks inside; here it is only noticed if one is further than the file of its name.
Ends with the exit code 0 when every function is done (the bonus need not be), and 1 otherwise.
"""

import os
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

from checks.tasks import BONUS, TASKS

HERE = Path(__file__).resolve().parent
NEEDED = ("numpy", "torch", "pytest")


class Recorder:
    """A pytest plugin that notes how the checks of each function ended."""

    def __init__(self):
        # For each (file, function): the problems of its checks; "" stands for a check that passed.
        self.problems = {(file, function): [] for file, functions in TASKS.items() for function in functions}
        self.running = ""

    def pytest_runtest_logstart(self, nodeid):
        """Called by pytest before a check; if it never ends, its name is worth knowing."""
        self.running = nodeid

    def pytest_runtest_logreport(self, report):
        """Called by pytest after each phase of a check; a check has run, or could not even be set up."""
        if report.when == "call" or report.failed:
            file = Path(report.nodeid.partition("::")[0]).stem.removeprefix("test_")
            self.problems[file, function_of(file, report.nodeid.partition("::")[2])].append(problem_of(report))


def function_of(file, check):
    """Name the function that a check is about: `test_kl_gradient_works` or `test_inverse_cdfs_broadcast[laplace_icdf-params2]`."""
    name, _, case = check.lower().removeprefix("test_").partition("[")
    fitting = [f for f in TASKS[file] if name.startswith(f"{f.lower()}_") or case.startswith(f"{f.lower()}-")]
    return max(fitting, key=len)


def problem_of(report):
    """Return one line that says what went wrong, or "" for a check that passed."""
    if report.passed:
        return ""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = crash.message if crash else str(report.longrepr)
    kind, colon, rest = message.partition(":")
    if kind in ("AssertionError", "Failed") and colon:
        message = rest
    # NumPy's comparison puts its own words first, then ours.
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("Not equal to tolerance")]
    if lines and lines[0].startswith("File "):  # a syntax error says first where, and last what
        return f"{lines[-1]} ({lines[0].rpartition(', ')[2]})"
    return lines[0] if lines else "the check failed without a message"


def state_of(file, function, problems):
    """Return 'done', 'to do' or 'wrong', and a line that explains the last one."""
    failed = [problem for problem in problems if problem]
    if not (HERE / f"{file}.py").is_file():
        return "to do", f"there is no {file}.py"
    if problems and not failed:
        return "done", ""
    if failed and all(problem.startswith("NotImplementedError") for problem in failed):
        return "to do", ""
    return "wrong", next((problem for problem in failed if not problem.startswith("NotImplementedError")), f"no check of {function} has run")


def is_behind(file):
    """Say whether fewer functions are begun in a file than in the notebook of its name."""
    try:
        script = (HERE / f"{file}.py").read_text(encoding="utf-8", errors="replace")
        notebook = (HERE / "notebooks" / f"{file}.ipynb").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    # The line that is to be replaced, as it stands in Python and in a notebook's JSON.
    return notebook.count('raise NotImplementedError(\\"') < script.count('raise NotImplementedError("')


def run(files):
    """Run the public checks of some files and return a Recorder, or None if they were stopped by Ctrl-C."""
    import pytest

    recorder = Recorder()
    # The student's own pytest settings, plugins and caches shall not change what is checked.
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS="")
    places = ["-c", str(HERE / "checks" / "settings.ini"), "--rootdir", str(HERE), "--confcutdir", str(HERE)]
    checks = [str(HERE / "checks" / f"test_{file}.py") for file in files]
    ended = pytest.main([*places, "-p", "no:cacheprovider", "-p", "no:terminal", *checks], plugins=[recorder])
    if ended == pytest.ExitCode.INTERRUPTED:
        print(f"Stopped during {recorder.running}")
        return None
    return recorder


def show(recorder, files):
    """Print the table and the next thing to do; return whether everything is done."""
    states = {key: state_of(*key, problems) for key, problems in recorder.problems.items() if key[0] in files}
    width = max(len(function) for _, function in states)
    for file in files:
        print(f"\n{file}.py{'  (bonus)' if file in BONUS else ''}")
        for function in TASKS[file]:
            state, line = states[file, function]
            print(f"  {function:<{width}}  {state:<5}  {textwrap.shorten(line, 150)}".rstrip())
    for file in filter(is_behind, files):
        print(f"\nnotebooks/{file}.ipynb is further than {file}.py. If you work there, hand in the notebook only: where both are, {file}.py counts.")
    done = sum(state == "done" for state, _ in states.values())
    print(f"\n{done} of {len(states)} functions are done.")
    # What is wrong comes before what is not begun, in the order of the files.
    open_ones = sorted((key for key, (state, _) in states.items() if state != "done"), key=lambda key: (key[0] in BONUS, states[key][0] == "to do"))
    if open_ones:
        file, function = open_ones[0]
        verb = "write" if states[open_ones[0]][0] == "to do" else "repair"
        print(f"Next: {verb} {function} in {file}.py. The handout's section on it: {TASKS[file][function]}.")
        print(f"      pytest checks/test_{file}.py  shows each of its checks in full.")
    else:
        print(
            "All public checks pass. The graders' checks ask for the same with other numbers, so you may expect most of the points. They also try"
            "\nwhat these leave out: random inputs in more shapes, extreme values, the whole distribution and the independence of your draws. Each"
            "\nfile in checks/ says at its top what comes on top of it."
        )
    return all(key[0] in BONUS for key in open_ones)


def main(names):
    """Run the command line; return the exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a Windows console that lacks a letter of some error message must not stop the checks
    names = [name.removesuffix(".py") for name in names]
    if unknown := [name for name in names if name not in TASKS]:
        print(f"There is no exercise {unknown[0]!r}. The exercises are {', '.join(TASKS)}.")
        return 2
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        print(f"Not installed: {', '.join(missing)}. Run: python -m pip install -r requirements.txt")
        return 2
    files = names or list(TASKS)
    print("Running the public checks. If this takes more than a minute, something loops: stop it with Ctrl-C.", flush=True)
    recorder = run(files)
    return 0 if recorder and show(recorder, files) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
