"""A step from a page: its form is filled and done, or shown again with what was typed and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language

from saima.problems import Refused
from saima_web.people.permissions import NOT_ALLOWED


def done(form: forms.BaseForm, work: Callable[[dict[str, Any]], Any]) -> bool:
    """Do something with a form's data. What is refused is said in the form; False then.

    What the user may not do at all stays a refusal of the page.
    """
    if not form.is_valid():
        return False
    try:
        work(form.cleaned_data)
    except Refused as refused:
        if refused.problem.code == NOT_ALLOWED:
            raise
        form.add_error(None, refused.problem.text("en" if get_language() == "en" else "zh"))
        return False
    return True
