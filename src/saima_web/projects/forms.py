"""Forms of key projects: the project itself, a month's report, papers, dates, milestones, gates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.models import Gate, GatePassage, Milestone, Project, ProjectPaper


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a project is: who answers for it, its money, when it should start and be finished."""

    total = forms.DecimalField(label=_("总投资（万元）"))
    before = forms.DecimalField(label=_("至上年底完成（万元）"), required=False)
    year_plan = forms.DecimalField(label=_("年度计划（万元）"), required=False)

    class Meta:
        model = Project
        fields = (
            "name", "category", "kind", "unit", "leader", "supporting", "centre", "agent",
            "investor", "front", "highlighted", "indicator", "total", "before", "year_plan",
            "start_due", "finish_due", "contingency",
        )  # fmt: skip
        widgets = {
            "start_due": day_input(), "finish_due": day_input(),
            "contingency": forms.Textarea(attrs={"rows": 3}),
            "supporting": forms.SelectMultiple(attrs={"size": 5}),
        }  # fmt: skip
        help_texts = {
            "indicator": _("月度计划取自该指标目标分解里同名的项目；不选则自编月度计划。"),
            "front": _("属于哪个战场、专班；没有可不填。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = {"unit": Unit.objects.all(), "supporting": Unit.objects.all(), "indicator": Indicator.objects.all()}  # fmt: skip
        for name, found in rows.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        self.instance.campaign = campaign

    def _post_clean(self) -> None:
        """What does not fit is refused by the action, with its reason."""


class ReportForm(forms.Form):
    """A month's amounts, each series its own, and how the site looks."""

    statistical = forms.DecimalField(label=_("统计口径（万元）"), required=False, help_text=_("入统数，报统计部门的。"))  # fmt: skip
    physical = forms.DecimalField(label=_("实物量口径（万元）"), required=False, help_text=_("现场完成的工作量。"))  # fmt: skip
    paid = forms.DecimalField(label=_("资金支付（万元）"), required=False, help_text=_("实际付出的钱。"))  # fmt: skip
    physical_progress = forms.CharField(label=_("形象进度"), max_length=300, required=False)
    problem = forms.CharField(label=_("存在问题"), max_length=300, required=False)
    asks = forms.CharField(label=_("需协调事项"), max_length=300, required=False)


class PaperForm(forms.ModelForm):  # type: ignore[type-arg]
    """An approval, contract, permit or photograph."""

    amount = forms.DecimalField(label=_("金额（万元）"), required=False)

    class Meta:
        model = ProjectPaper
        fields = ("kind", "name", "number", "holder", "amount", "on", "expires")
        widgets = {"on": day_input(), "expires": day_input()}

    def _post_clean(self) -> None:
        """The action makes the paper."""


class DayForm(forms.Form):
    """The day on which something happened."""

    on = forms.DateField(label=_("日期"), widget=day_input(), initial=today)


class PassageForm(forms.ModelForm):  # type: ignore[type-arg]
    """When a gate is to be passed, and when it was."""

    class Meta:
        model = GatePassage
        fields = ("due", "done_on", "note")
        widgets = {"due": day_input(), "done_on": day_input()}


class MilestoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """What has happened of a milestone."""

    class Meta:
        model = Milestone
        fields = ("actual_start", "actual_finish", "percent")
        widgets = {"actual_start": day_input(), "actual_finish": day_input()}

    def clean_percent(self) -> int:
        return int(self.cleaned_data["percent"] or 0)

    def _post_clean(self) -> None:
        """The order of the dates is left to the action, which says it with its reason."""


class GateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A gate's name, the matter it belongs to, who owns it."""

    class Meta:
        model = Gate
        fields = ("name", "matter", "owner")


class FileForm(forms.Form):
    """A workbook or a plan to read."""

    file = forms.FileField(label=_("文件"))
