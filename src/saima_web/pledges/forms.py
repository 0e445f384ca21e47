"""Forms of promises: a commitment, a pledge with its numbers, a plan, a document, duty."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_members
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import reported_indicators
from saima_web.people.models import Unit
from saima_web.pledges.institution_actions import Article
from saima_web.pledges.models import (
    ActionPlan,
    Commitment,
    InstitutionDocument,
    Pledge,
    PledgeSettings,
)


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def choose(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """What a choice offers; a single unit is chosen already."""
    field = form.fields[name]
    field.queryset = rows  # type: ignore[attr-defined]
    if name == "unit" and rows.count() == 1:
        field.initial, field.empty_label = rows.first(), None  # type: ignore[attr-defined]


def member_units(campaign: Campaign) -> QuerySet[Unit]:
    """The units that take part today, in official order."""
    return Unit.objects.filter(pk__in=[p.unit_id for p in active_members(campaign, today())])


class CommitmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is promised, by which measure, until when."""

    target = forms.DecimalField(
        label=_("目标值"), required=False, help_text=_("与指标同一计量单位。")
    )
    quantity = forms.DecimalField(
        label=_("承诺数量"), required=False,
        help_text=_("没有对应指标、由本单位报数的填这里，例：96（套）。"),
    )  # fmt: skip

    class Meta:
        model = Commitment
        fields = ("unit", "what", "goal", "indicator", "target", "quantity", "measure", "counted_by", "due_on",
                  "responsible", "public")  # fmt: skip
        widgets = {"due_on": day_input(), "goal": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "goal": _("写成年底能核对的话，例：12月20日前交付安置房96套。"),
            "indicator": _("选了指标，完成情况由填报的数对照，不用再报。"),
            "counted_by": _("从作出承诺到时限均摊，按它算该完成多少、多久报一次进展。"),
            "responsible": _("写岗位，不写姓名和电话。"),
            "public": _("考核办审阅、开放公示页以后才会对外显示。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", units)
        choose(self, "indicator", reported_indicators(campaign))
        self.fields["counted_by"].required = False

    def clean_counted_by(self) -> str:
        found: str = self.cleaned_data["counted_by"]
        return found or Commitment.CountedBy.MONTH


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """The public page, and when a commitment counts as stalled."""

    class Meta:
        model = PledgeSettings
        fields = ("public", "stalled_months")


class PledgeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A pledge with one field for each indicator that can be named."""

    class Meta:
        model = Pledge
        fields = ("unit", "on", "occasion", "words")
        widgets = {"on": day_input(), "words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"occasion": _("例：攻坚动员会、双月点评会。")}

    def __init__(self, *args: Any, campaign: Campaign, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", units)
        self.fields["on"].initial = today()
        self.indicators = {f"value-{x.code}": x for x in reported_indicators(campaign)}
        for name, x in self.indicators.items():
            label = f"{x.name}（{x.measure}）" if x.measure else x.name
            self.fields[name] = forms.DecimalField(label=label, required=False)

    def numbers(self) -> Iterator[Any]:
        """The fields of indicators."""
        return (self[name] for name in self.indicators)

    def plain(self) -> Iterator[Any]:
        """The other fields."""
        return (bound for bound in self if bound.name not in self.indicators)

    def values(self) -> dict[Indicator, Decimal]:
        """What was named, by indicator."""
        given = {x: self.cleaned_data.get(name) for name, x in self.indicators.items()}
        return {x: value for x, value in given.items() if value is not None}


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit's action plan."""

    class Meta:
        model = ActionPlan
        fields = ("unit", "title", "text", "file")
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "file": forms.FileInput()}
        help_texts = {"file": _("PDF、图片或办公文档，不超过20MB。")}

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", units)


class MeasureForm(forms.Form):
    """A measure with its date."""

    what = forms.CharField(label=_("措施"), max_length=200)
    responsible = forms.CharField(label=_("责任岗位"), max_length=60, required=False)
    due_on = forms.DateField(label=_("完成时限"), widget=day_input())


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """An institution document, its articles one a line: text | unit | date."""

    articles = forms.CharField(
        label=_("条文"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一条：条文｜责任单位｜落实时限（可不填），例：项目周调度｜望岳建设｜2026-12-20。"),
    )  # fmt: skip

    class Meta:
        model = InstitutionDocument
        fields = ("title", "number", "on", "file")
        widgets = {"on": day_input(), "file": forms.FileInput()}

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.units = {n: u for u in member_units(campaign) for n in (u.name, u.short_name, u.code)}

    def clean_articles(self) -> list[Article]:
        lines = [x for x in self.cleaned_data["articles"].splitlines() if x.strip()]
        found, wrong = [], []
        for number, line in enumerate(lines, 1):
            try:
                found.append(self._article(line))
            except forms.ValidationError as error:
                wrong.append(_("第%(n)s行：%(why)s") % {"n": number, "why": error.messages[0]})
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def _article(self, line: str) -> Article:
        parts = [p.strip() for p in line.replace("|", "｜").split("｜")]
        if len(parts) not in (2, 3) or not parts[0]:
            raise forms.ValidationError(_("要写成“条文｜责任单位｜落实时限”。"))
        unit = self.units.get(parts[1])
        if unit is None:
            raise forms.ValidationError(_("没有叫“%(name)s”的参加单位。") % {"name": parts[1]})
        due = forms.DateField(required=False).clean(parts[2] if len(parts) == 3 else "")
        return Article(parts[0], unit, due)


class DutyForm(forms.Form):
    """One field per day and person of a window of heightened duty."""

    def __init__(self, *args: Any, days: list[Any], known: dict[Any, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.days = days
        for day in days:
            line = known.get(day)
            for key, label, longest in PLACES:
                self.fields[f"{key}-{day}"] = forms.CharField(
                    label=label, max_length=longest, required=False,
                    initial=getattr(line, key, ""),
                )  # fmt: skip

    def rows(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each day with its bound fields."""
        for day in self.days:
            yield day, [self[f"{key}-{day}"] for key, _label, _n in PLACES]

    def filled(self) -> Iterator[tuple[Any, dict[str, str]]]:
        """The days of which anything was filled in."""
        for day in self.days:
            given = {key: self.cleaned_data[f"{key}-{day}"] for key, _label, _n in PLACES}
            if any(given.values()):
                yield day, given


PLACES = (
    ("leader", _("带班领导"), 60),
    ("keeper", _("值班人员"), 60),
    ("phone", _("值班电话"), 40),
)
"""Field, label, how long."""
