"""The cells of a round's tables as HTML: a template would take ten times as long over a thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from saima_web.reporting.grid_lines import Axis, Line, Sheet
from saima_web.reporting.queries import Choice
from saima_web.ui.tables import Row
from saima_web.ui.templatetags.saima import (
    NOTHING,
    day,
    due,
    moment,
    month,
    number,
    pace_side,
    pace_words,
    percent,
)

Draw = Callable[[Row], str]


def small(text: str, css: str = "r-under", more: str = "") -> str:
    """A line below a cell's own; `text` is HTML."""
    return f'<small class="{css}"{more}>{text}</small>'


# --- the entry page -----------------------------------------------------------------------------


def sheet_body(sheet: Sheet) -> SafeString:
    """The rows of the entry page by category; what follows from a value its script fills in."""
    names = {
        "target": escape(_("全年目标")), "last": escape(month(sheet.before.text)),
        "cumulative": escape(_("累计")), "attainment": escape(_("完成率")),
        "gap": escape(_("超欠序时")), "none": '<span class="nr">' + escape(_("未报")) + "</span>",
    }  # fmt: skip
    return mark_safe(
        "".join(
            _category(sheet.axis, group)
            + "".join(_line(x, sheet, names, last=x is lines[-1]) for x in lines)
            + "</tbody>"
            for group, lines in sheet.groups
        )
    )


def _category(axis: Axis, group: str) -> str:
    label = f' aria-label="{escape(group)}"' if group else ""
    head = (
        '<tr class="cat-row" role="presentation"><th class="cat" scope="rowgroup" rowspan="1000">'
        f"<span>{escape(group) or '—'}</span></th></tr>"
    )
    return f'<tbody role="rowgroup"{label}>' + (head if axis == "unit" else "")


def _line(line: Line, sheet: Sheet, names: dict[str, str], *, last: bool) -> str:
    pk, label, target = line.entry.pk, escape(line.label), escape(line.target_text)
    measure = f"<small>{escape(line.indicator.measure)}</small>" if sheet.unit else ""
    css, tab = ' class="last"' if last else "", 0 if line is sheet.lines[0] else -1
    locked = "" if line.editable else ' aria-readonly="true"'
    return (
        f'<tr role="row" data-entry="{pk}"{css}>'
        f'<td class="name" role="rowheader" data-col="name" tabindex="-1" title="{label}">{label}'
        f"{measure}</td>"
        f'<td class="n q2" role="gridcell" data-col="target" data-name="{names["target"]}"'
        f' tabindex="-1" title="{target}">{target}</td>'
        f'<td class="n q2" role="gridcell" data-col="last" data-name="{names["last"]}"'
        f' tabindex="-1">{escape(line.last_text) or names["none"]}</td>'
        f'<td class="s-cell n" role="gridcell" data-col="value" id="cell-{pk}"'
        f' tabindex="{tab}"{locked}>{escape(line.text or "")}</td>'
        + "".join(
            f'<td class="n" role="gridcell" data-col="{key}" data-name="{names[key]}"'
            ' tabindex="-1"></td>'
            for key in ("cumulative", "attainment")
        )
        + '<td role="gridcell" data-col="pace" tabindex="-1"></td>'
        f'<td class="n" role="gridcell" data-col="gap" data-name="{names["gap"]}"'
        ' tabindex="-1"></td><td role="gridcell" data-col="state" tabindex="-1"></td></tr>'
    )


# --- the review desk ----------------------------------------------------------------------------


def pick(row: Row) -> str:
    """The box that chooses a cell, where something may be decided on it."""
    if not row["events"]:
        return ""
    flags = (" data-mine" if row["mine"] else "") + (" checked" if row["chosen"] else "")
    return (
        f'<input type="checkbox" form="decide" name="entry" value="{row["pk"]}"{flags}'
        f' aria-label="{_cell_name(row)}">'
    )


def _cell_name(row: Row) -> str:
    return escape(f"{row['unit']} {row['indicator']}")


def indicator(row: Row) -> str:
    measure = f' <small class="q">{escape(row["measure"])}</small>' if row["measure"] else ""
    return escape(row["indicator"]) + measure


def figure(key: str) -> Draw:
    """A number with the decimals of its row."""
    return lambda row: number(row[key], row["decimals"])


def reported(row: Row) -> str:
    """The unit's figure, how it differs from one sent back, and who gave it for the unit."""
    return _given(row) + _again(row) + _on_behalf(row)


def _given(row: Row) -> str:
    if row["reported"] is not None:
        shown = number(row["reported"], row["decimals"])
        return f'<a class="r-figure" href="{escape(row["href"])}">{shown}</a>'
    if row["reported_words"]:
        return escape(row["reported_words"])
    missing = _("未报")
    return NOTHING if row["confirmed"] is not None else f'<span class="nr">{missing}</span>'


def _again(row: Row) -> str:
    if not row["before"]:
        return ""
    words = _("退回前 %(was)s") % {"was": escape(row["before"])}
    if row["change"]:
        sign = "，+" if row["change"] > 0 else "，"
        words += sign + number(row["change"], row["decimals"])
    elif row["change"] is not None:
        words += "，" + _("未改")
    return small(words)


def _on_behalf(row: Row) -> str:
    if not row["on_behalf"]:
        return ""
    words = _("代填") + " " + escape(row["by"])
    return small(words, more=f' title="{escape(row["on_behalf"])}"')


def gap(row: Row) -> str:
    value = row["gap"]
    return (
        NOTHING if value is None else f'<span class="{pace_side(value)}">{pace_words(value)}</span>'
    )


def confirmed(row: Row) -> str:
    """The settled figure, or the field for it; what is wrong with what was typed below it."""
    wrong = row["wrong"]
    below = small(escape(wrong), "r-under r-wrong", f' id="wrong-{row["pk"]}"') if wrong else ""
    return _settled(row) + below


def _settled(row: Row) -> str:
    if "confirm" in row["events"] and not row["qualitative"]:
        return _field(row)
    if row["confirmed"] is not None:
        words = _("与自报数不同")
        title = f' class="r-differs" title="{words}"' if row["differs"] else ""
        return f"<span{title}>{number(row['confirmed'], row['decimals'])}</span>"
    return escape(row["confirmed_words"]) or NOTHING


def _field(row: Row) -> str:
    wrong = f' aria-invalid="true" aria-describedby="wrong-{row["pk"]}"' if row["wrong"] else ""
    name = _cell_name(row) + " " + _("核定数")
    reported = "—" if row["reported"] is None else number(row["reported"], row["decimals"])
    return (
        f'<input class="s-input r-value" form="decide" name="value-{row["pk"]}"'
        f' inputmode="decimal" autocomplete="off" value="{escape(row["typed"])}"{wrong}'
        f' aria-label="{name}" placeholder="{reported}">'
    )


def state(row: Row) -> str:
    """How a cell stands, with all that is to be said of it below."""
    back = " returned" if row["state"] == "returned" else ""
    words = escape(row["state_words"])
    if row["provide_href"]:
        words += f' <a href="{escape(row["provide_href"])}">' + _("去提供") + "</a>"
    if row["late"]:
        words += '<span class="r-late">' + _("迟报") + "</span>"
    below = [_reason(row), *(small(escape(text)) for text in row["findings"])]
    below += [*map(_remark, row["remarks"]), *map(_file, row["evidence"])]
    return (
        f'<div class="r-state"><span class="s-state{back}"><i class="s-i i-{row["shape"]}"></i>'
        f"{words}</span>{''.join(below)}</div>"
    )


def _reason(row: Row) -> str:
    if not row["reason"]:
        return ""
    why = escape(row["reason"])
    return small(why if row["elsewhere"] else _("退回原因：%(why)s") % {"why": why})


def _remark(said: Any) -> str:
    if said.kind in said.SENT_BACK:
        return ""
    words = escape(f"{said.get_kind_display()}：{said.text}")
    if said.measure:
        words += "；" + _("措施") + "：" + escape(said.measure)
    if said.catch_up_on:
        words += "；" + day(said.catch_up_on) + _("前追平")
    return small(words)


def _file(file: dict[str, str]) -> str:
    return small(f'<a href="{escape(file["href"])}">{escape(file["name"])}</a>')


def options(choices: Sequence[Choice], chosen: int | None) -> SafeString:
    """The options of a select of hundreds of units or indicators."""
    return mark_safe(
        "".join(
            f'<option value="{escape(x.code)}"{" selected" if x.pk == chosen else ""}>'
            f"{escape(x.name)}</option>"
            for x in choices
        )
    )


# --- the tables of a round ----------------------------------------------------------------------


def count(key: str) -> Draw:
    return lambda row: str(row[key]) if row[key] else '<span class="r-zero">0</span>'


def share(row: Row) -> str:
    """A ratio as a bar and in percent."""
    if row["share"] is None:
        return NOTHING
    part = percent(row["share"], 0)
    bar = f'<span class="s-progress"><i style="width:{part}%"></i></span>'
    return f'<span class="r-share">{bar}<span>{part}%</span></span>'


def until(row: Row) -> str:
    """The deadline: a later one in full, and how far it is."""
    if not row["extended"]:
        return due(row["due"], row["done"])
    later = '<span class="q sm">' + _("已延期") + "</span>"
    return f'<span class="r-due">{moment(row["due"])} {later}</span> {due(row["due"], row["done"])}'
