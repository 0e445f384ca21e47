"""A key project of each unit, with words planted in it, a gate, a milestone, papers and a report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from saima_web.base.clock import now
from saima_web.projects.models import (
    Gate,
    GatePassage,
    IssuedAssessment,
    Milestone,
    Project,
    ProjectFile,
    ProjectMoney,
    ProjectPaper,
    ProjectReport,
    ProjectRisk,
    SiteInspection,
)
from saima_web.ui.uploads import store


def build(chest: Any, units: tuple[str, ...]) -> None:
    """Of everything one for each unit."""
    gate = Gate.objects.create(
        campaign=chest.house.campaign, order=1, name="施工许可", matter="contracts"
    )
    chest.add("gate", gate.pk)
    chest.add("linked-indicator", "investment")
    issued = IssuedAssessment(
        campaign=chest.house.campaign, quarter="2026-Q3", version=1, file_name="考核通报.docx",
        issued_at=now(),
    )  # fmt: skip
    issued.digest = store(issued.file, issued.file_name, b"issued")
    issued.save()
    chest.add("issued-assessment", issued.pk)
    for code in units:
        _site(chest, code, _project(chest, code, gate))


def _project(chest: Any, code: str, gate: Gate) -> Project:
    house, unit = chest.house, chest.house.units[code]

    def word(what: str) -> str:
        found: str = chest.word(what, "projects.see", unit=unit)
        return found

    project = Project.objects.create(
        campaign=house.campaign, name=word("项目"), category="new", kind="industry", unit=unit,
        leader=word("领导"), agent=word("代建"), total=Decimal(50000), year_plan=Decimal(12000),
        start_due=date(2026, 3, 1), started_on=date(2026, 3, 5), contingency=word("预案"),
        indicator=house.indicators["investment"],
    )  # fmt: skip
    chest.add("project", project.pk, unit=unit)
    passage = GatePassage.objects.create(
        project=project, gate=gate, due=date(2026, 5, 1), note=word("关口")
    )
    chest.add("passage", passage.pk, unit=unit)
    row = Milestone.objects.create(
        project=project, number=1, name=word("节点"), duration=Decimal(30),
        planned_start=date(2026, 4, 1), planned_finish=date(2026, 4, 30),
    )  # fmt: skip
    chest.add("milestone", row.pk, unit=unit)
    paper = ProjectPaper.objects.create(
        project=project, kind="approval", name=word("批文"), on=date(2026, 1, 8),
        expires=date(2026, 2, 8), recorded_at=now(),
    )  # fmt: skip
    chest.add("project-paper", paper.pk, unit=unit)
    ProjectReport.objects.create(
        project=project, month="2026-08", physical_progress=word("形象"), problem=word("问题"),
        asks=word("协调"), recorded_at=now(),
    )  # fmt: skip
    ProjectMoney.objects.create(
        project=project, series="statistical", month="2026-08",
        value=Decimal(800), recorded_at=now(),
    )  # fmt: skip
    return project


def _site(chest: Any, code: str, project: Project) -> None:
    """A risk, an inspection that waits for its answer, a contingency plan."""
    unit = project.unit

    def word(what: str) -> str:
        found: str = chest.word(what, "projects.see", unit=unit)
        return found

    risk = ProjectRisk.objects.create(
        project=project, what=word("风险"), level="high", owner=word("责任人"), measure=word("防控"),
        found_on=date(2026, 6, 1),
    )  # fmt: skip
    chest.add("project-risk", risk.pk, unit=unit)
    visit = SiteInspection.objects.create(
        project=project, on=date(2026, 7, 1), inspector=word("检查人"), found=word("发现"),
        required=word("要求"), answer_by=date(2026, 7, 15), recorded_at=now(),
    )  # fmt: skip
    chest.add("site-inspection", visit.pk, unit=unit)
    kept = ProjectFile(
        project=project, kind="contingency", file_name=word("预案") + ".pdf", at=now()
    )
    kept.digest = store(kept.file, "plan.pdf", b"%PDF-1.7 " + code.encode())
    kept.save()
    chest.add("project-file", kept.pk, unit=unit)
