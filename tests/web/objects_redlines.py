"""Promises, red lines, honours and records of persons in the house, with words planted in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from saima_web.base.clock import now
from saima_web.campaigns.models import KeyDate
from saima_web.pledges.models import (
    ActionPlan,
    Commitment,
    CommitmentStep,
    DutyLine,
    InstitutionDocument,
    InstitutionMeasure,
    PlanMeasure,
    Pledge,
    PledgedValue,
    PledgeSettings,
)
from saima_web.redlines.models import (
    AccountabilityRecord,
    AllowedVeto,
    Contribution,
    ContributionSettings,
    Domain,
    Honour,
    Incident,
    RiskCheck,
    RiskItem,
)

PDF = b"%PDF-1.4 a document as it was brought"


def build(chest: Any, units: tuple[str, ...]) -> None:
    """Of everything one for each unit; the public page is on, persons' records are kept."""
    house = chest.house
    PledgeSettings.objects.create(campaign=house.campaign, public=True)
    document = InstitutionDocument.objects.create(
        campaign=house.campaign, title="十项制度", number="示例〔2026〕3号", on=date(2026, 9, 1),
        file=ContentFile(PDF, "ten.pdf"), file_name="十项制度.pdf", recorded_at=now(),
    )  # fmt: skip
    chest.add("institution", document.pk)
    window = KeyDate.objects.create(
        campaign=house.campaign, on=date(2026, 10, 1), until=date(2026, 10, 2), name="国庆值守",
        heightened=True,
    )  # fmt: skip
    chest.add("duty-window", window.pk)
    domain = Domain.objects.create(campaign=house.campaign, name="安全生产", order=1)
    veto = AllowedVeto.objects.create(
        campaign=house.campaign, domain=domain, name="生产安全责任事故", effect="veto",
        basis="示例〔2026〕5号",
    )  # fmt: skip
    chest.add("veto", veto.pk)
    for code in units:
        _promises(chest, code, document, window)
        _redlines(chest, code, domain, veto)
    _persons(chest)


def _promises(chest: Any, code: str, document: InstitutionDocument, window: KeyDate) -> None:
    house, moment, unit = chest.house, now(), chest.house.units[code]
    see: dict[str, Any] = {"unit": unit}
    made: dict[str, Any] = {"campaign": house.campaign, "unit": unit, "recorded_at": moment}

    def word(what: str) -> str:
        found: str = chest.word(what, "pledges.see", **see)
        return found

    for state in ("draft", "made"):
        # a mere draft shows to its own unit only
        own = {"draft": "pledges.write"}.get(state, "pledges.see")
        row = Commitment.objects.create(
            **made, what=chest.word("承诺", own, **see), goal=chest.word("目标", own, **see),
            due_on=date(2026, 12, 20), state=state, made_at=moment, made_by=house.head,
        )  # fmt: skip
        if state == "made":
            CommitmentStep.objects.create(
                commitment=row, text=word("进展"), at=moment, by=house.head
            )
            chest.add("commitment", row.pk, **see)
    pledge = Pledge.objects.create(
        **made, on=date(2026, 9, 23), occasion="动员会", words=word("表态"), recorded_by=house.head
    )
    PledgedValue.objects.create(
        pledge=pledge, indicator=house.indicators["revenue"],
        value=chest.value("pledges.see", **see),
    )  # fmt: skip
    chest.add("pledge", pledge.pk, **see)
    plan = ActionPlan.objects.create(
        **made, title=word("方案"), text=word("方案"), state="submitted", file_name="方案.pdf",
        file=ContentFile(PDF, "plan.pdf"),
    )  # fmt: skip
    chest.add("plan", plan.pk, **see)
    measure = PlanMeasure.objects.create(plan=plan, what=word("措施"), due_on=date(2026, 12, 1))
    chest.add("plan-measure", measure.pk, **see)
    article = InstitutionMeasure.objects.create(
        document=document, order=1, text=word("条文"), unit=unit, state="reported",
        evidence=word("落实"), reported_at=moment, reported_by=house.head, file_name="证.pdf",
        file=ContentFile(PDF, "proof.pdf"),
    )  # fmt: skip
    chest.add("article", article.pk, **see)
    DutyLine.objects.create(
        key_date=window, unit=unit, on=window.on, leader=word("带班"), keeper=word("值班"),
        phone=word("电话"), recorded_at=moment,
    )  # fmt: skip


def _redlines(chest: Any, code: str, domain: Domain, veto: AllowedVeto) -> None:
    house, moment, unit = chest.house, now(), chest.house.units[code]
    made: dict[str, Any] = {"campaign": house.campaign, "unit": unit, "recorded_at": moment}
    by: dict[str, Any] = {"recorded_by": house.office}

    def word(what: str, action: str) -> str:
        found: str = chest.word(what, action, unit=unit)
        return found

    seen = "incidents.see"
    incident = Incident.objects.create(
        **made, **by, domain=domain, on=date(2026, 9, 5), name=word("事件", seen), veto=veto,
        description=word("经过", seen), basis=word("依据", seen), state="appealed",
        expires=date(2027, 9, 4), file=ContentFile(PDF, "basis.pdf"), file_name="认定书.pdf",
        grounds=word("申诉", seen), appealed_at=moment, appealed_by=house.head,
        decided_at=moment, decided_by=house.leader,
    )  # fmt: skip
    chest.add("incident", incident.pk, unit=unit)
    # what waits for a leader's decision is not shown to its unit
    Incident.objects.create(
        **made, **by, domain=domain, on=date(2026, 9, 6), veto=veto,
        name=chest.word("待审定", "incidents.record", "incidents.confirm"),
        description="经过", basis="示例〔2026〕8号", expires=date(2027, 9, 5),
    )  # fmt: skip
    risk = RiskItem.objects.create(
        **made, **by, domain=domain, name=word("风险", "risks.see"),
        plan=word("预案", "risks.see"),
    )  # fmt: skip
    RiskCheck.objects.create(
        risk=risk, on=date(2026, 9, 1), result="found", note=word("隐患", "risks.see"), at=moment,
        by=house.inspector,
    )  # fmt: skip
    chest.add("risk", risk.pk, unit=unit)
    honour = Honour.objects.create(
        **made, **by, kind="commendation", name=word("表彰", "honours.see"),
        on=date(2026, 9, 9), basis=word("文号", "honours.see"), state="approved",
        decided_at=moment, decided_by=house.leader,
    )  # fmt: skip
    chest.add("honour", honour.pk, unit=unit)
    record = AccountabilityRecord.objects.create(
        **made, **by, on=date(2026, 9, 10), matter=word("追究", "accountability.see"),
        form="约谈", basis="示例〔2026〕9号", words=word("追究", "accountability.see"),
    )  # fmt: skip
    chest.add("accountability", record.pk)


def _persons(chest: Any) -> None:
    """Records of persons; one is about the clerk, who may read it."""
    house = chest.house
    ContributionSettings.objects.create(
        campaign=house.campaign, on=True, roles=["office", "leader", "inspector"], reason="示例"
    )
    for unit, user in (("E1", house.clerk), ("E2", None)):
        row = Contribution.objects.create(
            campaign=house.campaign, unit=house.units[unit], person="某同志", user=user,
            on=date(2026, 9, 12), basis="示例〔2026〕11号", recorded_at=now() - timedelta(days=1),
            recorded_by=house.office,
            what="连夜协调供电" if user else chest.word("实绩", "contributions.see"),
        )  # fmt: skip
        chest.add("contribution", row.pk)
        if user:
            chest.add("own-contribution", row.pk, only=("clerk",))
