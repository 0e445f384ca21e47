"""Check a Word file against the clauses of GB/T 9704-2012 that its XML decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from saima.files.docx_check.end_clauses import end_findings, table_findings
from saima.files.docx_check.findings import Finding, Subject
from saima.files.docx_check.page_clauses import page_findings
from saima.files.docx_check.reading import read_word
from saima.files.docx_check.rules import RULES, STANDARD, Profile
from saima.files.docx_check.text_clauses import text_findings
from saima.problems import Language

__all__ = ["Finding", "check_docx", "findings_as_data", "findings_as_text"]


def check_docx(path: Path, profile: Profile = "公文") -> list[Finding]:
    """Every breach of the clauses that hold for `profile`, each once with all its places.

    公文 is the whole standard; 通报 leaves the letterhead and the place of the date to the
    office's own form; 表格 is for documents that are tables, also on lying pages. Raises Refused
    for a file that is no .docx, is locked, damaged or hostile. What a page image would show but
    the XML does not say (where a line breaks, what a drawn line looks like) is not judged.
    """
    subject = Subject(read_word(path))
    found: list[Finding] = []
    for check in (page_findings, text_findings, end_findings, table_findings):
        found += [finding for finding in check(subject) if profile in RULES[finding.rule].profiles]
    return _gathered(found)


def _gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Equal breaches as one finding at the first place, with the numbers of the others."""
    gathered: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.where.part, finding.found)
        first = gathered.get(key)
        if first is None:
            gathered[key] = finding
        elif finding.where.number not in (first.where.number, *first.also):
            gathered[key] = replace(first, also=(*first.also, finding.where.number))
    return list(gathered.values())


def findings_as_data(
    findings: list[Finding], profile: Profile = "公文", language: Language = "zh"
) -> dict[str, Any]:
    """The JSON shape of a check."""
    return {
        "standard": STANDARD,
        "profile": profile,
        "findings": [finding.as_data(language) for finding in findings],
    }


def findings_as_text(
    findings: list[Finding], profile: Profile = "公文", language: Language = "zh"
) -> str:
    """The check for people: a line saying how it went, then one line a finding."""
    if not findings:
        good = f"{profile}格式检查：未发现不符合 {STANDARD} 的地方。"
        return good if language == "zh" else f"{profile}: nothing found against {STANDARD}."
    count = len(findings)
    head = (
        f"{profile}格式检查：{count} 处不符合 {STANDARD}。"
        if language == "zh"
        else f"{profile}: {count} findings against {STANDARD}."
    )
    return "\n".join([head, *(_line(finding, language) for finding in findings)])


def _line(finding: Finding, language: Language) -> str:
    problem = finding.problem()
    more = f"（另有 {len(finding.also)} 处相同）" if finding.also else ""
    if language == "en":
        more = f" ({len(finding.also)} more)" if finding.also else ""
    clause = RULES[finding.rule].clause
    return f"- {problem.text(language)}{more} [{clause}]"
