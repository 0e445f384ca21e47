"""Forms of the indicator library and of publishing a rulebook."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from saima.formulas import compile_formula, names_of
from saima.periods import parse
from saima.problems import Refused
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members, periods_of
from saima_web.indicators.models import CheckRule, Indicator, Note
from saima_web.people.models import Unit

CODE = re.compile(r"[\w\-]+")


def _units() -> Any:
    return Unit.objects.order_by("order", "code")


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an indicator is; the action writes it."""

    class Meta:
        model = Indicator
        fields = (
            "name", "category", "battle_line", "business_line", "measure", "decimals",
            "direction", "nature", "frequency", "provider", "data_owner", "lead_unit",
            "rolls_up", "numerator", "denominator", "formula", "qualitative", "order",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ("lead_unit", "data_owner"):
            self.fields[key] = forms.ModelChoiceField(
                _units(), required=False, label=self.fields[key].label, empty_label="—"
            )
        known = [(x.code, f"{x.name}（{x.code}）") for x in Indicator.objects.all()]
        for key in ("numerator", "denominator"):
            choices = [("", "—"), *known]
            label = self.fields[key].label
            self.fields[key] = forms.ChoiceField(choices=choices, required=False, label=label)
        self.fields["decimals"].max_value = 6  # type: ignore[attr-defined]
        self.fields["formula"].help_text = _("由其他指标的代码或名称计算，如 (a - b) / b；一般不填")
        self.fields["qualitative"].help_text = _("用文字目标和等次的，勾选此项")
        self.fields["category"].help_text = _("按类别分组、授权和筛选")

    def clean_formula(self) -> str:
        text = str(self.cleaned_data["formula"]).strip()
        if text:
            known = {x.code: x for x in Indicator.objects.all()}
            written = {c: c for c in known} | {x.name: x.code for x in known.values()}
            found, problems = compile_formula(text, names_of(written), written)
            if found is None:
                raise forms.ValidationError([p.message() + p.hint() for p in problems])
        return text

    def clean_decimals(self) -> int:
        value = int(self.cleaned_data["decimals"])
        if value > 6:
            raise forms.ValidationError(_("最多6位小数。"))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ratio = data.get("rolls_up") == Indicator.RollUp.RATIO
        if ratio and not (data.get("numerator") and data.get("denominator")):
            self.add_error("numerator", _t("分子比分母的，请选分子和分母指标。"))
        return data


class NewIndicatorForm(IndicatorForm):
    """A new indicator: its code and first definition too."""

    code = forms.CharField(
        label=_("代码"), max_length=60,
        help_text=_("字母、数字、汉字、下划线或短横；以后不改"),
    )  # fmt: skip
    definition = forms.CharField(label=_("口径"), widget=forms.Textarea(attrs={"rows": 3}))
    effective = forms.CharField(
        label=_("生效期间"), required=False, help_text=_("如 2026-01；不填为一直有效")
    )
    basis = forms.CharField(label=_("依据"), required=False, max_length=120)

    field_order = ("code", "name", "definition", "effective", "basis")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("只能用字母、数字、汉字、下划线和短横。"))
        known = Indicator.objects.filter(code=code).first()
        if known:
            raise forms.ValidationError(
                _t("指标库中已有代码“%(code)s”（%(name)s）。") % {"code": code, "name": known.name}
            )
        return code

    def clean_effective(self) -> str:
        return period_text(self.cleaned_data["effective"])


def period_text(text: str) -> str:
    """A period as people type it, canonical; blank stays blank."""
    text = text.strip()
    if not text:
        return ""
    try:
        return parse(text).text
    except Refused as refused:
        raise forms.ValidationError(refused.problem.message() + refused.problem.hint()) from None


class DefinitionForm(forms.Form):
    """A new version of what a figure means."""

    text = forms.CharField(label=_("新口径"), widget=forms.Textarea(attrs={"rows": 4}))
    effective = forms.CharField(label=_("生效期间"), help_text=_("从哪一期起用新口径，如 2026-07"))
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)
    reason = forms.CharField(label=_("变更原因"), max_length=200)
    comparable = forms.BooleanField(
        label=_("与前版可比"), required=False, initial=False,
        help_text=_("不勾选：数列在此断开，跨断点不算增速，除非补录可比基数"),
    )  # fmt: skip

    def clean_effective(self) -> str:
        return period_text(self.cleaned_data["effective"])


class CheckRuleForm(forms.Form):
    """A bound or a jump that figures are checked against."""

    kind = forms.ChoiceField(label=_("规则"), choices=CheckRule.Kind.choices)
    limit = forms.DecimalField(label=_("界限"), max_digits=30, decimal_places=6)
    severity = forms.ChoiceField(
        label=_("严重程度"), choices=CheckRule.Severity.choices, initial=CheckRule.Severity.WARNING
    )


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy from above or a contact with the data owner."""

    class Meta:
        model = Note
        fields = ("kind", "on", "party", "title", "number", "text")
        widgets = {
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("日期还没有到。"))
        return day


class OuterRankForm(forms.Form):
    """Our place in a ranking of the level above."""

    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("指标"))
    period = forms.ChoiceField(label=_("期间"))
    contest = forms.CharField(
        label=_("排名范围"), max_length=80, help_text=_("如 全市各区、市级攻坚竞赛")
    )
    place = forms.IntegerField(label=_("我方位次"), min_value=1, max_value=10000)
    of = forms.IntegerField(label=_("参与排名的个数"), min_value=1, max_value=10000)
    source = forms.CharField(label=_("来源"), max_length=160, help_text=_("通报文号或发布单位"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, campaign: Campaign, indicators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = indicators  # type: ignore[attr-defined]
        ended = [p for p in periods_of(campaign) if p.start <= today()]
        self.fields["period"].choices = [(p.text, p.label()) for p in reversed(ended)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place") and data.get("of") and data["place"] > data["of"]:
            self.add_error("place", _t("位次超出了参与排名的个数。"))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class UploadForm(forms.Form):
    """A workbook of the library."""

    file = forms.FileField(label=_("工作簿"), help_text=_("从本页导出的格式，.xlsx"))


class RulebookUploadForm(forms.Form):
    """A scheme as YAML: a file, or pasted."""

    file = forms.FileField(label=_("文件"), required=False, help_text=_(".yaml，不超过1MB"))
    text = forms.CharField(
        label=_("或粘贴正文"), required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
    official = forms.BooleanField(
        label=_("用于本行动排名"), required=False, initial=True,
        help_text=_("上级考核办法等只作对照的，不勾选"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload is not None and upload.size > 1_000_000:
            raise forms.ValidationError(_t("文件超过1MB，不像一份考核办法。"))
        if upload is not None:
            content = upload.read()
            try:
                data["text"] = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                content = b"\0"
            if b"\0" in content:  # no text has it, and PostgreSQL keeps none that does
                raise forms.ValidationError(_t("不是UTF-8编码的文本，请另存为UTF-8后再传。"))
        if not str(data.get("text") or "").strip():
            raise forms.ValidationError(_t("请选择文件，或粘贴正文。"))
        return data


class PublishForm(forms.Form):
    """From when, and on what basis."""

    effective_from = forms.ChoiceField(label=_("从哪一期起施行"), help_text=_("此前各期仍用原版本"))
    basis = forms.CharField(label=_("依据文件"), max_length=120, help_text=_("印发文号或会议纪要"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = periods_of(campaign)
        self.fields["effective_from"].choices = [(p.text, p.label()) for p in periods]  # type: ignore[attr-defined]
        current = next((p.text for p in periods if p.end >= today()), "")
        self.fields["effective_from"].initial = current


class AssignForm(forms.Form):
    """Who has an indicator in this campaign; a unit's own points where they differ."""

    def __init__(self, *args: Any, campaign: Campaign, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(indicator.assignments.filter(campaign=campaign))
        held = {r.unit_id: r.weight for r in rows if r.unit_id}
        self.tracks = list(campaign.tracks.all())
        self.units = [
            p.unit for p in members(campaign, min(max(today(), campaign.start), campaign.end))
        ]
        self.fields["tracks"] = forms.MultipleChoiceField(
            choices=[(t.pk, t.name) for t in self.tracks], required=False, label=_("整条赛道"),
            initial=[r.track_id for r in rows if r.track_id], widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        for unit in self.units:
            self.fields[f"on_{unit.pk}"] = forms.BooleanField(
                label=str(unit), required=False, initial=unit.pk in held
            )
            self.fields[f"weight_{unit.pk}"] = forms.DecimalField(
                label=_("分值"), required=False, min_value=0, max_value=1000, decimal_places=2,
                initial=held.get(unit.pk) or None,
            )  # fmt: skip

    def rows(self) -> list[tuple[Unit, Any, Any]]:
        """Units with their two fields, for the page."""
        return [(u, self[f"on_{u.pk}"], self[f"weight_{u.pk}"]) for u in self.units]

    def answer(self) -> dict[str, Any]:
        """Tracks, and units with their points as text, as the action takes them."""
        data = self.cleaned_data
        chosen = {u: data.get(f"weight_{u.pk}") for u in self.units if data.get(f"on_{u.pk}")}
        return {
            "tracks": [t for t in self.tracks if str(t.pk) in data["tracks"]],
            "units": {u: "" if w is None else f"{w:f}" for u, w in chosen.items()},
        }
