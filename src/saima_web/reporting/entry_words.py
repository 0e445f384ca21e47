"""The sentences of the entry page: its answer, the counts of its filters, what is still open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from saima_web.reporting.grid_lines import Line, Sheet
from saima_web.reporting.models import Round
from saima_web.reporting.refusals import STATES

FILTERS = ("all", "missing", "mend", "explain", "returned", "provided", "behind")


def is_missing(line: Line) -> bool:
    """Asked of this page and not given."""
    return line.figure is None and (not line.provided or line.editable)


def to_explain(line: Line) -> bool:
    """A figure that still needs its reason, or cause, measure and date."""
    owed = any(f.open and f.severity == "warning" for f in line.findings)
    return owed and line.entry.state in ("draft", "returned")


def is_behind(line: Line) -> bool:
    return line.progress.gap is not None and round(line.progress.gap, 2) < 0


def counts_of(sheet: Sheet) -> list[dict[str, Any]]:
    """The count boxes: key, title, number. What is to mend is counted by the page's script."""
    lines = sheet.lines
    return [
        {"key": "all", "title": _("全部"), "count": len(lines)},
        {"key": "missing", "title": _("未报"), "count": _count(map(is_missing, lines))},
        {"key": "mend", "title": _("要更正"), "count": _count(map(is_wrong, lines))},
        {"key": "explain", "title": _("待说明"), "count": _count(map(to_explain, lines))},
        {"key": "returned", "title": _("被退回"), "count": _count(map(is_returned, lines))},
        {"key": "provided", "title": _("统一提供"), "count": _count(x.provided for x in lines)},
        {"key": "behind", "title": _("欠序时"), "count": _count(map(is_behind, lines))},
    ]


def _count(flags: Iterable[bool]) -> int:
    return sum(1 for flag in flags if flag)


def is_wrong(line: Line) -> bool:
    """A figure in the cell that a rule of severity error forbids (set after it was given)."""
    return line.editable and any(f.open and f.severity == "error" for f in line.findings)


def is_returned(line: Line) -> bool:
    return line.entry.state == "returned"


def answer_of(sheet: Sheet) -> list[str]:
    """The page's first line, clause by clause."""
    if sheet.round.state == Round.State.PLANNED:
        return [_("本轮填报尚未开始。")]
    if sheet.editable:
        return _working(sheet)
    if sheet.round.state == Round.State.CLOSED:
        return [_("本轮填报已结束，"), _progress(sheet)]
    return [_progress(sheet), *_waiting(sheet)]


def _working(sheet: Sheet) -> list[str]:
    """30项已备好23项；还有5项未报，1项要更正，1项被退回。 The script keeps it up to date."""
    lines = sheet.lines
    parts = [
        (_count(map(is_missing, lines)), _("还有%(n)s项未报")),
        (_count(map(is_wrong, lines)), _("%(n)s项要更正")),
        (_count(map(is_returned, lines)), _("%(n)s项被退回")),
        (_count(map(to_explain, lines)), _("%(n)s项待说明")),
    ]
    rest = [words % {"n": n} for n, words in parts if n]
    unready = _count(is_missing(x) or is_wrong(x) or is_returned(x) or to_explain(x) for x in lines)
    if not rest:
        return [_("%(n)s项全部备好。") % {"n": len(lines)}]
    first = _("%(n)s项已备好%(ready)s项；") % {"n": len(lines), "ready": len(lines) - unready}
    return [first, *(w + _("，") for w in rest[:-1]), rest[-1] + _("。")]


def _progress(sheet: Sheet) -> str:
    states = [line.entry.state for line in sheet.lines]
    n = {"n": len(states)}
    if all(s == "confirmed" for s in states):
        return _("%(n)s项全部核定。") % n
    said = [
        _("%(state)s%(n)s项") % {"state": STATES[state], "n": states.count(state)}
        for state in ("confirmed", "endorsed", "submitted", "returned", "draft", "empty")
        if state in states
    ]
    return _("%(n)s项中：") % n + _("，").join(said) + _("。")


def _waiting(sheet: Sheet) -> list[str]:
    if not sheet.waits_for:
        return []
    return [_("现在等%(who)s。") % {"who": "、".join(sheet.waits_for[:4])}]


def open_points(sheet: Sheet, *, ready_only: bool) -> list[dict[str, Any]]:
    """What stands in the way of handing in: the cell, its words, how grave it is.

    ready_only: hand in what is there; what was not reported does not stand in the way.
    """
    found: list[dict[str, Any]] = []
    for line in sheet.lines:
        if (
            line.provided
            or not line.reports
            or line.entry.state not in ("empty", "draft", "returned")
        ):
            continue
        found += [
            {"entry": line.entry.pk, "label": line.label, "kind": f.kind, "message": f.message}
            for f in line.findings
            if f.open
        ]
        if line.entry.state == "returned":
            words = _("被退回，还没有更正：%(reason)s") % {"reason": line.entry.reason}
            found.append(_point(line, "returned", words))
        elif line.figure is None and not ready_only:
            found.append(_point(line, "missing", _("未报；没有这一项请填“—”。")))
    return found


def _point(line: Line, kind: str, words: str) -> dict[str, Any]:
    return {"entry": line.entry.pk, "label": line.label, "kind": kind, "message": words}


def script_words() -> dict[str, str]:
    """What the page's script says, in the reader's language."""
    return {
        "missing": _("未报"), "saving": _("保存中"), "saved": _("已保存"), "typing": _("正在填"),
        "unsaved": _("未保存"), "mend": _("要更正"), "kept": _("存在本机"),
        "returned": _("被退回"), "provided": _("统一提供"), "provided_done": _("已提供"),
        "submitted": _("待单位审核"), "endorsed": _("待部门核定"), "confirmed": _("已核定"),
        "explain": _("待说明"), "conflict": _("有冲突"), "not_yet": _("待提供"),
        "ahead": _("超%(n)s"), "behind": _("欠%(n)s"), "even": _("持平"),
        "met": _("达标"), "unmet": _("未达标"),
        "returned_by": _("退回：%(reason)s"),
        "not_saved": _("没有保存。%(why)s"),
        "offline": _("网络断开，已在本机暂存%(n)s项，恢复后自动保存。"),
        "log_in": _("登录已过期，已在本机暂存%(n)s项。请在新窗口重新登录，这里会自动保存。"),
        "log_in_link": _("重新登录"),
        "retry": _("现在重试"),
        "server": _("服务器暂时没有回应，已在本机暂存%(n)s项，稍后自动再试。"),
        "back": _("网络已恢复，暂存的%(n)s项都已保存。"),
        "restored": _("上次没来得及保存的%(n)s项已从本机取回。"),
        "all_saved": _("全部已保存　%(time)s"),
        "some_held": _("%(n)s项没有保存，改正后再存；其余已保存"),
        "submitting": _("正在提交…"),
        "conflict_words": _("他人刚改为%(theirs)s；您填的是%(mine)s。"),
        "take_theirs": _("用他的数"), "keep_mine": _("用我的数"),
        "ask_behind": _("%(name)s欠序时%(n)s点，请补填三项。"),
        "ask_promise": _("上月承诺“%(text)s”，%(until)s前追平。"),
        "ask_next": _("下月会再问。"),
        "behind_done": _("原因：%(text)s；措施：%(measure)s；%(until)s前追平。"),
        "cause": _("原因"), "measure": _("措施"), "until": _("追平日期"), "keep": _("保存"),
        "measure_hint": _("做什么，谁来做"),
        "fill": _("填写"), "change": _("修改"),
        "ask_jump": _("请说明变动原因。"), "jump_done": _("变动原因：%(text)s"),
        "pasted": _("已粘贴%(n)s项。"), "pasted_skipped": _("已粘贴%(n)s项，跳过%(k)s项：%(names)s。"),
        "paste_columns": _("没有粘贴：有好几列数，分不清哪列是本月，请只复制名称和本月两列。"),
        "paste_none": _("没有粘贴：剪贴板里没有能对上的数。"),
        "undone": _("已撤销%(n)s项。"), "redone": _("已重做%(n)s项。"),
        "nothing_to_undo": _("没有可以撤销的操作。"), "nothing_to_redo": _("没有可以重做的操作。"),
        "undo": _("撤销"),
        "locked_provided": _("由部门统一提供，不用填。"),
        "locked_state": _("现在是“%(state)s”，不能修改。"),
        "read_only": _("您只能查看这一项。"),
        "prepared": _("%(n)s项已备好%(ready)s项；"), "all_ready": _("%(n)s项全部备好。"),
        "n_missing": _("还有%(n)s项未报"), "n_mend": _("%(n)s项要更正"),
        "n_returned": _("%(n)s项被退回"), "n_explain": _("%(n)s项待说明"),
        "comma": _("，"), "stop": _("。"),
        "points": _("还有%(n)s处要先处理，没有提交。点一下就到那一格。"),
        "waiting_saves": _("还有%(n)s项没有保存，请等保存完再提交。"),
        "behalf": _("代%(unit)s填报，请先写明受谁委托。"),
        "proposed": _("台账清单数出%(n)s%(measure)s。"), "take": _("填入（按=键）"),
        "failed": _("没有成功，请稍后再试；填的内容没有丢失。"),
        "late": _("逾期"),
    }  # fmt: skip


def saved_at(sheet: Sheet) -> str:
    """The time of the latest change on the page, for its foot."""
    times = [line.entry.changed_at for line in sheet.lines if line.entry.changed_at]
    return f"{timezone.localtime(max(times)):%H:%M}" if times else ""
