"""Forms of cards: an answer, an interview, switching rules on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.cards.models import Card


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def _words(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class AnswerForm(forms.Form):
    """A unit's answer to a card."""

    cause = _words(_("原因"), 3, help_text=_("为什么落后，写具体。"))
    countermeasure = _words(_("对策"), 3, help_text=_("谁、做什么、到什么程度。"))
    promised_on = _day(_("完成时限"))


class InterviewForm(forms.Form):
    """An interview (约谈) and what was said."""

    what = forms.CharField(label=_("处理方式"), max_length=200)
    on = _day(_("日期"))
    interviewer = forms.CharField(label=_("约谈人"), max_length=60)
    attended = forms.CharField(label=_("参加人"), max_length=200)
    record = _words(_("约谈记录"), 4)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [a["step"] for a in card.advice if a["kind"] == "step"]
        self.fields["what"].initial = steps[0] if steps else "约谈"
        self.fields["on"].initial = today()


class SwitchOnForm(forms.Form):
    """From when, and by which document, rules are in force."""

    effective_from = _day(_("启用日期"))
    basis = forms.CharField(
        label=_("依据文件"), max_length=200, help_text=_("文件名称和文号；没有依据不能启用。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = today()
