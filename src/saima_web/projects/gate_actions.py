"""The campaign's own list of gates: one more, one less, another order."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.models import Gate, GatePassage

GATE_NAME = declare(
    "gate-name",
    "关口“{name}”没有加上：名称空着，或已经有了。",
    "请写一个没有用过的名称。",
    "The gate “{name}” was not added: it has no name, or is there already.",
    "Choose another name.",
)
GATE_USED = declare(
    "gate-used",
    "关口“{name}”已有{count}个项目登记了日期或说明，不能删除。",
    "可以改名；确实不用的，先清空各项目在这个关口的登记。",
    "{count} projects have dates or notes at the gate “{name}”.",
    "Rename it, or clear what is entered there first.",
)


def with_passages(campaign: Campaign, gates: Iterable[Gate]) -> None:
    """Projects that are there get gates that are new."""
    projects = list(campaign.projects.all())
    GatePassage.objects.bulk_create(
        GatePassage(project=project, gate=gate) for gate in gates for project in projects
    )


def add_gate(*, campaign: Campaign, name: str, matter: str, by: User, owner: str = "") -> Gate:
    """A gate behind the others; every project gets it. Errors: Refused for a name that is there."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        named = name.strip()[:40]
        if not named or matter not in Gate.Matter.values or campaign.gates.filter(name=named):
            raise refuse(GATE_NAME, name=named)
        last: int = campaign.gates.aggregate(last=Max("order"))["last"] or 0
        made = Gate.objects.create(
            campaign=campaign, order=last + 1, name=named, matter=matter, owner=owner.strip()[:60]
        )
        with_passages(campaign, [made])
        ledger.record("gate.added", f"gates/{campaign.code}", campaign=campaign.code, names=[named])
    return made


def remove_gate(*, gate: Gate, by: User) -> None:
    """Take a gate away. Errors: Refused where a project has something entered at it."""
    campaign = gate.campaign
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        used = gate.passages.exclude(Q(due=None) & Q(done_on=None) & Q(note="")).count()
        if used:
            raise refuse(GATE_USED, name=gate.name, count=used)
        ledger.record(
            "gate.removed", f"gate/{campaign.code}/{gate.pk}", campaign=campaign.code,
            name=gate.name,
        )  # fmt: skip
        gate.passages.all().delete()
        gate.delete()


def move_gate(*, gate: Gate, up: bool, by: User) -> None:
    """One place up or down; at the end of the list nothing happens."""
    campaign = gate.campaign
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        rows = list(campaign.gates.select_for_update())
        at = next(n for n, row in enumerate(rows) if row.pk == gate.pk)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(rows):
            return
        rows[at], rows[to] = rows[to], rows[at]
        for order, row in enumerate(rows, 1):
            row.order = order
        Gate.objects.bulk_update(rows, ("order",))
        ledger.record(
            "gate.moved", f"gate/{campaign.code}/{gate.pk}", campaign=campaign.code,
            name=gate.name, order=to + 1,
        )  # fmt: skip
