"""The small forms beside the grid: words on a cell, evidence, a figure's explanation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.reporting.models import Remark


class RemarkForm(forms.Form):
    """Words on a cell: a comment, the reason of a jump, or cause, measure and date."""

    kind = forms.ChoiceField(
        choices=[(k, k) for k in (Remark.Kind.COMMENT, Remark.Kind.JUMP, Remark.Kind.BEHIND)]
    )
    text = forms.CharField(label=_("原因"), max_length=1000, required=False)
    measure = forms.CharField(label=_("措施"), max_length=1000, required=False)
    catch_up_on = forms.DateField(
        label=_("追平日期"),
        required=False,
        error_messages={"invalid": _("日期请写成2026-12-10的形式。")},
    )

    def words(self) -> dict[str, Any]:
        """What `actions.remark` takes."""
        return {
            "kind": self.cleaned_data["kind"],
            "text": self.cleaned_data["text"],
            "measure": self.cleaned_data["measure"],
            "catch_up_on": self.cleaned_data["catch_up_on"],
        }
