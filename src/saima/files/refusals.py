"""Why a file or a sheet cannot be read at all: the wordings, in one place."""

from __future__ import annotations

from saima.problems import declare

DAMAGED = declare(
    "workbook-damaged",
    "文件已损坏或不完整，无法读取（{reason}）。",
    "请用 Excel 或 WPS 打开并另存为 .xlsx；打不开时请向报送单位重新索取。",
    "The file is damaged or incomplete and cannot be read ({reason}).",
    "Open it in a spreadsheet program and save it as .xlsx, or ask the sender for it again.",
)

BOMB = declare(
    "workbook-unpacks-too-large",
    "文件解压后过大（{size}），超出上限 {limit}，已拒绝读取。",
    "请确认文件来源；确为正常台账的，请拆分为多个文件。",
    "The file unpacks to {size}, more than the limit of {limit}; it was not read.",
    "Check where the file comes from; if it is genuine, split it into several files.",
)

TOO_MANY_SHEETS = declare(
    "workbook-too-many-sheets",
    "工作表有 {count} 个，超出上限 {limit} 个。",
    "请只保留需要的工作表，或拆分为多个文件。",
    "The workbook has {count} sheets, more than the limit of {limit}.",
    "Keep only the sheets that are needed, or split the file.",
)

LOCKED = declare(
    "workbook-password",
    "文件设有打开密码，无法读取。",
    "请用密码打开后，在“文件—信息—保护工作簿”中取消密码，再另存为 .xlsx。",
    "The file can only be opened with a password.",
    "Open it with the password, remove the password and save it as .xlsx.",
)

NO_WORKBOOK = declare(
    "workbook-not-one",
    "这不是电子表格文件：{reason}。",
    "请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。",
    "This is not a spreadsheet: {reason}.",
    "Open it in the program it belongs to and save it as .xlsx.",
)

MISSING = declare(
    "workbook-missing",
    "找不到文件。",
    "请检查路径和文件名。",
    "There is no such file.",
    "Check the path and the name.",
)

DIRECTORY = declare(
    "workbook-is-folder",
    "这是一个文件夹，不是文件。",
    "请指定其中的一个文件。",
    "This is a folder, not a file.",
    "Name one of the files in it.",
)

UNREADABLE = declare(
    "workbook-unreadable",
    "无法读取文件（{reason}）。",
    "请检查文件权限，或关闭正在使用它的程序后重试。",
    "The file cannot be read ({reason}).",
    "Check its permissions, or close the program that holds it.",
)

EMPTY = declare(
    "workbook-empty",
    "文件是空的（0 字节）。",
    "请确认导出或下载已完成，再重新提供。",
    "The file is empty (0 bytes).",
    "Check that the export or download was complete.",
)

TOO_LARGE = declare(
    "workbook-too-large",
    "文件过大（{size}），超出上限 {limit}。",
    "请拆分为多个文件，或只保留需要的工作表。",
    "The file has {size}, more than the limit of {limit}.",
    "Split it, or keep only the sheets that are needed.",
)

SAVE_AS = declare(
    "workbook-save-as",
    "这是{kind}文件，不能直接读取。",
    "请用 {program} 打开，另存为 {suffix} 后重试。",
    "This is a file of kind {kind} and cannot be read directly.",
    "Open it in {program} and save it as {suffix}.",
)

SHEET_TOO_LARGE = declare(
    "sheet-too-large",
    "使用范围到 {last} 为止，共 {cells:,} 个单元格，超出上限（{rows:,} 行、{limit:,} 个单元格），未读取。",
    "请删除 {last} 附近的多余行、列（含空格和格式）后保存，或拆分为多个工作表或文件。",
    "The cells go as far as {last}, {cells:,} in all, over the limit of {rows:,} rows and "
    "{limit:,} cells; they were not read.",
    "Delete stray rows and columns near {last}, or split the sheet.",
)
TOO_MANY_MARKED = declare(
    "sheet-too-many-marked",
    "错误值、百分比、合并区域或无结果公式超过 {limit:,} 个。",
    "请检查公式，或拆分为多个工作表。",
    "More than {limit:,} errors, percentages, merged ranges or formulas without a result.",
    "Check the formulas, or split the sheet.",
)
LINKS = declare(
    "workbook-external-links",
    "文件含有指向其他文件的链接（{targets}），未打开链接，只采用文件内已保存的数值。",
    "请确认数值为最新；建议“数据—编辑链接—断开链接”后再报送。",
    "The file links to other files ({targets}); they were not opened, saved values are used.",
    "Check that the values are current; breaking the links before sending is better.",
    severity="warning",
)


def megabytes(size: int) -> str:
    """A size for people, in whole megabytes, rounded up."""
    return f"{-(-size // 1_000_000):,} MB"
