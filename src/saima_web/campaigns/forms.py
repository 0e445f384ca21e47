"""Forms of a campaign's settings, members and dates."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from saima.campaigns import DocumentSettings
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign, KeyDate, Participation, Track
from saima_web.campaigns.queries import document_settings, periods_of
from saima_web.people.languages import reader
from saima_web.people.models import Unit

COUNTS = [
    ("confirmed", _("核定数")),
    ("official,confirmed", _("统计反馈数优先，没有时用核定数")),
    ("confirmed,official", _("核定数优先，没有时用统计反馈数")),
    ("official", _("统计反馈数")),
    ("confirmed,reported", _("核定数优先，没有时用自报数")),
]
SCORES = [("month", _("按月")), ("week", _("按周")), ("quarter", _("按季"))]
FREQUENCIES = dict(SCORES)


def date_input() -> forms.DateInput:
    """A date field as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ClockForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a campaign is called and over what time it counts."""

    counts = forms.ChoiceField(
        label=_("计分用数"), choices=COUNTS, help_text=_("自报、核定、统计反馈三个数并列保存。")
    )
    joined = forms.BooleanField(
        label=_("1、2月合并计算"), required=False, help_text=_("统计上1月数据不单独发布时勾选。")
    )
    scores = forms.ChoiceField(label=_("计分周期"), choices=SCORES)

    class Meta:
        model = Campaign
        fields: ClassVar[tuple[str, ...]] = (
            "name", "organisation", "clock_kind", "start", "end", "scores", "counts",
            "sprint_start", "sprint_end", "report_day", "confirm_day", "explain_from",
        )  # fmt: skip
        widgets: ClassVar = {
            name: date_input() for name in ("start", "end", "sprint_start", "sprint_end")
        }
        help_texts: ClassVar = {
            "sprint_start": _("页面上“第几天、还有几天”从这一天数起；不填则从开始日期数起。"),
            "report_day": _("每月数据在次月几日前报齐；遇节假日顺延。"),
            "confirm_day": _("数据责任部门在次月几日前核定完；遇节假日顺延。"),
            "explain_from": _("欠序时达到这么多时，填报要写明原因、措施和追平日期。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = ",".join(self.instance.counts or ["confirmed"])
        self.initial["counts"] = kept
        self.initial["joined"] = self.instance.joint == [[1, 2]]
        counts, scores = self.fields["counts"], self.fields["scores"]
        if kept not in dict(COUNTS):
            counts.choices = [*COUNTS, (kept, kept)]  # type: ignore[attr-defined]
        if self.instance.scores not in FREQUENCIES:
            scores.choices = [*SCORES, (self.instance.scores, self.instance.scores)]  # type: ignore[attr-defined]

    def clean_counts(self) -> list[str]:
        return str(self.cleaned_data["counts"]).split(",")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last, words in (
            ("start", "end", _("结束日期不能早于开始日期。")),
            ("sprint_start", "sprint_end", _("收官日不能早于启动日。")),
        ):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, words)
        for name in ("report_day", "confirm_day"):
            if data.get(name) is not None and not 1 <= data[name] <= 28:
                self.add_error(name, _("请填1至28之间的日子，每个月都有。"))
        data["joint"] = [[1, 2]] if data.pop("joined", False) else []
        return data


class SettingsForm(ClockForm):
    """All settings but the documents'."""

    trial_periods = forms.MultipleChoiceField(
        label=_("试运行期间"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("试运行的月份照常填报、计分，但排名不作数，不计入累计。"),
    )  # fmt: skip

    class Meta(ClockForm.Meta):
        fields: ClassVar[tuple[str, ...]] = (*ClockForm.Meta.fields, "trial_periods", "public")
        help_texts: ClassVar = ClockForm.Meta.help_texts | {
            "public": _("打开后，只有经审查放行的期次才会出现在公示页上。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = [(p.text, p.label(reader())) for p in periods_of(self.instance)]
        self.fields["trial_periods"].choices = periods  # type: ignore[attr-defined]


class DocumentsForm(forms.Form):
    """What bulletins and letters print."""

    letterhead = forms.CharField(
        label=_("红头"), required=False, max_length=60, help_text=_("如“某某集团有限公司文件”。")
    )
    number = forms.CharField(
        label=_("发文字号"), required=False, max_length=60,
        help_text=_("如“示例考核〔2026〕{issue}号”，{issue}处自动填期号。"),
    )  # fmt: skip
    first_issue = forms.IntegerField(label=_("首期期号"), min_value=1, initial=1)
    addressee = forms.CharField(label=_("主送"), required=False, max_length=120)
    signature = forms.CharField(label=_("落款"), required=False, max_length=60)
    copies_to = forms.CharField(label=_("抄送"), required=False, max_length=120)
    printed_by = forms.CharField(label=_("印发机关"), required=False, max_length=60)
    named_places = forms.IntegerField(
        label=_("通报点名"), min_value=0, max_value=20, help_text=_("通报正文中点到前几名。")
    )
    order = forms.ChoiceField(
        label=_("名单排序"), choices=[("rank", _("按名次")), ("official", _("按机构序"))]
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        self.settings = document_settings(campaign)
        super().__init__(data, initial=msgspec.structs.asdict(self.settings))

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"])
        if text and text.replace("{issue}", "").count("{"):
            raise forms.ValidationError(_("花括号里只能写 issue。"))
        return text

    def documents(self) -> dict[str, Any]:
        """The campaign's `documents` with what was typed."""
        whole = msgspec.structs.replace(self.settings, **self.cleaned_data)
        plain: dict[str, Any] = msgspec.to_builtins(whole)
        return plain if whole != DocumentSettings() else {}


class TrackForm(forms.ModelForm):  # type: ignore[type-arg]
    """A track's name, order and note."""

    class Meta:
        model = Track
        fields = ("name", "order", "note")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = Track.objects.filter(campaign=self.instance.campaign, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("本行动已有同名的赛道。"))
        return name


class MembershipForm(forms.Form):
    """How a unit takes part, from which day on, and why."""

    track = forms.ModelChoiceField(
        label=_("赛道"), queryset=Track.objects.none(), required=False,
        empty_label=_("不在赛道（只报数，不排名）"),
    )  # fmt: skip
    ranked = forms.BooleanField(
        label=_("参与排名"), required=False, help_text=_("不勾选即单列：计分，但单独列出。")
    )
    difficulty = forms.CharField(
        label=_("难度系数"), initial="1", max_length=10, help_text=_("1为不调整。")
    )
    since = forms.DateField(label=_("从哪一天起"), widget=date_input())
    reason = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = campaign.tracks.all()  # type: ignore[attr-defined]
        self.fields["since"].initial = min(max(today(), campaign.start), campaign.end)

    def clean_difficulty(self) -> str:
        text = str(self.cleaned_data["difficulty"]).strip()
        try:
            good = Decimal("0.1") <= Decimal(text) <= Decimal("10")
        except InvalidOperation:
            good = False
        if not good:
            raise forms.ValidationError(_("请填0.1至10之间的数，如1.05。"))
        return text


class EntryForm(MembershipForm):
    """A unit that joins."""

    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), empty_label=_("请选择")
    )
    since = forms.DateField(
        label=_("从哪一天起"), widget=date_input(), required=False,
        help_text=_("不填则从行动开始之日起。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)
    field_order = ("unit", "track", "ranked", "difficulty", "since", "reason")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        inside = campaign.participations.filter(valid_to__isnull=True).values("unit")
        units = Unit.objects.exclude(pk__in=inside)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["since"].initial = None
        self.fields["ranked"].initial = True


class LeaveForm(forms.Form):
    """A unit that leaves."""

    since = forms.DateField(label=_("从哪一天起不再参加"), widget=date_input(), initial=today)
    reason = forms.CharField(label=_("原因"), max_length=200)


class KeyDateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A key date or a window of heightened duty."""

    class Meta:
        model = KeyDate
        fields = ("on", "until", "name", "heightened", "note")
        widgets: ClassVar = {"on": date_input(), "until": date_input()}
        help_texts: ClassVar = {
            "until": _("一段时间的最后一天；只有一天的不填。"),
            "heightened": _("如国庆、两会期间，首页和驾驶舱会提示加强值守。"),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("until") and data.get("on") and data["until"] < data["on"]:
            self.add_error("until", _("不能早于开始日期。"))
        return data


class DayForm(forms.Form):
    """A day that is worked or off, whatever the holiday table says."""

    on = forms.DateField(label=_("日期"), widget=date_input())
    working = forms.TypedChoiceField(
        label=_("这一天"), choices=[("0", _("休息")), ("1", _("上班"))], coerce=lambda v: v == "1"
    )
    name = forms.CharField(label=_("说明"), max_length=60, required=False)


class StateForm(forms.Form):
    """Where a campaign goes next, and why."""

    to = forms.ChoiceField(choices=Campaign.State.choices)
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


def membership_initial(row: Participation) -> dict[str, Any]:
    """What a unit's membership is now."""
    return {"track": row.track_id, "ranked": row.ranked, "difficulty": row.difficulty}
