"""Forms of rounds: opening one, changing its deadlines, giving units more time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima.periods import Period
from saima_web.people.models import Unit
from saima_web.ui.templatetags.saima import period as label

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and time, picked with the browser's own control."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    errors = {"invalid": _("请选择日期和时间。"), "required": _("请选择日期和时间。")}
    return forms.DateTimeField(label=label, widget=widget, error_messages=errors, **more)


class ChangeForm(forms.Form):
    """A round's deadlines and instructions."""

    due_at = moment_field(_("填报截止"), help_text=_("遇节假日已顺延到下一个工作日。"))
    confirm_due_at = moment_field(_("核定截止"))
    instructions = forms.CharField(
        label=_("填报说明"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("显示在填报页上，例如口径提醒、联系人。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due, confirm_due = data.get("due_at"), data.get("confirm_due_at")
        if due and confirm_due and confirm_due < due:
            self.add_error("confirm_due_at", _("核定截止要晚于填报截止。"))
        return data


class OpenForm(ChangeForm):
    """The period of a round that is to be opened, with the dates of the calendar."""

    period = forms.ChoiceField(label=_("期间"))
    field_order = ("period", "due_at", "confirm_due_at", "instructions")

    def __init__(self, *args: Any, periods: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(p.text, label(p.text)) for p in periods]  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """A later deadline for some units, with the reason."""

    units = forms.ModelMultipleChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一家单位。")},
    )  # fmt: skip
    until = moment_field(_("延至"))
    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("会记入账本，并显示给该单位。")
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Unit.objects.filter(pk__in=[u.pk for u in units])
        self.fields["units"].queryset = chosen  # type: ignore[attr-defined]
