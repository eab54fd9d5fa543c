"""The command `grade`: parse, call, print. No logic, and nothing heavy imported before a command needs it."""

from grader.cli.group import main

__all__ = ["main"]
