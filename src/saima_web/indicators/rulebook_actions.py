"""Writing rulebooks: drafts and the history of their text, publication, next versions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from msgspec.structs import replace

from saima.periods import Period, parse
from saima.problems import declare, refuse
from saima.rules import rulebook as rules
from saima.rules.rulebook import Effective
from saima.rules.writing import write_rulebook
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Rulebook, RulebookSave
from saima_web.indicators.queries import parsed, published_rulebooks
from saima_web.people.models import User
from saima_web.people.permissions import require

Guard = Callable[[Rulebook, Period], None]
GUARDS: list[Guard] = []
"""What higher slices ask before a version takes effect from a period; a guard refuses by raising."""

NOT_A_DRAFT = declare(
    "rulebook-published-stays",
    "“{title}”第{version}版已发布，不能再改。",
    "请新建下一版本，写明生效期间和依据；此前各月仍用原版本。",
    "version {version} of “{title}” is published and can no longer change.",
    "Make the next version with its own effective period and basis; earlier months keep theirs.",
)
CHANGED_SINCE = declare(
    "draft-changed-since",
    "这份草稿在您打开之后又被{name}改过，这次没有保存。",
    "请重新打开本页，在最新的内容上修改。",
    "{name} changed this draft after you opened it, so nothing was saved.",
    "Open the page again and work on what is there now.",
)
OTHER_VERSION = declare(
    "draft-other-version",
    "正文写的是“{found}”第{found_version}版，这份草稿是“{name}”第{version}版。",
    "请把 rulebook 和 version 两项改回来；要另立办法，请用“导入”。",
    "the text says “{found}” version {found_version}; this draft is “{name}” version {version}.",
    "Correct `rulebook` and `version`; use Import for another scheme.",
)
NOT_READABLE = declare(
    "draft-not-readable",
    "正文还有{count}处问题，不能发布。第一处：{first}",
    "请在“正文”页改正后再发布。",
    "the text has {count} problems and cannot be published. The first: {first}",
    "Correct them on the Text page first.",
)
DRAFT_THERE = declare(
    "draft-there",
    "“{title}”已有第{version}版草稿。",
    "请在那份草稿上修改，或先删除它。",
    "there is a draft of version {version} of “{title}” already.",
    "Work on that draft, or drop it first.",
)
OTHER_OFFICIAL = declare(
    "rulebook-other-official",
    "{period}已有用于本行动排名的“{other}”，不能再发布另一份。",
    "请作为“{other}”的新版本发布，或把这份标为“只作对照”。",
    "“{other}” already ranks this campaign in {period}.",
    "Publish a new version of it, or mark this one as for comparison.",
)
NOT_AFTER = declare(
    "rulebook-not-after",
    "新版本的生效期间（{effective}）不能早于第{version}版的（{last}）。",
    "请填{last}或以后的期间。",
    "the new version would begin in {effective}, before version {version} ({last}).",
    "Name {last} or a later period.",
)
NO_BASIS = declare(
    "rulebook-no-basis",
    "没有填写依据文件，不能发布。",
    "请填写印发文件的文号或会议纪要。",
    "a basis document is needed to publish.",
    "Give the number of the document or the minutes.",
)


def text_digest(text: str) -> str:
    """Names one state of a draft's text, so that two people do not overwrite each other."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def import_rulebook(*, campaign: Campaign, text: str, official: bool, by: User) -> Rulebook:
    """A draft from YAML; where the scheme exists, it becomes its next version.

    Errors: Refused for a text with problems (the page lists them before) or where a draft of the
    scheme is there already.
    """
    require(by, "rulebooks.edit", campaign=campaign)
    book = _readable(text)
    _refuse_second_draft(campaign, book.rulebook)
    last = campaign.rulebooks.filter(name=book.rulebook).order_by("version").last()
    version = last.version + 1 if last else book.version
    if version != book.version:
        book = replace(book, version=version)
        text = write_rulebook(book)
    if last is not None:
        official = last.official
    return _new_draft(campaign, book, text, official, "导入", by)


def next_draft(*, rulebook: Rulebook, by: User) -> Rulebook:
    """A draft of the next version, as a copy. Errors: Refused where there is one already."""
    require(by, "rulebooks.edit", campaign=rulebook.campaign)
    _refuse_second_draft(rulebook.campaign, rulebook.name)
    latest = rulebook.campaign.rulebooks.filter(name=rulebook.name).order_by("version").last()
    number = (latest or rulebook).version + 1
    book = replace(_readable(rulebook.text), version=number, effective=Effective(), basis="")
    what = f"以第{rulebook.version}版为底稿"
    return _new_draft(rulebook.campaign, book, write_rulebook(book), rulebook.official, what, by)


def _readable(text: str) -> rules.Rulebook:
    book, problems = parsed(text)
    if book is None:
        raise refuse(NOT_READABLE, count=len(problems), first=problems[0].text())
    return book


def _refuse_second_draft(campaign: Campaign, name: str) -> None:
    there = campaign.rulebooks.filter(name=name, state=Rulebook.State.DRAFT).first()
    if there is not None:
        raise refuse(DRAFT_THERE, title=there.title, version=there.version)


def _new_draft(
    campaign: Campaign, book: rules.Rulebook, text: str, official: bool, what: str, by: User
) -> Rulebook:
    with writing(by) as ledger:
        row = Rulebook.objects.create(
            campaign=campaign, name=book.rulebook, title=book.name, version=book.version,
            text=text, official=official, saved_at=now(), saved_by=by,
        )  # fmt: skip
        _keep(row, what, by)
        ledger.record(
            "rulebook.drafted", _subject(row), campaign=campaign.code, official=official,
            text=text_digest(text), what=what,
        )  # fmt: skip
    return row


def _subject(row: Rulebook) -> str:
    return f"rulebook/{row.name}/{row.version}"


def _keep(row: Rulebook, what: str, by: User) -> None:
    last = row.saves.first()
    RulebookSave.objects.create(
        rulebook=row, number=last.number + 1 if last else 1, text=row.text,
        digest=text_digest(row.text), what=what, saved_at=row.saved_at, by=by,
    )  # fmt: skip


def save_draft(*, rulebook: Rulebook, text: str, base: str, what: str, by: User) -> bool:
    """Save a draft's text; returns whether anything changed. The text may still have problems.

    base: the digest of the text that the writer saw. Errors: Refused for a published rulebook,
    for a text changed meanwhile, and for a text that names another scheme or version.
    """
    require(by, "rulebooks.edit", campaign=rulebook.campaign)
    with writing(by) as ledger:
        row = _draft(rulebook)
        if text_digest(row.text) != base:
            raise refuse(CHANGED_SINCE, name=str(row.saved_by or ""))
        if text == row.text:
            return False
        book = parsed(text)[0]
        _refuse_other_version(row, book)
        row.text, row.saved_at, row.saved_by = text, now(), by
        row.title = book.name[:160] if book else row.title
        row.save(update_fields=["text", "title", "saved_at", "saved_by"])
        _keep(row, what[:160], by)
        ledger.record(
            "rulebook.saved", _subject(row), campaign=row.campaign.code, text=text_digest(text),
            what=what,
        )  # fmt: skip
    rulebook.refresh_from_db()
    return True


def _draft(rulebook: Rulebook) -> Rulebook:
    """The row as it is now, held until the end of the transaction; a published one is refused."""
    row = Rulebook.objects.select_for_update().get(pk=rulebook.pk)
    if row.state != Rulebook.State.DRAFT:
        raise refuse(NOT_A_DRAFT, title=row.title, version=row.version)
    return row


def _refuse_other_version(row: Rulebook, book: rules.Rulebook | None) -> None:
    if book is not None and (book.rulebook, book.version) != (row.name, row.version):
        raise refuse(
            OTHER_VERSION, found=book.rulebook, found_version=book.version, name=row.name,
            version=row.version,
        )  # fmt: skip


def restore_text(*, rulebook: Rulebook, save: RulebookSave, by: User) -> None:
    """Bring an earlier text of a draft back; the text it replaces stays in the history."""
    save_draft(
        rulebook=rulebook, text=save.text, base=text_digest(rulebook.text),
        what=f"恢复到第{save.number}次保存", by=by,
    )  # fmt: skip


def drop_draft(*, rulebook: Rulebook, by: User) -> None:
    """Give a draft up; the ledger keeps that it was there."""
    require(by, "rulebooks.edit", campaign=rulebook.campaign)
    with writing(by) as ledger:
        row = _draft(rulebook)
        ledger.record(
            "rulebook.dropped", _subject(row), campaign=row.campaign.code,
            text=text_digest(row.text),
        )  # fmt: skip
        row.delete()


def publish_rulebook(*, rulebook: Rulebook, effective_from: str, basis: str, by: User) -> Rulebook:
    """Publish a draft: period and basis go into the text, the digest is fixed, nothing changes after.

    Errors: Refused for a text with problems, without a basis, for a period before the last
    version's, and where another official scheme is in force then.
    """
    require(by, "rulebooks.publish", campaign=rulebook.campaign)
    if not basis.strip():
        raise refuse(NO_BASIS)
    with writing(by) as ledger:
        row = _draft(rulebook)
        period = period_in(row.campaign, effective_from)
        book = _readable(row.text)
        _refuse_other_version(row, book)
        _refuse_clash(row, period)
        for guard in GUARDS:
            guard(row, period)
        since = replace(book.effective, from_=period.text)
        dated = replace(book, effective=since, basis=basis.strip())
        row.text = row.text if dated == book else write_rulebook(dated)
        row.digest, row.state = dated.digest, Rulebook.State.PUBLISHED
        row.effective_from, row.basis = period.text, basis.strip()
        row.published_at, row.published_by = now(), by
        row.save()
        _supersede(row, period)
        ledger.record(
            "rulebook.published", _subject(row), campaign=row.campaign.code, digest=row.digest,
            effective_from=row.effective_from, basis=row.basis, official=row.official,
        )  # fmt: skip
    rulebook.refresh_from_db()
    return rulebook


def _refuse_clash(row: Rulebook, period: Period) -> None:
    """A version begins no earlier than the one before; one official scheme at a time."""
    others = published_rulebooks(row.campaign, official=None)
    before = [x for x in others if x.name == row.name and x.effective_from]
    last = max(before, key=lambda x: x.version, default=None)
    if last is not None and period.start < parse(last.effective_from).start:
        raise refuse(
            NOT_AFTER, effective=period.label(), version=last.version,
            last=parse(last.effective_from).label(),
        )  # fmt: skip
    rivals = [x for x in others if row.official and x.official and x.name != row.name]
    for rival in rivals:
        book = parsed(rival.text)[0]
        until = book.effective.to if book else ""
        if not until or parse(until).end >= period.start:
            raise refuse(OTHER_OFFICIAL, period=period.label(), other=rival.title)


def _supersede(row: Rulebook, period: Period) -> None:
    """Earlier versions are superseded once the new one is in effect; until then they stand."""
    if period.start <= today():
        row.campaign.rulebooks.filter(
            name=row.name, version__lt=row.version, state=Rulebook.State.PUBLISHED
        ).update(state=Rulebook.State.SUPERSEDED)
