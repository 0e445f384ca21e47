"""Forms of setting up: a new campaign in three ways, history, and units that merge."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.forms import ClockForm, date_input
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_members
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.ui.templatetags.saima import plain_number

CODE_HELP = _("用在网址里：小写字母、数字和连字符，如 race-2027。定了不再改。")


class CodeForm(forms.Form):
    """The code of a campaign to come, not taken yet."""

    code = forms.SlugField(label=_("代码"), max_length=40, help_text=CODE_HELP)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if Campaign.objects.filter(code=code).exists():
            raise forms.ValidationError(_("这个代码已经用过，请换一个。"))
        return code


DECEMBER = 12
"""In the last month a new campaign is next year's."""


class NewForm(CodeForm, ClockForm):
    """A campaign by form."""

    tracks = forms.CharField(
        label=_("赛道"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个，如“经营类”“建设类”。以后可以增减。"),
    )  # fmt: skip

    class Meta(ClockForm.Meta):
        fields: ClassVar[tuple[str, ...]] = ("code", *ClockForm.Meta.fields)
        help_texts: ClassVar = ClockForm.Meta.help_texts | {"code": CODE_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = today().year + (today().month == DECEMBER)
        self.initial.setdefault("start", today().replace(year, 1, 1))
        self.initial.setdefault("end", today().replace(year, 12, 31))

    def settings(self) -> tuple[dict[str, Any], list[str]]:
        """The campaign's fields, and the names of its tracks."""
        data = dict(self.cleaned_data)
        return data, str(data.pop("tracks")).splitlines()


class FileForm(forms.Form):
    """A file to look at before it is imported."""

    file = forms.FileField(label=_("文件"))


class CloneForm(CodeForm):
    """Which campaign to follow, and what becomes of its targets."""

    old = forms.ModelChoiceField(
        label=_("沿用哪个行动"), queryset=Campaign.objects.none(), empty_label=_("请选择")
    )
    name = forms.CharField(label=_("新行动的名称"), max_length=120)
    years = forms.IntegerField(
        label=_("日期后移几年"), initial=1, min_value=0, max_value=5,
        help_text=_("行动起止日期、重要时间点和办法的生效期都照此后移。"),
    )  # fmt: skip
    targets = forms.BooleanField(
        label=_("带上目标"), required=False, help_text=_("作为待批准的目标，由领导批准后生效。")
    )
    factor = forms.DecimalField(
        label=_("目标乘以"), initial=Decimal("1"), min_value=Decimal("0.1"), max_value=Decimal(10),
        max_digits=6, decimal_places=4, required=False, help_text=_("如1.08为在上年目标上加8%。"),
    )  # fmt: skip
    field_order = ("old", "name", "code", "years", "targets", "factor")

    def __init__(self, *args: Any, campaigns: Any, may_targets: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old"].queryset = campaigns  # type: ignore[attr-defined]
        if not may_targets:
            for name in ("targets", "factor"):
                del self.fields[name]

    def choices(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        factor = data.pop("factor", None) or Decimal(1)
        return data | {"factor": factor if data.pop("targets", False) else None}


class SuccessionForm(forms.Form):
    """Which unit goes into which, or which is founded out of which, from what day on."""

    how = forms.ChoiceField(
        label=_("怎样变动"), widget=forms.RadioSelect, initial="merge",
        choices=[
            ("merge", _("合并：原单位停用，余下目标全部划给接收单位")),
            ("split", _("分设：原单位保留，余下目标按比例划给新设单位")),
        ],
    )  # fmt: skip
    giver = forms.ModelChoiceField(
        label=_("原单位"), queryset=Unit.objects.none(), empty_label=_("请选择")
    )
    taker = forms.ModelChoiceField(
        label=_("接收或新设单位"), queryset=Unit.objects.none(), empty_label=_("请选择"),
        help_text=_("新设的单位请先在“单位”页建好；不在行动中的会自动加入原单位的赛道。"),
    )  # fmt: skip
    since = forms.DateField(label=_("从哪一天起"), widget=date_input(), initial=today)
    share = forms.DecimalField(
        label=_("划出比例（%）"), required=False, min_value=Decimal(1), max_value=Decimal(99),
        max_digits=5, decimal_places=2, help_text=_("只在分设时填写；下一步可以逐项指标调整。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("依据和原因"), max_length=200)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = min(max(today(), campaign.start), campaign.end)
        inside = [p.unit_id for p in active_members(campaign, day)]
        units = Unit.objects.filter(valid_to__isnull=True)
        self.fields["giver"].queryset = units.filter(pk__in=inside)  # type: ignore[attr-defined]
        self.fields["taker"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "split" and not data.get("share"):
            self.add_error("share", _("分设要填写划出的比例。"))
        if data.get("giver") and data.get("giver") == data.get("taker"):
            self.add_error("taker", _("请选另一个单位。"))
        return data


class SharesForm(forms.Form):
    """The share of each indicator's remaining target that goes to the founded unit, in percent."""

    def __init__(
        self, *args: Any, remaining: Mapping[Indicator, Decimal], share: Decimal, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [indicator.code for indicator in remaining]
        for indicator, value in remaining.items():
            left = _("余下%(n)s%(measure)s") % {
                "n": plain_number(value, indicator.decimals), "measure": indicator.measure,
            }  # fmt: skip
            self.fields[f"share-{indicator.code}"] = forms.DecimalField(
                label=indicator.name, min_value=Decimal(0), max_value=Decimal(100), max_digits=7,
                decimal_places=4, initial=plain_number(share).replace(",", ""), help_text=left,
            )  # fmt: skip

    @property
    def shares(self) -> dict[str, Decimal]:
        """By indicator code, between 0 and 1."""
        return {code: self.cleaned_data[f"share-{code}"] / 100 for code in self.codes}
