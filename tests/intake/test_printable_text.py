from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import printable


@pytest.mark.parametrize("text", ["kl.py", "Übung Größe", "课程/作业", "naïve café", "Ωmega → ∂z", "🙂", "नमस्ते", "שלום", "a  b"])
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    assert printable(text, 50) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1bcreset", "reset"),
        ("a\nb\tc\r\nd", "a b c  d"),
        ("a\u2028b\u00a0c", "a b c"),
        ("a\x00b\x07c\x7fd", "a\ufffdb\ufffdc\ufffdd"),
        ("lp\u202eyp.lk", "lpyp.lk"),
        ("k\u200bl\ufeff\u2066.py\u00ad", "kl.py"),
        ("k\u3164l\ufe0f", "kl"),
        ("s\udcff", "s\ufffd"),
        ("tag\U000e0041", "tag"),
    ],
)
def test_what_a_terminal_would_obey_or_a_reader_not_see_is_gone(text: str, expected: str) -> None:
    assert printable(text, 50) == expected


def test_a_cut_leaves_an_ellipsis_within_the_limit() -> None:
    assert printable("abcdef", 6) == "abcdef"
    assert printable("abcdefg", 6) == "abcde…"
    assert printable("a", 1) == "a"
    assert printable("ab", 1) == "…"


def test_a_text_of_megabytes_that_hides_its_end_shows_that_it_was_cut() -> None:
    assert printable("\u200b" * 10_000_000 + "end", 10) == "…"


@given(st.text(st.characters(), max_size=100), st.integers(1, 60))
def test_whatever_comes_in_one_printable_line_within_the_limit_comes_out(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown)
    shown.encode()
    assert printable(shown, limit) == shown
