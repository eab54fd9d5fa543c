"""Makes what students get from what teachers wrote.

Reads `solutions/`, the hand-written public checks in `exercises/`, the templates in this folder and the catalogue; writes `exercises/` and
the student kit. Everything that can be derived is derived: a stub from its solution, the numbers of handout, pictures and page from `unit.toml`.
"""

from grader.release.generation import drift, write_exercises
from grader.release.kit import build_kit
from grader.release.page import page_path
from grader.release.signatures import verify_solutions_match_catalogue

__all__ = ["build_kit", "drift", "page_path", "verify_solutions_match_catalogue", "write_exercises"]
