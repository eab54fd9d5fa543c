"""How pages are made: Jinja2 with everything escaped, cleaned and forbidden that a page does not need.

A page is one file. Its content security policy lets it load nothing and run nothing but the one script that was written into it here, if any; so even
a mark that slipped through all escaping could not act. Text of students passes through `printable` wherever it is written out; no template can
forget that.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.report.terminal import points
from grader.text import printable

TEMPLATES = Path(__file__).resolve().parent / "templates"
TEXT_CHARACTERS = 4_000


def render(template: str, script: str = "", **values: Any) -> bytes:
    """A page from a template, with the common style and at most one script of our own, both named by file."""
    code = (TEMPLATES / script).read_text(encoding="utf-8") if script else ""
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    scripts = f"'sha256-{digest}'" if code else "'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; base-uri 'none'; form-action 'none'"
    style = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))  # noqa: S704  # our own file
    page = _environment().get_template(template).render(policy=policy, style=style, script=Markup(code), **values)  # noqa: S704  # our own file
    return page.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters |= {"points": points, "words": _words, "spoken": _spoken}
    return environment


def _clean(value: Any) -> Any:
    """What a template writes out: text without control characters. Markup is the templates' own."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value, TEXT_CHARACTERS)
    return value


def _words(name: str) -> str:
    """A name of the catalogue as one would say it."""
    return name.replace("_", " ").replace("-", " ")


def _spoken(line: str) -> list[tuple[str, str]]:
    """A line of a message in pieces: what stands between backquotes is code, shown without them."""
    return [("code" if number % 2 else "", piece) for number, piece in enumerate(re.split(r"`([^`]{1,200})`", line)) if piece]
