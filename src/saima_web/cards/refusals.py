"""What is refused about cards and their rules, and how to mend it."""

from __future__ import annotations

from saima.problems import declare, refuse

WORDS_NEEDED = declare(
    "card-words-needed",
    "还没有写{what}。",
    "请写清楚再提交，它会留在牌的记录里。",
    "{what} is missing.",
    "Write it down; it stays in the card's record.",
)
NO_RULES = declare(
    "card-no-rules",
    "还没有启用黄红牌规则。",
    "请先在“黄红牌规则”页上写好规则、预览、启用。",
    "no card rules are switched on.",
    "Write, preview and switch on the rules first.",
)
NOT_READABLE = declare(
    "card-rules-unreadable",
    "规则还有{n}处错误，不能启用。",
    "请按列出的行改好再启用。",
    "the rules have {n} errors and cannot be switched on.",
    "Mend the lines that are listed.",
)
CASES_FAIL = declare(
    "card-rules-cases-fail",
    "规则自带的例有{n}个不符，不能启用。",
    "请核对规则，或改正例中的预期。",
    "{n} cases of the rules fail, so they cannot be switched on.",
    "Check the rules or correct the cases.",
)
NOT_A_DRAFT = declare(
    "card-rules-published",
    "第{version}版已经启用，不能再改。",
    "请另起一版修改，启用后自动接替。",
    "version {version} was switched on and cannot be edited.",
    "Make the next version.",
)
SAVED_ELSEWHERE = declare(
    "card-rules-saved-elsewhere",
    "这份草稿刚才在别处保存过，您的改动没有存入。",
    "请刷新页面看最新内容，再改。",
    "the draft was saved elsewhere in the meantime.",
    "Reload and change it again.",
)
TOO_EARLY = declare(
    "card-rules-too-early",
    "启用日期{day}早于现行第{version}版的{other}。",
    "请选{other}之后的日子。",
    "{day} is before version {version} took effect ({other}).",
    "Choose a later day.",
)
STILL_BEHIND = declare(
    "card-still-behind",
    "最近一次评定还没有达标，不能摘牌。",
    "请等下一次评定；确有客观原因的，可以写明理由容错免牌。",
    "it is not made good by the last evaluation.",
    "Wait for the next one, or waive the card with a reason.",
)
NOT_ADVISED = declare(
    "card-not-advised",
    "规则没有提出这一步。",
    "请刷新页面看当前的建议。",
    "the rules do not propose this.",
    "Reload the page.",
)
PROMISE_PAST = declare(
    "card-promise-past",
    "完成时限{day}已经过去。",
    "请填今天以后的日子。",
    "the day {day} is past.",
    "Give a day to come.",
)
PRAISE = declare(
    "card-is-praise",
    "“{level}”是激励，不必答复和摘牌。",
    "无需处理。",
    "“{level}” is praise; nobody answers it.",
    "Nothing to do.",
)


def said(words: str, what: str) -> str:
    """Words that must be there, stripped. Errors: Refused without any."""
    kept = words.strip()
    if not kept:
        raise refuse(WORDS_NEEDED, what=what)
    return kept
