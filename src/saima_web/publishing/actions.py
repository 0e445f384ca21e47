"""Issuing a bulletin with its files and the chain's anchor; releasing a ranking to the public."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, anchor, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import document_settings
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.publishing import papers
from saima_web.publishing.models import Bulletin, BulletinFile, Release
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import still_the_same

NOT_PUBLISHED = declare(
    "issue-before-publication",
    "这次计分还没有公布，不能印发通报。",
    "请先审定、公布，再印发。",
    "this run is not published; no bulletin can be issued.",
    "Approve and publish it first.",
)
ISSUED_ALREADY = declare(
    "issued-already",
    "这一版已经印发过第{issue}期通报。",
    "有错请出更正版，更正版另编期号。",
    "this version was issued as number {issue} already.",
    "A correction gets its own number.",
)
NOT_THE_SAME = declare(
    "pins-differ",
    "按原记录重算的输入与公布时不一致，不能印发。",
    "请联系管理员校验账本。",
    "what the run pins no longer gives the published input.",
    "Ask the administrator to verify the ledger.",
)
REVIEW_TICK = declare(
    "release-unreviewed",
    "还没有勾选“已审阅”，不能对外公示。",
    "请逐页看过预览，确认没有不宜公开的内容，再勾选。",
    "the release was not ticked as reviewed.",
    "Look through the preview, then tick.",
)


def next_issue(campaign: Campaign) -> int:
    """The number that the next bulletin gets."""
    last: int | None = campaign.bulletins.aggregate(last=Max("issue"))["last"]
    return document_settings(campaign).first_issue if last is None else last + 1


def corrected_by(run: ScoreRun) -> Bulletin | None:
    """The last bulletin of the same period, which one about this run would correct."""
    rows = Bulletin.objects.filter(campaign=run.campaign, run__period=run.period)
    return rows.exclude(run=run).order_by("-issue").first()


def issue(*, run: ScoreRun, dated: date, by: User) -> Bulletin:
    """Issue the bulletin of a publication: numbered, anchored, kept as files.

    Errors: Refused for a run that is not published or was issued before.
    """
    with writing(by) as ledger:
        require(by, "bulletins.issue", campaign=run.campaign)
        campaign = Campaign.objects.select_for_update().get(pk=run.campaign_id)
        found = _issuable(run)
        number, before = next_issue(campaign), corrected_by(found)
        printed = anchor(printed_in=f"{campaign.name}第{number}期", by=by)
        head = papers.Issue(number, dated, papers.anchor_text(printed), before)
        made = Bulletin.objects.create(
            campaign=campaign, run=found, issue=number, dated=dated, anchor=head.anchor,
            title=papers.bulletin(found, head, "paper").title, issued_at=now(), issued_by=by,
        )  # fmt: skip
        digests = {suffix: _keep(made, head, suffix) for suffix in papers.FORMS}
        ledger.record(
            "bulletin.issued", f"bulletin/{campaign.code}/{number}", campaign=campaign.code,
            run=found.pk, corrects=before.issue if before else None, files=digests,
        )  # fmt: skip
    return made


def _issuable(run: ScoreRun) -> ScoreRun:
    found = ScoreRun.objects.select_related("campaign").get(pk=run.pk)
    if found.state != ScoreRun.State.PUBLISHED:
        raise refuse(NOT_PUBLISHED)
    earlier = found.bulletins.first()
    if earlier is not None:
        raise refuse(ISSUED_ALREADY, issue=earlier.issue)
    if not still_the_same(found):
        raise refuse(NOT_THE_SAME)
    return found


def _keep(made: Bulletin, head: papers.Issue, suffix: str) -> str:
    content = papers.bulletin_file(made.run, head, suffix)
    digest = hashlib.sha256(content).hexdigest()
    stored = f"{made.campaign.code}-{made.issue}.{suffix}"
    BulletinFile.objects.create(
        bulletin=made, name=f"{made.title}.{suffix}", digest=digest,
        file=ContentFile(content, stored),
    )  # fmt: skip
    return digest


def release(*, run: ScoreRun, with_marks: bool, reviewed: bool, by: User) -> Release:
    """Show a published ranking on the public page, after a leader's review."""
    with writing(by) as ledger:
        require(by, "public.release", campaign=run.campaign)
        if run.state != ScoreRun.State.PUBLISHED:
            raise refuse(NOT_PUBLISHED)
        if not reviewed:
            raise refuse(REVIEW_TICK)
        made, _ = Release.objects.update_or_create(
            run=run,
            defaults={"released_at": now(), "released_by": by, "with_marks": with_marks},
        )
        _note(ledger, "run.released", run, with_marks=with_marks)
    return made


def withdraw_release(*, run: ScoreRun, by: User) -> None:
    """Take a ranking off the public page; the ledger keeps that it stood there."""
    with writing(by) as ledger:
        require(by, "public.release", campaign=run.campaign)
        Release.objects.filter(run=run).delete()
        _note(ledger, "run.unreleased", run)


def _note(ledger: Ledger, event: str, run: ScoreRun, **data: Any) -> None:
    code = run.campaign.code
    ledger.record(event, f"run/{code}/{run.period}/{run.pk}", campaign=code, **data)
