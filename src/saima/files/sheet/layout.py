"""Where the tables of a sheet stand: title rows, measure rows, header, data, notes, table by table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from saima.files.sheet.grid import Grid, Span, is_figure, is_moment
from saima.files.sheet.months import moment
from saima.files.sheet.words import is_chinese, key, plain, tidy

_META = re.compile(
    r"\(?(计量|金额|货币|填报|填表|制表|报送|编制|责任)?单位|地区|时间|数据库|表号|制定机关|批准机关|批准文号|有效期|"
    r"(填报|报告|统计|截至|编制|制表|报送)?(日期|期间|时间|月份|年份)|报告期|截至|截止|所属期|口径|报表类型"
)
_ENGLISH = re.compile(r"\((\d+ )?(million|billion|thousand|unit|person|ton|hectare)[\w :]*\)", re.I)
_SIGNATURE = re.compile(
    r"(单位|部门|统计)?负责人|填表人|填报人|制表人?|审核人?|复核人?|联系人|联系电话|电话|签字|盖章|报出日期"
)
_NOTE = re.compile(
    r"[(\[【]?(注|备注|说明|附注|填报说明|填表说明|资料来源|数据来源|来源|摘编自|摘自|指标解释)\s*[:：1-9一二三]|"
    r"摘编自|摘自|资料来源|数据来源|[*※]\s*\S|注\s*$|https?://"
)
_CONTINUED = re.compile(r"续表|续上表|\bcontinued\b", re.IGNORECASE)
_ANNEX = re.compile(r"附件|附表|表\s*\d|\d{1,2}[-－]\d{1,2}$|第\s*\d+\s*页")
_CODES = re.compile(r"[甲乙丙丁戊己庚]|[A-Z]|\(?\d{1,2}\)?|\d{1,2}=[\d+\-*/×÷()%]+|栏次|行次")
_SECTION = re.compile(
    r"[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十]+[)）]|第.{1,3}[部章类篇]|.*[:：]$"
)
_TITLE, _NAME, _WORDS_IN_ROW = 7, 12, 24
"""Characters: a title beside a date has at least 7; a lone text is a name up to 12 at the end of
a table and up to 24 inside it, and a note if it is longer."""


@dataclass
class Block:
    """One table of a sheet by its rows, 0-based: what stands before it, its header, data, notes.

    header is empty where no header was found; codes are the header's rows of column numbers
    (甲 乙 1 2) or of English names, which say nothing more; repeats are later rows that say the header once more; sections are lone headings
    between data rows.
    """

    titles: list[int] = field(default_factory=list)
    metas: list[int] = field(default_factory=list)
    header: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    data: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def blocks(grid: Grid) -> list[Block]:
    """The tables of a sheet from top to bottom; a sheet without any comes back as one block."""
    found: list[Block] = []
    row = 0
    while row < grid.height:
        block, start = Block(), row
        row = _preface(grid, row, block)
        row = _header(grid, row, block)
        row = _body(grid, row, block)
        if row == start:  # neither title, header, data nor note: it will be told as unread
            block.data.append(row)
            row += 1
        if found and not block.header and not block.data:
            found[-1].notes += sorted(block.titles + block.metas + block.notes)
        elif block != Block():
            found.append(block)
    return found


# --- kinds of rows ------------------------------------------------------------------------------


def is_meta(grid: Grid, row: int) -> bool:
    """True for rows such as 单位：亿元, 地区：北京市 or 填报单位：甲区 … 单位：万元."""
    texts = [plain(str(grid.rows[row][c])) for c in grid.filled[row]]
    named = [
        (bool(_META.match(t)) and (":" in t[:-1] or t.startswith("(") or len(texts) == 1))
        or bool(_ENGLISH.fullmatch(t))
        for t in texts
    ]
    return bool(texts) and (all(named) or (any(named) and len(texts) <= 3))


def is_signature(grid: Grid, row: int) -> bool:
    """True for 填表人：… 审核人：… rows at the foot."""
    texts = [plain(str(grid.rows[row][c])) for c in grid.filled[row]]
    return bool(texts) and sum(bool(_SIGNATURE.match(t)) for t in texts) * 2 >= len(texts)


def is_note(grid: Grid, row: int) -> bool:
    """True if the row's first text begins like a note: 注：, 数据来源：, 摘编自."""
    columns = grid.filled[row]
    return bool(columns) and bool(_NOTE.match(plain(str(grid.rows[row][columns[0]]))))


def is_wide_text(grid: Grid, row: int) -> bool:
    """True for a lone text, alone in its row or in a merged range over most of it."""
    return grid.is_single(row) and isinstance(grid.rows[row][grid.filled[row][0]], str)


def is_header(grid: Grid, row: int) -> bool:
    """True if a row can be (part of) a header: several texts or periods, and no figures."""
    columns = grid.filled[row]
    values = [grid.rows[row][c] for c in columns]
    if len(columns) < 2 or any(isinstance(v, bool) for v in values):
        return False
    if not all(not is_figure(v) or moment(v) for v in values):
        return is_codes(grid, row)
    return not is_meta(grid, row) and not is_note(grid, row)


def is_codes(grid: Grid, row: int) -> bool:
    """True for the row of column numbers that statistical forms print under the header."""
    texts = [plain(str(grid.rows[row][c])).removesuffix(".0") for c in grid.filled[row]]
    numbers = [int(t.split("=")[0].strip("()")) for t in texts if re.match(r"\(?\d", t)
               and re.fullmatch(r"\(?\d{1,2}\)?|\d{1,2}=.+", t)]  # fmt: skip
    return (
        len(texts) > 1
        and all(_CODES.fullmatch(t) for t in texts)
        and numbers == list(range(1, len(numbers) + 1))
        and (len(numbers) > 2 or (len(numbers) > 0 and len(numbers) < len(texts)))
    )


def is_continued(title: str) -> bool:
    """True for titles that say 续表: the table goes on from the one before."""
    return bool(_CONTINUED.search(title))


# --- before the table ---------------------------------------------------------------------------


def _preface(grid: Grid, row: int, block: Block) -> int:
    """Take title and measure rows; stop at the header or at data."""
    while row < grid.height:
        if grid.filled[row]:
            if is_meta(grid, row):
                block.metas.append(row)
            elif _is_title(grid, row):
                (block.notes if is_note(grid, row) else block.titles).append(row)
            else:
                break
        row += 1
    return row


def _is_title(grid: Grid, row: int) -> bool:
    columns = grid.filled[row]
    if is_note(grid, row) or (len(columns) == 1 and not _below_is_wider(grid, row)):
        return True
    texts = [plain(str(grid.rows[row][c])) for c in columns]
    annex = any(_ANNEX.match(t) for t in texts)
    extra = [t for t in texts if not _ANNEX.match(t) and not moment(t)]
    if len(columns) > 3 or len(extra) > 1 or any(map(is_figure_text, texts)):
        return False
    long = len(extra) == 1 and len(extra[0]) >= _TITLE and not _figures_next(grid, row)
    return annex or long


def _figures_next(grid: Grid, row: int) -> bool:
    """True if the next row that is not blank holds data."""
    below = next((r for r in range(row + 1, grid.height) if grid.filled[r]), -1)
    return below >= 0 and bool(grid.figures(below)) and not is_header(grid, below)


def is_figure_text(text: str) -> bool:
    """True for a text that is a figure and no period."""
    return is_figure(text) and not moment(text)


def _below_is_wider(grid: Grid, row: int) -> bool:
    """True if a lone text is the top of a header: it does not begin its row and what follows is
    a header row that has nothing above its first column but blanks."""
    column = grid.filled[row][0]
    below = row + 1
    if column == 0 or below >= grid.height or not is_header(grid, below):
        return False
    span = grid.spans.get((row, column))
    return bool(span) and span[3] > span[1] and span[1] > grid.filled[below][0]  # type: ignore[index]


# --- header -------------------------------------------------------------------------------------


def _header(grid: Grid, row: int, block: Block) -> int:
    if row >= grid.height or not (is_header(grid, row) or not grid.figures(row)):
        return row
    block.header.append(row)
    row += 1
    while row < grid.height and _continues(grid, row, block.header):
        aside = is_codes(grid, row) or _translates(grid, row, block.header)
        (block.codes if aside else block.header).append(row)
        row += 1
    below = next((r for r in range(row, grid.height) if grid.filled[r]), row)
    if below > row and is_codes(grid, below):
        block.codes.append(below)
        return below + 1
    return row


def _translates(grid: Grid, row: int, header: list[int]) -> bool:
    """True for a row of English names under Chinese ones."""
    texts = [str(grid.rows[row][c]) for c in grid.filled[row]]
    above = [str(grid.shown(header[-1], c)) for c in grid.filled[row]]
    latin = sum(bool(re.search("[A-Za-z]{3}", t)) for t in texts)
    foreign = not any(map(is_chinese, texts)) and any(map(is_chinese, above))
    return foreign and latin > 1 and latin * 2 > len(texts)


def _continues(grid: Grid, row: int, header: list[int]) -> bool:
    """True if a row still belongs to the header above it."""
    first, last = header[0], header[-1]
    spanned = [s for s in (grid.spans.get((r, c)) for r in header for c in grid.filled[r]) if s]
    if any(first <= s[0] <= last and s[2] >= row for s in spanned):
        return True
    columns = grid.filled[row]
    if not columns or not (is_header(grid, row) or _lone_part(grid, row)):
        return False
    if is_codes(grid, row) or _translates(grid, row, header):
        return True
    if _all_measures(grid, row):
        return True
    wide = [s for s in spanned if s[3] > s[1] and s[2] == last]
    start = min(c for r in header for c in grid.filled[r])
    if columns[0] > start:
        return _fills_gaps(grid, row, header, wide)
    return columns[0] < start or not any(
        grid.shown(r, columns[0]) not in ("", None) for r in header
    )


def _lone_part(grid: Grid, row: int) -> bool:
    """A single text under a group of the header."""
    return grid.is_single(row) and grid.filled[row][0] > 0 and not grid.figures(row)


def _fills_gaps(grid: Grid, row: int, header: list[int], wide: list[Span]) -> bool:
    """True if the row's texts stand under groups: under wide merged cells or beside blanks."""
    above = header[-1]
    filled = set(grid.filled[above])
    under = [c for c in grid.filled[row] if any(s[1] <= c <= s[3] for s in wide)]
    gaps = [c for c in grid.filled[row] if c not in filled]
    return bool(under) or bool(gaps)


def _all_measures(grid: Grid, row: int) -> bool:
    from saima.files.sheet.measures import is_measure

    texts = [plain(str(grid.rows[row][c])).strip("()") for c in grid.filled[row]]
    return len(texts) > 1 and all(is_measure(t) for t in texts)


# --- data and notes -----------------------------------------------------------------------------


def _body(grid: Grid, row: int, block: Block) -> int:
    """Take data rows up to the notes or to the next table; gives the row after them."""
    head = _texts(grid, block.header[0]) if block.header else []
    while row < grid.height:
        if not grid.filled[row]:
            row += 1
            continue
        if grid.is_plain_data(row):
            block.data.append(row)
            row += 1
            continue
        if is_note(grid, row) or is_signature(grid, row):
            return _notes(grid, row, block)
        if head and _repeats(grid, row, block, head):
            end = min(row + len(block.header), grid.height)
            end += end < grid.height and is_codes(grid, end)
            block.repeats.extend(range(row, end))
            row = end
            continue
        if block.data and _starts_table(grid, row, head):
            return row
        kind = _lone_kind(grid, row) if is_wide_text(grid, row) else "data"
        if kind == "note":
            return _notes(grid, row, block)
        (block.sections if kind == "section" else block.data).append(row)
        row += 1
    return row


def _texts(grid: Grid, row: int) -> list[str]:
    return [key(str(grid.rows[row][c])) for c in grid.filled[row]]


def _repeats(grid: Grid, row: int, block: Block, head: list[str]) -> bool:
    """True if the header is said once more (a page break that was pasted in)."""
    below = grid.filled[row + 1] if row + 1 < grid.height else []
    second = len(block.header) < 2 or (bool(below) and _texts(grid, row + 1)
                                       == _texts(grid, block.header[1]))  # fmt: skip
    return len(head) > 1 and _texts(grid, row) == head and second


def _starts_table(grid: Grid, row: int, head: list[str]) -> bool:
    """True if a new table begins: a title (续表), a measure row, or another header after a gap."""
    if is_wide_text(grid, row) and _CONTINUED.search(str(grid.rows[row][grid.filled[row][0]])):
        return True
    after_gap = row > 0 and not grid.filled[row - 1]
    header = _next_header(grid, row)
    if is_meta(grid, row) or (is_wide_text(grid, row) and after_gap):
        return header
    same_corner = bool(head) and is_header(grid, row) and _texts(grid, row)[0] == head[0]
    return (
        is_header(grid, row)
        and len(grid.filled[row]) > 2
        and (same_corner or (after_gap and _figures_below(grid, row)))
    )


def _next_header(grid: Grid, row: int) -> bool:
    """True if a header follows within the next lone texts and measure rows."""
    for below in range(row + 1, min(row + 8, grid.height)):
        if not grid.filled[below] or is_meta(grid, below) or is_wide_text(grid, below):
            continue
        return is_header(grid, below) and _figures_below(grid, below)
    return False


def _figures_below(grid: Grid, row: int) -> bool:
    rows = range(row + 1, min(row + 6, grid.height))
    return any(grid.figures(r) and not is_header(grid, r) for r in rows)


def _lone_kind(grid: Grid, row: int) -> str:
    """What a lone text among data is: `section`, `note`, or `data` (a name without figures)."""
    column = grid.filled[row][0]
    text = tidy(str(grid.rows[row][column]))
    span = grid.spans.get((row, column))
    follows = row < grid.last_wide
    wide = span is not None and span[3] - span[1] > 1
    if follows and len(text) <= _WORDS_IN_ROW and (wide or _SECTION.match(text)):
        return "section"
    if len(text) > (_WORDS_IN_ROW if follows else _NAME) or wide or re.search("[。；，;]", text):
        return "note"
    return "data"


def _notes(grid: Grid, row: int, block: Block) -> int:
    """Take the notes and their continuation lines; stop where a new table begins."""
    while row < grid.height:
        columns = grid.filled[row]
        if columns:
            if not (is_note(grid, row) or is_signature(grid, row) or is_wide_text(grid, row)):
                return row
            if _CONTINUED.search(str(grid.rows[row][columns[0]])) or (
                not is_note(grid, row) and not grid.filled[row - 1] and _next_header(grid, row)
            ):
                return row
            block.notes.append(row)
        row += 1
    return row


def is_dated(value: object) -> bool:
    """True for a real date or a text that names a period."""
    return is_moment(value) or bool(moment(value))
