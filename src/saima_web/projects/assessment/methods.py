"""Which method holds for a quarter: the campaign's own, the usual one, or the one it was issued by."""

from __future__ import annotations

from saima.projects.assessment import MEASURES, RED, USUAL, YELLOW, Method, method
from saima.rounding import text
from saima_web.campaigns.models import Campaign
from saima_web.projects.models import AssessmentMethod, IssuedAssessment

KEYS = tuple(measure.key for measure in MEASURES)
USUAL_VALUES = {m.key: text(m.full) for m in MEASURES} | {
    "yellow": text(YELLOW), "red": text(RED),
}  # fmt: skip


def row_of(campaign: Campaign, quarter: str) -> AssessmentMethod | None:
    """The row in force (None: the usual method); an issued quarter keeps the one it was issued by."""
    issued = issued_of(campaign, quarter)
    if issued:
        return issued[0].method
    rows = AssessmentMethod.objects.filter(campaign=campaign, quarter__lte=quarter)
    return rows.order_by("-quarter", "-pk").first()


def method_of(campaign: Campaign, quarter: str) -> Method:
    """The method as the library counts by it."""
    return as_method(row_of(campaign, quarter))


def as_method(row: AssessmentMethod | None) -> Method:
    if row is None:
        return USUAL
    full = {key: float(getattr(row, key)) for key in KEYS}
    return method(full, float(row.yellow), float(row.red))


def issued_of(campaign: Campaign, quarter: str) -> list[IssuedAssessment]:
    """The notices of a quarter, the first version first."""
    rows = IssuedAssessment.objects.filter(campaign=campaign, quarter=quarter)
    return list(rows.select_related("method", "by").order_by("version"))
