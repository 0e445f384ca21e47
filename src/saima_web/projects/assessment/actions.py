"""Setting how projects are assessed, and issuing a quarter's assessment with what it used."""

from __future__ import annotations

from decimal import Decimal

from saima.periods import Period
from saima.problems import declare, refuse
from saima.projects.assessment import WHOLE
from saima.rounding import text
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.assessment.methods import KEYS, issued_of, row_of
from saima_web.projects.assessment.notice import notice
from saima_web.projects.assessment.quarters import quarter_of, quarters
from saima_web.projects.models import AssessmentMethod, IssuedAssessment
from saima_web.publishing.papers import word_file
from saima_web.ui.uploads import store

SUM = declare(
    "assessment-marks-sum",
    "各项满分之和是{total}分，应为100分。",
    "请调整各项满分；不考核的一项填0。",
    "The full marks add up to {total}, not to 100.",
    "Change them; a measure of no marks is not assessed.",
)
NEGATIVE = declare(
    "assessment-marks-negative",
    "满分和扣分不能小于0。",
    "请改为0或正数；不考核的一项填0。",
    "Neither full marks nor deductions may be below zero.",
    "Enter zero or more.",
)
NO_REASON = declare(
    "assessment-no-reason",
    "没有写设置满分的依据。",
    "请写明依据哪个文件、会议。",
    "It is not said after which rule the marks are set.",
    "Name the paper or the meeting.",
)
QUARTER = declare(
    "assessment-quarter",
    "“{quarter}”不是本行动已经开始的季度。",
    "请从列出的季度里选。",
    "{quarter} is no quarter of the campaign that has begun.",
    "Choose one of those listed.",
)
ISSUED = declare(
    "assessment-issued",
    "{quarter}的考核已经印发，办法不再改。",
    "请从以后的季度起改；印发的数字有错，可印发更正。",
    "The assessment of {quarter} is issued; its method stays.",
    "Change it from a later quarter on; figures are corrected by another version.",
)
NOTHING = declare(
    "assessment-nothing",
    "{quarter}还没有可考核的项目，不能印发。",
    "请先导入项目、填报投资。",
    "There is nothing to be assessed in {quarter}.",
    "Bring projects and their figures first.",
)
RUNNING = declare(
    "assessment-running",
    "{quarter}还没有结束，不能印发。",
    "请等季度结束、数据报齐后印发；之前可以下载征求意见稿。",
    "{quarter} is not over; it cannot be issued.",
    "Wait for its end; a draft can be downloaded.",
)


def set_method(
    *, campaign: Campaign, quarter: str, values: dict[str, Decimal], reason: str, by: User
) -> AssessmentMethod:
    """Full marks by measure and points per card, from a quarter on. values: KEYS, yellow, red.

    Errors: Refused for marks that do not add up to 100, without a reason, for an issued quarter.
    """
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        _may_begin(campaign, quarter)
        if min(values.values()) < 0:
            raise refuse(NEGATIVE)
        total = sum((values[key] for key in KEYS), Decimal(0))
        if total != Decimal(int(WHOLE)):
            raise refuse(SUM, total=text(float(total)))
        if not reason.strip():
            raise refuse(NO_REASON)
        made = AssessmentMethod.objects.create(
            campaign=campaign, quarter=quarter, reason=reason.strip()[:200], recorded_at=now(),
            by=by, **values,
        )  # fmt: skip
        ledger.record(
            "project.assessment-method", f"project-assessment/{campaign.code}/{quarter}",
            campaign=campaign.code, reason=made.reason, marks={k: str(v) for k, v in values.items()},
        )  # fmt: skip
    return made


def _may_begin(campaign: Campaign, quarter: str) -> None:
    found = next((q for q in quarters(campaign) if q.text == quarter), None)
    if found is None:
        raise refuse(QUARTER, quarter=quarter)
    if issued_of(campaign, quarter):
        raise refuse(ISSUED, quarter=found.label())


def issue_assessment(*, campaign: Campaign, period: Period, by: User) -> IssuedAssessment:
    """Issue a quarter's assessment: its paper is kept, and the method that it used stays its own.

    A further version corrects the figures by the same method. Errors: Refused before its end, and
    where nothing is assessed.
    """
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        found = quarter_of(by, campaign, period)
        if not found.over:
            raise refuse(RUNNING, quarter=period.label())
        if not any(line.place for line in found.lines):
            raise refuse(NOTHING, quarter=period.label())
        version = len(issued_of(campaign, period.text)) + 1
        made = notice(found, campaign, version)
        row = IssuedAssessment(
            campaign=campaign, quarter=period.text, version=version, issued_at=now(), by=by,
            method=row_of(campaign, period.text), file_name=f"{made.title}.docx",
        )  # fmt: skip
        row.digest = store(row.file, row.file_name, word_file(made, campaign))
        row.save()
        ledger.record(
            "project.assessment-issued", f"project-assessment/{campaign.code}/{period.text}",
            campaign=campaign.code, version=version, digest=row.digest,
            scores={found.codes[x.unit]: x.score for x in found.lines},
        )  # fmt: skip
    return row
