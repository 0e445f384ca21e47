"""The reader's language, as the library names it, and problems in it."""

from __future__ import annotations

from django.utils.translation import get_language

from saima.problems import Language, Problem


def reader() -> Language:
    """The language of the page being made."""
    return "en" if get_language() == "en" else "zh"


def told(problem: Problem) -> str:
    """What is wrong and what to do, as one text for beside a field."""
    language = reader()
    gap = " " if language == "en" else ""
    return f"{problem.message(language)}{gap}{problem.hint(language)}"
