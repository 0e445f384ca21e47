"""The forms of a task: what it says, what it is split into, an uploaded task list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima.tasks.deadlines import deadline_of
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members
from saima_web.campaigns.working_days import is_working_day, overrides
from saima_web.followup.models import Task, TaskForce
from saima_web.followup.parts import PartOf
from saima_web.followup.queries import limits_of, tasks_for
from saima_web.followup.words import LIMITS
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Unit, User
from saima_web.projects.models import Project
from saima_web.projects.queries import projects_for
from saima_web.ui.uploads import objection, oversize

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LONG = {"rows": 2}


class TaskForm(forms.Form):
    """What a task says; a default time limit stands in for a date that nobody named."""

    title = forms.CharField(label=_("工作任务"), max_length=200)
    goal = forms.CharField(
        label=_("量化目标"), required=False, widget=forms.Textarea(LONG),
        help_text=_("写出数：签约3家，协议投资5亿元。"),
    )  # fmt: skip
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("支撑项目（清单内）"), required=False
    )
    supporting_project = forms.CharField(
        label=_("支撑项目"), required=False, max_length=200,
        help_text=_("不在重点项目清单里的写这里；选了清单内的，用它的名称。"),
    )  # fmt: skip
    landmark_result = forms.CharField(label=_("标志性成果"), required=False, max_length=200)
    responsible_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    supporting_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("配合单位"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    limit = forms.ChoiceField(
        label=_("时限类别"), required=False, help_text=_("没有写明时限的，按这一类的默认时限。")
    )
    deadline = forms.DateField(label=_("完成时限"), required=False, widget=DAY)
    deadline_kind = forms.ChoiceField(
        label=_("时限按"), choices=Task.DeadlineKind.choices, initial="day"
    )
    every = forms.ChoiceField(label=_("报进展"), choices=Task.Every.choices, initial="month")
    source = forms.ChoiceField(label=_("来源"), choices=Task.Source.choices)
    source_note = forms.CharField(label=_("立项依据"), required=False, max_length=300)
    front = forms.CharField(label=_("战线"), required=False, max_length=60)
    lead_leader = forms.CharField(label=_("牵头领导"), required=False, max_length=60)
    first_responsible = forms.CharField(label=_("第一责任人"), required=False, max_length=60)
    person = forms.CharField(label=_("责任人"), required=False, max_length=60)
    task_force = forms.ModelChoiceField(TaskForce.objects.none(), label=_("专班"), required=False)
    parent = forms.ModelChoiceField(Task.objects.none(), label=_("上级任务"), required=False)
    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.none(), label=_("相关指标"), required=False
    )
    contingency_plan = forms.CharField(label=_("预案"), required=False, widget=forms.Textarea(LONG))
    file = forms.FileField(
        label=_("预案文件"), required=False, widget=forms.FileInput,
        help_text=_("PDF、图片或办公文档；再传一次就换掉原来的。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, campaign: Campaign, by: User, task: Task | None = None, **kwargs: Any
    ) -> None:
        if task is not None:
            kwargs.setdefault("initial", said_by(task))
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        units = units_of(campaign)
        found = indicators_of(campaign)
        seen = tasks_for(by, campaign)
        others = seen.exclude(pk=task.pk) if task is not None else seen
        sets: dict[str, Any] = {
            "responsible_unit": units, "supporting_units": units, "task_force":
            campaign.task_forces.all(), "indicators": found,
            "parent": others, "project": projects_for(by, campaign),
        }  # fmt: skip
        for name, rows in sets.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.limits = {limit.kind: limit for limit in limits_of(campaign)}
        words = _("%(name)s　%(n)s天")
        named = [
            (x.kind, words % {"name": LIMITS.get(x.kind, x.name), "n": x.days})
            for x in self.limits.values()
        ]
        self.fields["limit"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """The file where it may be kept, so that what was typed is not lost with it."""
        given = self.cleaned_data["file"]
        if given is not None:
            why = oversize(given.size) or objection(given.name, given.read())
            given.seek(0)
            if why:
                raise forms.ValidationError(why)
        return given

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, limit = data.get("deadline"), self.limits.get(data.get("limit") or "")
        if "deadline" in self.errors:
            return data
        if day is None and limit is not None:
            known = overrides()
            day = limit.end(today(), lambda moment: is_working_day(moment, known))
        if day is None:
            self.add_error("deadline", _("请写明时限，或选一个时限类别。"))
        elif data.get("deadline_kind"):
            data["deadline"] = deadline_of(day, data["deadline_kind"]).day
        return data


def units_of(campaign: Campaign) -> Any:
    """The units that tasks may go to: those that take part and the departments above them."""
    ids = {row.unit_id for row in members(campaign, today())}
    departments = Unit.objects.filter(kind__in=(Unit.Kind.DEPARTMENT, Unit.Kind.GROUP))
    return Unit.objects.filter(pk__in=ids | set(departments.values_list("pk", flat=True)))


def said_by(task: Task) -> dict[str, Any]:
    """What a task says, as a form shows it first."""
    found = {name: getattr(task, name) for name in TaskForm.base_fields if name != "file"}
    return found | {
        "supporting_units": task.supporting_units.all(), "indicators": task.indicators.all(),
    }  # fmt: skip


class AgainForm(forms.Form):
    """A new instruction on a task: what, until when."""

    text = forms.CharField(label=_("批示内容"), widget=forms.Textarea(LONG))
    due_on = forms.DateField(label=_("期限"), widget=DAY)


class SplitForm(forms.Form):
    """Up to five parts of a task; a row without a title is none."""

    ROWS = 5

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task, units = task, units_of(task.campaign)
        for n in range(1, self.ROWS + 1):
            self.fields[f"title_{n}"] = forms.CharField(
                label=_("第%(n)s项") % {"n": n}, max_length=200, required=n == 1
            )
            self.fields[f"unit_{n}"] = forms.ModelChoiceField(
                units, label=_("责任单位"), required=False, initial=task.responsible_unit
            )
            self.fields[f"deadline_{n}"] = forms.DateField(
                label=_("完成时限"), required=False, widget=DAY, initial=task.deadline
            )

    @property
    def rows(self) -> list[list[Any]]:
        """The fields, part by part."""
        names = ("title", "unit", "deadline")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, self.ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, self.ROWS + 1):
            day: date | None = data.get(f"deadline_{n}")
            if data.get(f"title_{n}") and day and day > self.task.deadline:
                self.add_error(f"deadline_{n}", _("不能晚于上级任务的时限。"))
        return data

    def parts(self) -> list[PartOf]:
        data = self.cleaned_data
        return [
            PartOf(
                data[f"title_{n}"], data[f"unit_{n}"] or self.task.responsible_unit,
                data[f"deadline_{n}"] or self.task.deadline,
            )
            for n in range(1, self.ROWS + 1)
            if data.get(f"title_{n}")
        ]  # fmt: skip


class ListForm(forms.Form):
    """A task list to import."""

    file = forms.FileField(
        label=_("任务清单"), help_text=_("办公室自己的表就可以：.xlsx、.xls 或 .csv。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip


class TaskForceForm(forms.Form):
    """A team: its name, who leads it, the units in it."""

    name = forms.CharField(label=_("专班名称"), max_length=80)
    chief = forms.CharField(label=_("召集人"), max_length=60, required=False)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("组成单位"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_of(campaign)  # type: ignore[attr-defined]


class LimitForm(forms.Form):
    """A default time limit of a campaign's own."""

    kind = forms.CharField(widget=forms.HiddenInput)
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=400)
    count = forms.ChoiceField(
        label=_("按"), choices=(("calendar", _("自然日")), ("working", _("工作日")))
    )
    source = forms.CharField(label=_("依据"), max_length=200)
