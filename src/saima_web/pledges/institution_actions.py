"""Writing institution documents: their measures, what units did, what the office found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from saima.problems import refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.pledges import refusals
from saima_web.pledges.models import InstitutionDocument, InstitutionMeasure
from saima_web.pledges.refusals import said
from saima_web.ui.uploads import keep_file

State = InstitutionMeasure.State


@dataclass(frozen=True)
class Article:
    """One article of a document, who answers for it, until when."""

    text: str
    unit: Unit
    due_on: date | None = None


def enter_document(
    *, campaign: Campaign, title: str, number: str, on: date, by: User,
    articles: Sequence[Article] = (), file: UploadedFile[Any] | None = None,
) -> InstitutionDocument:  # fmt: skip
    """Enter a document with its articles as measures that can be checked."""
    with writing(by) as ledger:
        require(by, "pledges.review", campaign=campaign)
        made = InstitutionDocument(
            campaign=campaign, title=said(title, "文件名称"), number=number.strip(), on=on,
            recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        digest = keep_file(made, file)
        made.save()
        InstitutionMeasure.objects.bulk_create(
            InstitutionMeasure(
                document=made, order=n, text=said(a.text, "条文"), unit=a.unit, due_on=a.due_on
            )
            for n, a in enumerate(articles, 1)
        )
        _note(ledger, "institution.entered", made, articles=len(articles), digest=digest)
    return made


def add_article(*, document: InstitutionDocument, article: Article, by: User) -> InstitutionMeasure:
    """One more article, at the end."""
    with writing(by) as ledger:
        require(by, "pledges.review", campaign=document.campaign)
        made = InstitutionMeasure.objects.create(
            document=document, order=document.measures.count() + 1,
            text=said(article.text, "条文"), unit=article.unit, due_on=article.due_on,
        )  # fmt: skip
        _note(ledger, "institution.article-added", document, unit=made.unit.code)
    return made


def report_article(
    *, measure: InstitutionMeasure, evidence: str, by: User, file: UploadedFile[Any] | None = None
) -> InstitutionMeasure:
    """The unit that answers for it says what was done, with a file where there is one."""
    with writing(by) as ledger:
        found = _locked(measure)
        require(by, "pledges.write", campaign=found.document.campaign, unit=found.unit)
        if found.state == State.ACCEPTED:
            raise refuse(refusals.STEP_NOT_NOW, state="已落实", what="改报")
        found.evidence = said(evidence, "落实情况")
        digest = keep_file(found, file)
        found.state, found.reported_at, found.reported_by = State.REPORTED, now(), by
        found.save()
        _note(
            ledger, "institution.reported", found.document, evidence, unit=found.unit.code,
            article=found.order, digest=digest,
        )  # fmt: skip
    return found


def check_article(
    *, measure: InstitutionMeasure, sound: bool, finding: str, by: User
) -> InstitutionMeasure:
    """The office finds it in place, or not (with words)."""
    with writing(by) as ledger:
        found = _locked(measure)
        require(by, "pledges.review", campaign=found.document.campaign)
        if found.state != State.REPORTED:
            state = str(found.get_state_display())
            raise refuse(refusals.STEP_NOT_NOW, state=state, what="核查")
        found.finding = finding.strip() if sound else said(finding, "核查意见")
        found.state = State.ACCEPTED if sound else State.RETURNED
        found.checked_at, found.checked_by = now(), by
        found.save()
        _note(
            ledger, "institution.checked", found.document, found.finding, unit=found.unit.code,
            article=found.order, sound=sound,
        )  # fmt: skip
    return found


def _locked(measure: InstitutionMeasure) -> InstitutionMeasure:
    rows = InstitutionMeasure.objects.select_for_update(of=("self",))
    return rows.select_related("document__campaign", "unit").get(pk=measure.pk)


def _note(
    ledger: Ledger, event: str, row: InstitutionDocument, words: str = "", **data: Any
) -> None:
    code = row.campaign.code
    subject = f"institution/{code}/{row.pk}"
    ledger.record(event, subject, campaign=code, personal=words.strip(), **data)
