"""Turns the handout's Markdown into one HTML file that needs no network: formulas as MathML, pictures inside.

Markdown is read by markdown-it-py, formulas are translated by latex2mathml; this module adds what a reader needs around them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from string import Template
from typing import Any

from grader.errors import UnitError
from grader.release.handout import TEMPLATES, anchor

# Browsers draw the letters of these alphabets from Unicode; the attribute `mathvariant` that once chose them is gone from MathML Core.
_LETTERS = {'<mi mathvariant="script">N</mi>': "<mi>𝒩</mi>", '<mi mathvariant="double-struck">E</mi>': "<mi>𝔼</mi>"}
_OPERATORS = {"&#x0007E;": "∼", "&#x027F9;": "⟹", "&#x027FA;": "⟺"}
_UPRIGHT = re.compile(r"(?:<mi mathvariant=\"normal\">\w</mi>){2,}")
_THIN = '<mspace width="0.17em"/>'
# What TeX does by itself: a little room around a function's name, none around a slash, and a minus sign that has nothing to its left.
_SPACING = (
    (re.compile(r"(?<=</mi>|</mn>)(?=<mi>(?:log|exp|sgn)</mi>)"), _THIN),
    (re.compile(r"(?<=<mi>log</mi>|<mi>sgn</mi>)(?=<m(?:i|n|sup|row)>)"), _THIN),
    (re.compile(r"<mo>(/|&#x0002F;)</mo>"), r'<mo lspace="0" rspace="0">\1</mo>'),
    (re.compile(r"((?:<mrow>|<mo[^>]*>(?:=|&#x0003D;|\(|&#x00028;|\[)</mo>))<mo>&#x02212;</mo>"), r'\1<mo form="prefix">−</mo>'),
)


def render_handout_html(markdown: str, pictures: Mapping[str, str]) -> str:
    """Return the handout as a page.

    Args:
        markdown: the handout as GitHub shows it, numbers filled in.
        pictures: SVG texts by the paths that the Markdown refers to.

    Raises:
        UnitError: the Markdown refers to a picture that is not there, or has a formula that cannot be translated.
    """
    body = _body(markdown)
    for path in re.findall(r'<img src="([^"]+)"', body):
        if path not in pictures:
            raise UnitError(f"handout.md: refers to the picture {path!r}, which figures.py does not draw; known are {', '.join(pictures)}")
        inside = base64.b64encode(pictures[path].encode()).decode()
        body = body.replace(f'src="{path}"', f'src="data:image/svg+xml;base64,{inside}"')
    # What can be moved sideways must be reached with the keyboard.
    body = body.replace("<p><img ", '<p class="picture" tabindex="0"><img ')
    headings = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
    contents = "".join(f'<li><a href="#{place}">{words}</a></li>' for place, words in headings)
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body)
    template = Template((TEMPLATES / "page" / "handout.html").read_text(encoding="utf-8"))
    return template.substitute(title=title[1] if title else "Handout", contents=contents, body=body)


def _body(markdown: str) -> str:
    # Only those who make exercises need these two; every other command starts without them.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(dollarmath_plugin, renderer=lambda formula, options: _mathml(formula, display=options["display_mode"]), allow_digits=False)
    parser.add_render_rule("heading_open", _heading)
    return str(parser.render(markdown))


def _heading(_renderer: Any, tokens: Any, index: int, _options: Any, _environment: Any) -> str:
    return f'<{tokens[index].tag} id="{anchor(tokens[index + 1].content)}">'


def _mathml(formula: str, *, display: bool) -> str:
    from latex2mathml.converter import convert

    try:
        math = convert(formula.strip(), display="block" if display else "inline")
    except Exception as error:  # the library's own exceptions have no common base
        raise UnitError(f"handout.md: the formula {formula.strip()!r} cannot be translated to MathML: {error!r}; write it more simply") from error
    for old, new in _LETTERS.items():
        math = math.replace(old, new)
    for code, sign in _OPERATORS.items():
        math = math.replace(f"<mi>{code}</mi>", f"<mo>{sign}</mo>")
    math = _UPRIGHT.sub(lambda match: f"<mi>{re.sub(r'<[^>]*>', '', match[0])}</mi>", math)
    if re.search(r'mathvariant="(?!normal)|>\\', math):  # an alphabet that browsers do not know, or a command that came through as it was
        raise UnitError(f"handout.md: the formula {formula.strip()!r} has a sign without MathML; write it more simply, or extend _LETTERS")
    for pattern, replacement in _SPACING:
        math = pattern.sub(replacement, math)
    return math
