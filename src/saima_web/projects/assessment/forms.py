"""The form of the assessment's full marks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima.periods import Period
from saima_web.projects.assessment.methods import KEYS
from saima_web.projects.models import AssessmentMethod
from saima_web.ui.templatetags.saima import period as period_words


def _points(key: str) -> forms.DecimalField:
    name = getattr(AssessmentMethod._meta.get_field(key), "verbose_name", key)
    return forms.DecimalField(label=name, min_value=0, max_digits=5, decimal_places=2)


class MethodForm(forms.Form):
    """Full marks of each measure, points per card, from which quarter on, after which paper."""

    quarter = forms.ChoiceField(label=_("从哪个季度起"))
    reason = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("哪个文件、会议定的；记入账本。")
    )

    def __init__(self, *args: Any, quarters: list[Period], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(q.text, period_words(q.text)) for q in quarters]
        self.fields["quarter"].choices = choices  # type: ignore[attr-defined]
        for key in (*KEYS, "yellow", "red"):
            self.fields[key] = _points(key)
        self.order_fields(["quarter", *KEYS, "yellow", "red", "reason"])
