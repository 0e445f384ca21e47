"""What can be wrong in a sheet as an office sends it: the wordings, each found in its own module."""

from __future__ import annotations

from saima.problems import declare

NOT_NUMBER = declare(
    "sheet-not-a-number",
    "“{text}”不是数字（{column}列）。",
    "请改为数字；没有数据的请留空或填“—”。",
    "“{text}” is no number (column {column}).",
    "Write a number; where there is none leave the cell blank or write —.",
)
DATE_IN_NUMBERS = declare(
    "sheet-date-in-numbers",
    "数字列“{column}”中出现日期 {text}，多为输入 3/5、3-5 时被自动转换。",
    "请把单元格格式改为“常规”或“数值”后重新输入。",
    "The column of numbers {column} holds the date {text}, probably 3/5 or 3-5 converted on entry.",
    "Set the cell's format to General and type the number again.",
)
ERROR_VALUE = declare(
    "sheet-error-value",
    "公式结果为错误值 {text}。",
    "请改正公式或改填数值。",
    "The formula's result is the error {text}.",
    "Mend the formula or write the value.",
)
NO_CACHED_VALUE = declare(
    "sheet-formula-without-value",
    "公式没有保存计算结果，读不到数值。",
    "请用 Excel 或 WPS 打开、重新计算后保存，或改填数值。",
    "The formula has no saved result.",
    "Open the file in a spreadsheet program, recalculate and save it, or write the value.",
)
NUMBER_AS_TEXT = declare(
    "sheet-number-as-text",
    "数字以文本形式存放（{text}），已按数字读取（共 {count} 处）。",
    "可选中后“转换为数字”，以免求和漏算。",
    "A number is stored as text ({text}); it was read as a number ({count} cells).",
    "Convert it to a number, or sums will leave it out.",
    severity="warning",
)
PERCENT_AS_TEXT = declare(
    "sheet-percent-as-text",
    "百分数以文本形式存放（{text}），已按 {value} 读取（共 {count} 处）。",
    "请确认；建议改为数字并设百分比格式。",
    "A percentage is stored as text ({text}); it was read as {value} ({count} cells).",
    "Please check; a number with a percent format is better.",
    severity="warning",
)
FULL_WIDTH = declare(
    "sheet-full-width",
    "数字用了全角字符（{text}），已按 {value} 读取。",
    "请改用半角数字。",
    "The number is written in full-width characters ({text}); it was read as {value}.",
    "Use ordinary digits.",
    severity="warning",
)
INVISIBLE = declare(
    "sheet-invisible-characters",
    "数字中夹有看不见的字符，已按 {value} 读取。",
    "请清除内容后重新输入。",
    "The number contains invisible characters; it was read as {value}.",
    "Clear the cell and type it again.",
    severity="warning",
)
FOOTNOTE = declare(
    "sheet-footnote-mark",
    "数字后带有注释标记（{text}），已按 {value} 读取。",
    "请确认标记不是数字的一部分，并把注释移到表尾。",
    "The number carries a footnote mark ({text}); it was read as {value}.",
    "Check that the mark is no part of the number, and move it to the notes.",
    severity="warning",
)
BRACKETS = declare(
    "sheet-negative-in-brackets",
    "括号数字 {text} 已按负数 {value} 读取。",
    "请确认；负数请写成 -123.4。",
    "The number in brackets {text} was read as negative: {value}.",
    "Please check; write negative numbers as -123.4.",
    severity="warning",
)
TRIANGLE = declare(
    "sheet-triangle-sign",
    "“{text}”中的三角符号已按负号读取，得 {value}。",
    "请确认升降方向；负数请写成 -123.4。",
    "The triangle in “{text}” was read as a minus sign: {value}.",
    "Check the direction; write negative numbers as -123.4.",
    severity="warning",
)
WORD_SIGN = declare(
    "sheet-sign-in-words",
    "“{text}”已按 {value} 读取。",
    "请确认升降方向；建议只填数字。",
    "“{text}” was read as {value}.",
    "Check the direction; plain numbers are better.",
    severity="warning",
)
CONVERTED = declare(
    "sheet-measure-converted",
    "“{text}”的计量单位与本列不同，已换算为 {value}{measure}。",
    "请确认；同一列请使用同一计量单位。",
    "“{text}” has another measure than its column; it was converted to {value} {measure}.",
    "Please check; use one measure in one column.",
    severity="warning",
)
MEASURE_DIFFERS = declare(
    "sheet-measure-differs",
    "“{text}”的计量单位与本列的“{measure}”不同，且无法换算。",
    "请改用“{measure}”填写，或把该数移到正确的列。",
    "“{text}” has a measure that cannot be converted to the column's {measure}.",
    "Write it in {measure}, or move it to the right column.",
)
PERCENT_SCALE = declare(
    "sheet-percent-scale",
    "百分比列中 {text} 明显偏小，可能是用小数表示的百分数（0.972 即 97.2%）；现按 {value}% 读取。",
    "请确认后改为与同列一致的写法。",
    "{text} is far below the column's other percentages and may be a fraction (0.972 for 97.2%); "
    "it was read as {value}%.",
    "Please check, and write it like the others.",
    severity="warning",
)
PERCENT_FRACTIONS = declare(
    "sheet-percent-fractions",
    "“{column}”各行都不大于 2，可能是用小数表示的百分数（0.95 即 95%）；现按原数加 % 读取。",
    "请改为 95 或 95% 的写法，或把单元格设为百分比格式。",
    "All figures of {column} are at most 2 and may be fractions (0.95 for 95%); they were read as "
    "percentages as they stand.",
    "Write 95 or 95%, or give the cells a percent format.",
    severity="warning",
)
DOUBTFUL_MONTH = declare(
    "sheet-month-in-doubt",
    "表头 {text} 按 {period} 读取，请确认（{reason}）。",
    "请写成“2024年2月”的形式。",
    "The header {text} was read as {period} ({reason}).",
    "Write it as 2024-02 in text.",
    severity="warning",
)
DUPLICATE_ROW = declare(
    "sheet-duplicate-row",
    "“{text}”重复，第 {first} 行已有同名行。",
    "请合并或删除其中一行，或补充区分的名称。",
    "“{text}” is there twice: row {first} has the same name.",
    "Merge or delete one of them, or tell them apart by name.",
    severity="warning",
)
DUPLICATE_HEADER = declare(
    "sheet-duplicate-header",
    "表头“{text}”与 {first} 列重复，无法区分。",
    "请修改其中一个表头。",
    "The header “{text}” is the same as that of column {first}.",
    "Change one of them.",
)
NO_COLUMN_HEADER = declare(
    "sheet-column-without-header",
    "{column}列有数据而没有表头，本列 {count} 个单元格未读取。",
    "请补上表头，或删除多余的列。",
    "Column {column} has data and no header; its {count} cells were not read.",
    "Write a header, or delete the column.",
)
NO_HEADER = declare(
    "sheet-without-header",
    "没有找到表头，这些单元格未读取。",
    "请在数据上方补一行表头（单位、指标等名称）。",
    "No header was found; these cells were not read.",
    "Add a header row above the data.",
)
NO_LABEL = declare(
    "sheet-row-without-label",
    "第 {row} 行有数据而没有名称，本行数据未读取。",
    "请补填单位或指标名称。",
    "Row {row} has figures and no name; they were not read.",
    "Write the unit's or indicator's name.",
)
STRAY = declare(
    "sheet-stray-cell",
    "表格之外有零散内容“{text}”，未读取。",
    "请移入表格或备注，或删除。",
    "“{text}” stands outside the table and was not read.",
    "Move it into the table or its notes, or delete it.",
    severity="warning",
)
REPEATED_HEADER = declare(
    "sheet-repeated-header",
    "数据中间又出现一次表头，已略过。",
    "如为分页粘贴所致，请删除该行。",
    "The header is repeated among the data; it was skipped.",
    "If it was pasted in with a page break, delete the row.",
    severity="warning",
)
TOTAL_DIFFERS = declare(
    "sheet-total-differs",
    "“{label}”的“{column}”为 {text}，各行相加为 {sum}，相差 {gap}。",
    "请核对分项与合计；如不应相等，请在注中说明。",
    "{label} of {column} is {text}, its rows add up to {sum}, a difference of {gap}.",
    "Check the rows and the total, or say in the notes why they differ.",
    severity="warning",
)
TOTALS_DIFFER = declare(
    "sheet-totals-not-comparable",
    "表中 {count} 处合计与各行之和不符（如“{label}”的“{column}”为 {text}，各行相加为 {sum}），可能只列了部分分项。",
    "如确为部分分项，请在注中说明；否则请核对。",
    "{count} totals differ from the sum of their rows (for example {label} of {column}: {text}, "
    "rows {sum}); perhaps only some parts are listed.",
    "Say so in the notes if it is meant; otherwise check them.",
    severity="warning",
)
HIDDEN_ROW = declare(
    "sheet-hidden-row",
    "第 {row} 行是隐藏行，已照常读取。",
    "请确认该行应当参加统计；不应统计的请删除。",
    "Row {row} is hidden; it was read like the others.",
    "Check that it belongs to the figures; otherwise delete it.",
    severity="warning",
)
HIDDEN_COLUMN = declare(
    "sheet-hidden-column",
    "{column}列是隐藏列，已照常读取。",
    "请确认该列应当参加统计；不应统计的请删除。",
    "Column {column} is hidden; it was read like the others.",
    "Check that it belongs to the figures; otherwise delete it.",
    severity="warning",
)
HIDDEN_SHEET = declare(
    "sheet-hidden-sheet",
    "工作表“{sheet}”是隐藏的，已照常读取。",
    "请确认该表有用；没有用的请删除。",
    "The sheet {sheet} is hidden; it was read like the others.",
    "Check that it is needed; otherwise delete it.",
    severity="warning",
)
MERGED_VALUE = declare(
    "sheet-merged-value",
    "数值单元格合并了 {rows} 行，只有首行有值，其余各行按未报处理。",
    "请取消合并，逐行填写。",
    "The value is merged over {rows} rows; only the first has it, the others count as not reported.",
    "Unmerge the cells and fill in every row.",
    severity="warning",
)
GUESSED_GROUP = declare(
    "sheet-header-guessed",
    "多级表头“{text}”没有合并单元格，已按右侧同组各列归入。",
    "请确认；建议合并该组的表头单元格。",
    "The header group “{text}” is not merged; the columns on its right were taken to belong to it.",
    "Please check; merge the cells of the group.",
    severity="warning",
)
MAPPED_ABSENT = declare(
    "mapping-header-absent",
    "对照表中的表头“{text}”在文件中没有出现。",
    "请检查表头是否改名；改名的请更新对照表。",
    "The header “{text}” of the mapping does not occur in the file.",
    "Check whether it was renamed, and update the mapping.",
    severity="warning",
)
BAD_MAPPING = declare(
    "mapping-unreadable",
    "表头对照文件无法读取（{reason}）。",
    '请恢复为 {{"headers": {{"表头": "字段"}}}} 的形式，或删除后重新生成。',
    "The mapping file cannot be read ({reason}).",
    'Bring it back to the form {{"headers": {{"header": "field"}}}}, or delete it.',
)
