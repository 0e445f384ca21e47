"""Writes about a project's site: risks, inspections and answers, contingency plan, photographs."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects import refusals
from saima_web.projects.actions import subject
from saima_web.projects.models import (
    Project,
    ProjectFile,
    ProjectRisk,
    ProjectSettings,
    SiteInspection,
)
from saima_web.projects.site import refusals as site_refusals
from saima_web.ui.uploads import keep_file

State = ProjectRisk.State
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


def _in_order(name: str, later: str, late: date, earlier: str, early: date) -> None:
    if late < early:
        raise refuse(
            refusals.DATES_ORDER, name=name, later=later, late=late, earlier=earlier, early=early
        )


def _not_to_come(name: str, what: str, on: date) -> None:
    if on > today():
        raise refuse(refusals.FUTURE, name=name, what=what, day=on)


def allow_photos(*, campaign: Campaign, allowed: bool, by: User) -> None:
    """Let units upload photographs of sites, or no longer; those that are there stay."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        ProjectSettings.objects.update_or_create(campaign=campaign, defaults={"photos": allowed})
        ledger.record(
            "project.photos", f"projects/{campaign.code}", campaign=campaign.code, allowed=allowed
        )


def add_risk(
    *,
    project: Project,
    what: str,
    level: str,
    owner: str,
    measure: str,
    by: User,
    found_on: date | None = None,
) -> ProjectRisk:
    """Name a risk with who sees to it and how; found today unless said otherwise."""
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        if found_on:
            _not_to_come(what, "登记日期", found_on)
        made = ProjectRisk.objects.create(
            project=project, what=what.strip()[:200], level=level, owner=owner.strip()[:60],
            measure=measure.strip()[:300], found_on=found_on or today(), by=by,
        )  # fmt: skip
        code = project.campaign.code
        ledger.record(
            "project.risk", subject(project), campaign=code, risk=made.pk, level=level,
            personal=f"{made.what}　{made.owner}　{made.measure}",
        )  # fmt: skip
    return made


def change_risk(
    *, risk: ProjectRisk, level: str, owner: str, measure: str, state: str, on: date, by: User
) -> ProjectRisk:
    """Its level, who sees to it, what became of it. Errors: Refused if closed before it was found.

    on: the day on which it was closed; not used for the other states.
    """
    project, closed = risk.project, state == State.CLOSED
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        if closed:
            _not_to_come(risk.what, str(State.CLOSED.label), on)
            _in_order(risk.what, "解除日期", on, "登记日期", risk.found_on)
        was = risk.state
        risk.level, risk.owner, risk.measure = level, owner.strip()[:60], measure.strip()[:300]
        risk.state, risk.closed_on = state, on if closed else None
        risk.save()
        code = project.campaign.code
        ledger.record(
            "project.risk", subject(project), campaign=code, risk=risk.pk, level=level, was=was,
            state=state, personal=f"{risk.what}　{risk.owner}　{risk.measure}",
        )  # fmt: skip
    return risk


def record_inspection(
    *,
    project: Project,
    on: date,
    inspector: str,
    found: str,
    by: User,
    required: str = "",
    answer_by: date | None = None,
) -> SiteInspection:
    """A visit to the site. Errors: Refused for a day to come, or a deadline before the visit."""
    with writing(by) as ledger:
        require(by, "projects.inspect", campaign=project.campaign, unit=project.unit)
        _not_to_come(project.name, "检查日期", on)
        if answer_by:
            _in_order(project.name, "整改期限", answer_by, "检查日期", on)
        made = SiteInspection.objects.create(
            project=project, on=on, inspector=inspector.strip()[:80], found=found.strip()[:500],
            required=required.strip()[:500], answer_by=answer_by, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "project.site-inspected", subject(project), campaign=project.campaign.code,
            on=on.isoformat(), answer_by=str(answer_by or ""),
            personal=f"{made.inspector}　{made.found}　{made.required}",
        )  # fmt: skip
    return made


def answer_inspection(*, inspection: SiteInspection, answer: str, by: User) -> SiteInspection:
    """What the unit did about it; a later answer replaces an earlier one, which the ledger keeps.

    Errors: Refused where nothing was required, or nothing is said.
    """
    project, said = inspection.project, answer.strip()[:500]
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        if not inspection.required:
            raise refuse(site_refusals.NOTHING_REQUIRED, day=inspection.on)
        if not said:
            raise refuse(site_refusals.EMPTY_ANSWER)
        inspection.answer, inspection.answered_on, inspection.answered_by = said, today(), by
        inspection.save()
        ledger.record(
            "project.site-answered", subject(project), campaign=project.campaign.code,
            on=inspection.on.isoformat(), personal=said,
        )  # fmt: skip
    return inspection


def write_contingency(
    *, project: Project, text: str, upload: UploadedFile[Any] | None, by: User
) -> Project:
    """What is done when something unforeseen happens: a text, and a file if there is one."""
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        project.contingency = text.strip()
        project.save()
        digest = ""
        if upload is not None:
            digest = _kept(
                ProjectFile(project=project, kind="contingency", at=now(), by=by), upload
            )
        ledger.record(
            "project.contingency", subject(project), campaign=project.campaign.code,
            digest=digest, personal=project.contingency,
        )  # fmt: skip
    return project


def _kept(row: ProjectFile, upload: UploadedFile[Any]) -> str:
    row.digest = keep_file(row, upload)
    row.save()
    return row.digest


def takes_photos(campaign: Campaign) -> bool:
    """Whether photographs may be uploaded: off until the project office allows it."""
    return ProjectSettings.objects.filter(campaign=campaign, photos=True).exists()


def add_photo(
    *,
    project: Project,
    upload: UploadedFile[Any],
    by: User,
    caption: str = "",
    taken_on: date | None = None,
    checked_by: str = "",
) -> ProjectFile:
    """A photograph of the site. Errors: Refused where the campaign takes none, for other files."""
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        if not takes_photos(project.campaign):
            raise refuse(site_refusals.PHOTOS_OFF)
        name = upload.name or ""
        if PurePath(name).suffix.lower() not in PICTURES:
            raise refuse(site_refusals.NO_PICTURE, name=name)
        if taken_on:
            _not_to_come(project.name, "拍摄日期", taken_on)
        row = ProjectFile(
            project=project, kind="photo", caption=caption.strip()[:120], taken_on=taken_on,
            checked_by=checked_by.strip()[:40], at=now(), by=by,
        )  # fmt: skip
        _kept(row, upload)
        ledger.record(
            "project.photo", subject(project), campaign=project.campaign.code, digest=row.digest,
            personal=row.file_name,
        )  # fmt: skip
    return row


def remove_file(*, kept: ProjectFile, by: User) -> None:
    """Take a photograph or a contingency file away; the ledger keeps its digest."""
    project = kept.project
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        transaction.on_commit(partial(kept.file.storage.delete, str(kept.file.name)))
        ledger.record(
            "project.file-removed", subject(project), campaign=project.campaign.code,
            digest=kept.digest, personal=kept.file_name,
        )  # fmt: skip
        kept.delete()
