"""Policies and contacts of a campaign on one page: its own, and those of its indicators."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Note
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import User
from saima_web.people.permissions import cells_for, may
from saima_web.ui.tables import Box, Column, Table


def notes_in(campaign: Campaign, by: User) -> list[Note]:
    """Policies for everybody, contacts for those who may see them; the latest first."""
    own = Q(campaign=campaign) | Q(indicator__in=indicators_of(campaign))
    contacts = Q(kind=Note.Kind.CONTACT) & cells_for(by, "contacts.see", campaign)
    rows = Note.objects.filter(own, Q(kind=Note.Kind.POLICY) | contacts, withdrawn_at=None)
    return list(rows.select_related("indicator__data_owner", "indicator__lead_unit", "by"))


def note_table(campaign: Campaign, by: User) -> Table:
    """The list: boxes by what a note is about and by its kind."""
    return Table(
        columns=(
            Column("on", _("日期"), "date"),
            Column("kind", _("类型")),
            Column("title", _("事由"), template="indicators/_note.html"),
            Column("number", _("文号")),
            Column("party", _("发文或对接单位")),
            Column("about", _("关于"), link="href"),
            Column("pk", "", template="indicators/_note_off.html", sort="", export=False),
        ),
        rows=[_row(note, campaign, by) for note in notes_in(campaign, by)],
        name=_("政策和对接"), search=("title", "number", "party", "about", "text"),
        boxes=(
            Box("whole", _("整个行动"), lambda r: not r["href"]),
            Box("policy", _("政策细则"), lambda r: r["policy"]),
            Box("contact", _("对接记录"), lambda r: not r["policy"]),
        ),
        empty=_("还没有登记政策和对接。"), css="s-rows", stacks=True, heads="title",
        begin=_("行动的依据文件、上级细则和与数据责任部门的对接，考核办在这里登记；单项指标的在指标页登记。"),
    )  # fmt: skip


def _row(note: Note, campaign: Campaign, by: User) -> dict[str, Any]:
    about, href, ours = _("整个行动"), "", may(by, "campaign.note", campaign=campaign)
    if note.indicator is not None:
        about = note.indicator.name
        href = reverse("indicators:one", args=[campaign.code, note.indicator.code])
        ours = may(by, "indicators.note", campaign=campaign, indicator=note.indicator)
    return {
        "pk": note.pk, "on": note.on, "kind": note.get_kind_display(), "title": note.title,
        "number": note.number, "party": note.party, "text": note.text, "about": about,
        "href": href, "policy": note.kind == Note.Kind.POLICY,
        "off": reverse("indicators:note-withdraw", args=[campaign.code, note.pk]) if ours else "",
    }  # fmt: skip


def answer(rows: Any) -> list[str]:
    """The page's sentence: how many policies and contacts, and how many of the whole campaign."""
    policies = sum(1 for r in rows if r["policy"])
    whole = sum(1 for r in rows if not r["href"])
    if not rows:
        return [_("还没有登记政策和对接")]
    words = {"p": policies, "c": len(rows) - policies, "w": whole}
    said = [_("登记了%(p)s份政策、") % words, _("%(c)s次对接；") % words]
    return [*said, _("其中%(w)s条关于整个行动") % words]
