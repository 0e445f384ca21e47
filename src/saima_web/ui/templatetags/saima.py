"""Numbers, dates and drawn things as every page shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from saima.periods import parse
from saima.rounding import printed
from saima_web.base.clock import now, today
from saima_web.ui.charts import Chart
from saima_web.ui.tables import Column, Row, Shown, Table

register = template.Library()
WEEKDAYS = "一二三四五六日"
NOTHING = mark_safe('<span class="na">—</span>')


@register.filter
def number(value: Any, decimals: Any = None) -> str | SafeString:
    """Thousands separated, 四舍五入 to so many decimals; `—` where there is none."""
    if value is None or value == "":
        return NOTHING
    return plain_number(value, decimals)


def plain_number(value: Any, decimals: Any = None) -> str:
    """As `number`, as plain text; without decimals the number keeps its own."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value))).normalize()
    if decimals is not None and decimals != "":
        exact = printed(float(exact), int(decimals))
    text = f"{exact:,f}"
    return "0" if text == "-0" else text.replace("-", "−") if exact else text.lstrip("-")


@register.filter
def percent(value: Any, decimals: int = 1) -> str | SafeString:
    """A ratio as a percentage, without the sign."""
    return number(None if value is None else float(value) * 100, decimals)


@register.filter
def day(value: date | datetime | None) -> str:
    """10月18日（周日）; another year's day names its year."""
    if value is None:
        return "—"
    found = timezone.localdate(value) if isinstance(value, datetime) else value
    if get_language() == "en":
        return f"{found:%a} {plain_day(found)}"
    return f"{plain_day(found)}（周{WEEKDAYS[found.weekday()]}）"


@register.filter
def plain_day(found: date) -> str:
    """As `day`, without the day of the week: for narrow columns of what is past."""
    if get_language() == "en":
        return f"{found.day} {found:%b %Y}"
    year = "" if found.year == today().year else f"{found.year}年"
    return f"{year}{found.month}月{found.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """10月18日（周日）14:06."""
    return "—" if value is None else f"{day(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def period(text: str) -> str:
    """A canonical period as people write it: 2026年9月."""
    return parse(text).label("en" if get_language() == "en" else "zh") if text else ""


@register.filter
def month(text: str) -> str:
    """The short name of a canonical month: 9月; other periods as `period`."""
    found = parse(text)
    if found.kind == "month" and get_language() != "en":
        return f"{found.end.month}月"
    return period(text)


@register.simple_tag
def due(when: date | datetime | None, done: bool = False) -> SafeString:
    """A deadline's distance in words; only an overdue one is red."""
    if when is None:
        return mark_safe("")
    if done:
        return format_html('<span class="s-due done">{}</span>', gettext("已完成"))
    if isinstance(when, datetime):
        days = (timezone.localdate(when) - today()).days
        late = when < now()
    else:
        days, late = (when - today()).days, when < today()
    if late and days == 0:
        return format_html('<span class="s-due late">{}</span>', gettext("今天已逾期"))
    if late:
        words = ngettext("逾期%(n)s天", "逾期%(n)s天", -days) % {"n": -days}
        return format_html('<span class="s-due late">{}</span>', words)
    if days == 0:
        return format_html('<span class="s-due soon">{}</span>', gettext("今天截止"))
    words = ngettext("还有%(n)s天", "还有%(n)s天", days) % {"n": days}
    return format_html('<span class="s-due {}">{}</span>', "soon" if days <= 4 else "", words)


@register.simple_tag
def move(places: int | None) -> SafeString:
    """Movement: ↑2, ↓1, 持平; a dash where there is nothing to compare with."""
    if places is None:
        return mark_safe('<span class="s-move flat na">—</span>')
    if places == 0:
        return format_html('<span class="s-move flat">{}</span>', gettext("持平"))
    label = gettext("上升%(n)s位") if places > 0 else gettext("下降%(n)s位")
    return format_html(
        '<span class="s-move {}"><span aria-hidden="true">{}{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        "up" if places > 0 else "down",
        "↑" if places > 0 else "↓",
        abs(places),
        label % {"n": abs(places)},
    )


@register.simple_tag
def pace(gap: float | None, scale: float = 20) -> SafeString:
    """The pace line: a bar from 序时, right and solid ahead, left and hatched behind.

    gap in percentage points; scale is the gap that fills half the width, one for a column.
    """
    if gap is None:
        return NOTHING
    width = min(1.0, abs(gap) / scale) if scale else 0.0
    side = "ahead" if gap > 0 else "behind" if gap < 0 else ""
    return format_html(
        '<span class="s-pace {}" style="--w:{}" role="img" aria-label="{}"></span>',
        side, f"{width:.3f}", pace_words(gap),
    )  # fmt: skip


@register.filter
def pace_words(gap: float | None) -> str:
    """超1.4, 欠3.2 or 持平, in percentage points."""
    if gap is None:
        return "—"
    size = plain_number(abs(gap), 1)
    if size == "0.0":
        return gettext("持平")
    return (gettext("超%(n)s") if gap > 0 else gettext("欠%(n)s")) % {"n": size}


@register.filter
def pace_side(gap: float | None) -> str:
    """The CSS class of a gap: ahead, behind or nothing."""
    if gap is None or plain_number(abs(gap), 1) == "0.0":
        return ""
    return "ahead" if gap > 0 else "behind"


@register.simple_tag
def seals(earned: list[bool | None], name: str = "") -> SafeString:
    """One small square a month: full 红, hollow not, a dot still to come."""
    squares = "".join(
        '<i class="f"></i>' if e is None else '<i class="r"></i>' if e else "<i></i>"
        for e in earned
    )
    count = sum(1 for e in earned if e)
    label = gettext("%(name)s：%(n)s") % {"name": name or gettext("月月红"), "n": count}
    return format_html(
        '<span class="s-seals" role="img" aria-label="{}">{}</span>', label, mark_safe(squares)
    )


@register.simple_tag
def spark(values: list[float | None], width: int = 92) -> SafeString:
    """A sparkline of up to twelve points, on its own middle."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    step = (width - 6) / max(1, len(values) - 1)
    points = [
        (3 + i * step, 13.0 if high == low else 22 - (v - low) / (high - low) * 18)
        for i, v in known
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return format_html(
        '<svg class="s-spark" width="{}" height="26" viewBox="0 0 {} 26" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.25"/></svg>',
        width, width, line, f"{x:.1f}", f"{y:.1f}",
    )  # fmt: skip


@register.simple_tag
def table(shown: Shown) -> SafeString:
    """A table with its filters, headers that sort, its pages and its export."""
    context = {"shown": shown, "table": shown.table, "csrf": ""}
    return mark_safe(render_to_string("ui/_table.html", context, request=shown.request))


@register.simple_tag(takes_context=True)
def rows(context: Any, shown: Shown) -> SafeString:
    """A page of a table's rows: as tags of a template, a thousand cells would take ten times as long."""
    columns = [(_opening(shown.table, c), _drawn(context, c)) for c in shown.table.columns]
    return mark_safe(
        "".join(
            _row_opening(row) + "".join(f"{td}{draw(row)}</td>" for td, draw in columns) + "</tr>"
            for row in shown.page
        )
    )


def _row_opening(row: Row) -> str:
    css = row.get("row_class")
    return f'<tr class="{conditional_escape(css)}">' if css else "<tr>"


def _opening(table: Table, column: Column) -> str:
    """What every cell of a column begins with."""
    css = {"number": ' class="n"', "text": ""}.get(column.kind, ' class="t"')
    if not table.stacks:
        return f"<td{css}>"
    heads = " data-heads" if column.key == table.heads else ""
    title = conditional_escape(column.header)
    return f'<td{css} data-key="{conditional_escape(column.key)}" data-title="{title}"{heads}>'


def _drawn(context: Any, column: Column) -> Callable[[Row], str]:
    """A column's cells as HTML: drawn by its own function, its template, or its kind."""
    if column.draw is not None:
        return column.draw
    if column.template:
        template = context.template.engine.get_template(column.template)

        def from_template(row: Row) -> str:  # the page's own context: built once, not per cell
            with context.push(row=row, column=column, value=row.get(column.key)):
                return cast(str, template.render(context))

        return from_template
    return lambda row: _cell(row, column)


def _cell(row: Row, column: Column) -> str:
    value = row.get(column.key)
    text: str | SafeString
    if column.kind == "number":
        text = number(value, column.decimals)
    elif column.kind == "date":
        text = day(value)
    elif column.kind == "moment":
        text = moment(value)
    else:
        text = NOTHING if value in (None, "") else str(value)
    href = row.get(column.link) if column.link else ""
    shown = conditional_escape(text)
    return f'<a class="name" href="{conditional_escape(href)}">{shown}</a>' if href else shown


@register.inclusion_tag("ui/_chart.html")
def chart(spec: Chart, identity: str, height: int = 16) -> dict[str, Any]:
    """A chart with its table and a picture to download; height in rem."""
    return {"chart": spec, "id": identity, "spec": spec.spec(), "height": height}


@register.inclusion_tag("ui/_field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """A form field: label, control, hint, and its error in words beside it."""
    return {"field": bound, "hint": hint or bound.help_text}
