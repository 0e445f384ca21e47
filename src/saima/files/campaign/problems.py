"""What can be wrong with a campaign's tables: the wordings, in one place, and a bounded collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from saima.problems import Place, Problem, declare

MOST_OF_A_KIND = 200
"""Problems of one code in one table that are named one by one; the rest is counted."""
LONGEST_NAME, MOST_NAMES, MOST_SUGGESTIONS = 60, 4000, 30
"""How far a search for a similar name goes, and for how many problems of a kind it is made."""

declare(
    "campaign-not-found",
    "找不到活动文件或文件夹。",
    "请检查路径；文件夹中应有 campaign.yaml，工作簿应为 .xlsx。",
    "there is no such campaign file or folder.",
    "Check the path; a folder holds campaign.yaml, a workbook is an .xlsx.",
)
declare(
    "track-not-apart",
    "没有“{track}”单独的文件，不能逐赛道计算。",
    "请把每个赛道的数据和目标各存一个文件，如 facts/{track}.parquet、targets/{track}.parquet。",
    "“{track}” has no file of its own here, so tracks cannot be scored one by one.",
    "Keep each track's figures in a file of its own: facts/{track}.parquet, targets/{track}.parquet.",
)
declare(
    "target-exists",
    "“{name}”已经存在，没有覆盖。",
    "请换一个名称，或先移走原有的文件。",
    "{name} exists already; it was not overwritten.",
    "Choose another name or move the existing one away.",
)
declare(
    "annotated-not-xlsx",
    "标注后的文件只能存为 .xlsx。",
    "请把输出文件的后缀改为 .xlsx。",
    "annotated workbooks are written as .xlsx only.",
    "Give the output a name that ends in .xlsx.",
)
declare(
    "annotated-not-copied",
    "无法生成标注副本（{reason}），原文件没有改动。",
    "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后重试。",
    "no annotated copy can be made ({reason}); the original was not touched.",
    "Open it in a spreadsheet program and save it as .xlsx.",
)
declare(
    "campaign-key-unknown",
    "“{key}”不是活动设置项{nearest}。",
    "请改正名称，或删去此项。",
    "“{key}” is not a setting of a campaign{nearest_en}.",
    "Correct the name or remove it.",
)
declare(
    "campaign-key-missing",
    "没有填“{name}”（{key}）。",
    "请补填。",
    "“{key}” is not given.",
    "Add it.",
)
declare(
    "campaign-value-wrong",
    "“{name}”的值“{value}”不对：{reason}。",
    "请改正后再读。",
    "the value “{value}” of {key} is wrong: {reason_en}.",
    "Correct it.",
)
declare(
    "clock-missing",
    "没有填开始日期，无法确定各期间。",
    "请补填开始日期（clock: start），如 2026-01-01。",
    "the campaign has no start date, so no period can be placed.",
    "Give the start of the clock, such as 2026-01-01.",
)
declare(
    "table-missing",
    "没有“{sheet}”表。",
    "请补上工作表“{sheet}”，或在文件夹中放 {table}.csv 或 {table}.parquet。",
    "there is no table {table}.",
    "Add the sheet “{sheet}”, or {table}.csv or {table}.parquet to the folder.",
)
declare(
    "table-twice",
    "“{table}”表有两份：{first} 和 {second}。",
    "请只保留一份。",
    "the table {table} is there twice: {first} and {second}.",
    "Keep one of them.",
)
declare(
    "table-unreadable",
    "表格读不出来：{reason}。",
    "请确认是 CSV（UTF-8 或 GB18030）或 Parquet，重新导出后再试。",
    "the table cannot be read: {reason}.",
    "Make sure that it is CSV (UTF-8 or GB18030) or Parquet and export it again.",
)
declare(
    "table-too-large",
    "表格过大（{size}），超出上限 {limit}。",
    "大表请存为 Parquet，或分成几个文件放在 facts 文件夹。",
    "the table has {size}, more than the limit of {limit}.",
    "Save large tables as Parquet or split them into several files in the folder facts.",
)
declare(
    "file-passed-over",
    "这个文件没有采用；是不是“{nearest}”表？",
    "请改成 {nearest}.csv 或 {nearest}.parquet；确为其他内容的，可以不管。",
    "this file was not used; is it the table {nearest}?",
    "Call it {nearest}.csv or {nearest}.parquet; ignore this for files of your own.",
    severity="warning",
)
declare(
    "sheet-missing",
    "工作簿里没有“{sheet}”表。",
    "请补上这张表；用 saima new 可以生成一份空白台账对照。",
    "the workbook has no sheet “{sheet}”.",
    "Add it; `saima new` writes an example to compare with.",
)
declare(
    "sheet-passed-over",
    "不认识工作表“{sheet}”{nearest}，没有采用。",
    "请改正表名；确为其他内容的，可以不管。",
    "the sheet “{sheet}” is not known{nearest_en}; it was not used.",
    "Correct its name; ignore this for sheets of your own.",
    severity="warning",
)
declare(
    "header-missing",
    "在“{sheet}”表中找不到表头行。",
    "请在数据上方写一行列名，如“{header}”；用 saima new 可以生成一份空白台账对照。",
    "no header row was found on the sheet “{sheet}”.",
    "Put the column names above the data, such as “{header}”.",
)
declare(
    "hidden-cells-read",
    "“{sheet}”表有隐藏的内容（{rows}行、{columns}列，或整张表），照样采用了。",
    "请取消隐藏，看看其中的数据是否还有用。",
    "the sheet “{sheet}” has hidden parts ({rows} rows, {columns} columns, or all of it), which were read.",
    "Show them and see whether they are meant.",
    severity="warning",
)
declare(
    "formula-without-value",
    "单元格中的公式没有计算结果。",
    "请用 Excel 或 WPS 打开，重新计算后保存。",
    "the formula in this cell has no computed value.",
    "Open the file in a spreadsheet program, let it compute, and save it.",
)
declare(
    "column-missing",
    "“{table}”表缺少“{header}”列（{field}）。",
    "请补上这一列，列名照写。",
    "the table {table} has no column {field} (“{header}”).",
    "Add the column under that name.",
)
declare(
    "column-unknown",
    "不认识“{header}”列{nearest}，没有采用。",
    "请改正列名；确为备注的，可以不管。",
    "the column “{header}” is not known{nearest_en}; it was not used.",
    "Correct its header; ignore this for remarks of your own.",
    severity="warning",
)
declare(
    "column-twice",
    "“{header}”列与“{first}”列是同一项，只采用“{first}”列。",
    "请只保留一列。",
    "the columns “{header}” and “{first}” mean the same; “{first}” was used.",
    "Keep one of them.",
    severity="warning",
)
declare(
    "row-has-extra-cells",
    "这一行有{count}格，表头只有{width}格，多出的没有采用。",
    "请检查是否多了逗号；数值中的千位分隔符应去掉，或整格加双引号。",
    "this row has {count} cells under {width} headers; the others were not used.",
    "Look for stray commas; thousands separators need quotes around the cell.",
)
declare(
    "cell-empty",
    "“{header}”没有填。",
    "请补填。",
    "“{header}” is empty.",
    "Fill it in.",
)
declare(
    "cell-too-long",
    "单元格内容过长（{length}字）。",
    "请检查是否误粘贴；最多{limit}字。",
    "the cell is too long ({length} characters).",
    "Check for pasted text; at most {limit} characters.",
)
declare(
    "number-expected",
    "“{header}”应填数字，现为“{text}”。",
    "请只填数字；无此项填“—”，不足最小单位填“…”，不清楚填“不详”，不计填“不计”，未报留空。",
    "“{header}” takes a number, not “{text}”.",
    "Write digits only; leave it blank if nothing was reported.",
)
declare(
    "percent-unexpected",
    "单元格是百分数“{text}”，而指标“{indicator}”的计量单位是“{measure}”。",
    "请按“{measure}”填报数值。",
    "the cell holds the percentage “{text}”, but “{indicator}” is measured in “{measure}”.",
    "Give the value in “{measure}”.",
)
declare(
    "measure-differs",
    "“{indicator}”的计量单位这里是“{measure}”，“指标”表中是“{wanted}”。",
    "请换算成同一计量单位后填报。",
    "“{indicator}” is measured in “{measure}” here and in “{wanted}” in the table of indicators.",
    "Convert the figures to one measure.",
)
declare(
    "whole-number-expected",
    "“{header}”应填整数，现为“{text}”。",
    "请改为整数。",
    "“{header}” takes a whole number, not “{text}”.",
    "Write a whole number.",
)
declare(
    "date-expected",
    "“{header}”应填日期，现为“{text}”。",
    "请写成 2026-09-30 的形式。",
    "“{header}” takes a date, not “{text}”.",
    "Write it as 2026-09-30.",
)
declare(
    "word-unknown",
    "“{header}”不能填“{text}”{nearest}。",
    "可填：{words}。",
    "“{header}” cannot be “{text}”{nearest_en}.",
    "Use one of: {names}.",
)
declare(
    "unit-unknown",
    "没有叫“{text}”的单位{nearest}。",
    "请改正，或在“单位”表中补上。",
    "there is no unit “{text}”{nearest_en}.",
    "Correct it or add the unit.",
)
declare(
    "indicator-unknown",
    "没有叫“{text}”的指标{nearest}。",
    "请改正，或在“指标”表中补上。",
    "there is no indicator “{text}”{nearest_en}.",
    "Correct it or add the indicator.",
)
declare(
    "track-unknown",
    "没有叫“{text}”的赛道{nearest}。",
    "请改正，或在“活动”的赛道中补上。",
    "there is no track “{text}”{nearest_en}.",
    "Correct it or add the track.",
)
declare(
    "name-ambiguous",
    "“{text}”同时是{codes}的名称。",
    "请改填代码。",
    "“{text}” is the name of {codes}.",
    "Write the code instead.",
)
declare(
    "code-twice",
    "代码“{text}”重复，前一处在{first}。",
    "请改用不同的代码；后一行没有采用。",
    "the code “{text}” is there twice, first at {first_en}.",
    "Give different codes; the later row was not used.",
)
declare(
    "figure-twice",
    "{unit}“{indicator}”{period}的{what}重复，前一处在{first}，{same}。",
    "请只保留一处；计算时采用前一处。",
    "the {what_en} of {unit}, {indicator}, {period} is there twice, first at {first_en}; {same_en}.",
    "Keep one of them; the first is used.",
)
declare(
    "total-rows-passed-over",
    "有{count}行是合计或小计（第{rows}行），没有采用。",
    "合计由系统计算；确有名为“合计”的单位时，请在“单位”表中补上。",
    "{count} rows are totals (rows {rows}); they were not used.",
    "Totals are computed; add a unit of that name if there really is one.",
    severity="warning",
)
declare(
    "value-and-missing",
    "既填了数值{value}，又填了缺报原因“{missing}”。",
    "请二者留一；此行没有采用。",
    "there is both a value ({value}) and a kind of missing (“{missing}”).",
    "Keep one of them; the row was not used.",
)
declare(
    "as-of-without-times",
    "数据表没有“录入时间”（recorded_at）列，不知道何时录入，不能按时点重算。",
    "请去掉 --as-of，或在数据表中补上录入时间。",
    "the facts have no column recorded_at, so what was known at a time cannot be told.",
    "Leave --as-of out or add the column.",
)
declare(
    "units-in-a-circle",
    "上级单位成了循环：{names}。",
    "请改正“上级”；计算时这些单位视为没有上级。",
    "units are above one another in a circle: {names}.",
    "Correct the parent; these units are taken as having none.",
)
declare(
    "same-problem-elsewhere",
    "“{table}”中同样的问题还有{count}处，未逐一列出：{example}",
    "请先改正已列出的各处，再检查一遍。",
    "{count} more of the same in {table}: {example_en}",
    "Correct those that are listed and check again.",
)


class Findings:
    """Collects problems; of one code in one table only the first MOST_OF_A_KIND are kept."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], Problem] = {}

    def add(self, code: str, place: Place | None = None, **values: Any) -> None:
        self.take(Problem(code, place or Place(), values))

    def take(self, problem: Problem) -> None:
        key = (problem.code, problem.place.sheet or problem.place.file)
        self._counts[key] += 1
        self._first.setdefault(key, problem)
        if self._counts[key] <= MOST_OF_A_KIND:
            self._problems.append(problem)

    def add_near(
        self, code: str, place: Place, name: str, known: Iterable[str], /, **values: Any
    ) -> None:
        """Add a problem about a name, with the known name most like it; looked for if it shows."""
        table = place.sheet or place.file
        if self.room(code, table):
            early = self._counts[code, table] < MOST_SUGGESTIONS
            near = suggestion(name, known if early else ())
            self.add(code, place, **values, **near)
        else:
            self.passed_over(code, table, 1)

    def passed_over(self, code: str, table: str, count: int) -> None:
        """Count further problems of a kind that were not built one by one."""
        self._counts[code, table] += count

    def room(self, code: str, table: str) -> int:
        """How many problems of a code in a table would still be kept."""
        return max(0, MOST_OF_A_KIND - self._counts[code, table])

    def all(self) -> list[Problem]:
        """Everything found, with one problem for each kind that was cut short."""
        found = list(self._problems)
        for (code, table), count in self._counts.items():
            if count > MOST_OF_A_KIND:
                first = self._first[code, table]
                place = Place(first.place.file, first.place.sheet)
                values: dict[str, Any] = {"table": table, "count": count - MOST_OF_A_KIND}
                values |= {"example": first.message(), "example_en": first.message("en")}
                found.append(Problem("same-problem-elsewhere", place, values))
        return found


def suggestion(text: str, known: Iterable[str]) -> dict[str, str]:
    """The values `nearest` and `nearest_en` of a wording: the known name most like a text."""
    found = get_close_matches(text[:LONGEST_NAME], list(known)[:MOST_NAMES], 1, 0.5)
    if not found:
        return {"nearest": "", "nearest_en": ""}
    return {"nearest": f"（是不是“{found[0]}”？）", "nearest_en": f" (did you mean “{found[0]}”?)"}
