"""The clauses of GB/T 9704-2012 that a Word file's XML decides, each with its words and its mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from saima.problems import declare

STANDARD = "GB/T 9704-2012"
Profile = Literal["公文", "通报", "表格"]
PROFILES: tuple[Profile, ...] = ("公文", "通报", "表格")

_ALL: tuple[Profile, ...] = PROFILES
_TEXT: tuple[Profile, ...] = ("公文", "通报")
_DOCUMENT: tuple[Profile, ...] = ("公文",)
_TABLES: tuple[Profile, ...] = ("表格",)


@dataclass(frozen=True)
class Rule:
    """One checked clause: where it stands in the standard, for which kinds of document it holds."""

    clause: str
    profiles: tuple[Profile, ...]


RULES: dict[str, Rule] = {}


def _rule(
    code: str, clause: str, profiles: tuple[Profile, ...], zh: str, mend: str, en: str, do: str
) -> str:
    """Declare a clause; its message is the requirement and what was found."""
    RULES[code] = Rule(clause, profiles)
    full = f"docx-{code}"
    declare(full, f"{zh}，现为{{found}}。", f"请{mend}。", f"{en}; found: {{found}}.", f"{do}.")
    return code


PAPER = _rule(
    "paper-size",
    "5.1",
    _ALL,
    "纸张应为A4（210mm×297mm）",
    "在“布局—纸张大小”中选择A4",
    "The paper must be A4 (210 mm × 297 mm)",
    "Choose A4",
)
TOP = _rule(
    "top-margin",
    "5.2.1",
    _TEXT,
    "天头（上白边）应为37mm±1mm",
    "把上边距设为3.7厘米",
    "The top margin must be 37 mm ± 1 mm",
    "Set it to 3.7 cm",
)
LEFT = _rule(
    "left-margin",
    "5.2.1",
    _TEXT,
    "订口（左白边）应为28mm±1mm",
    "把左边距设为2.8厘米",
    "The left margin must be 28 mm ± 1 mm",
    "Set it to 2.8 cm",
)
AREA = _rule(
    "type-area",
    "5.2.1",
    _ALL,
    "版心应为156mm×225mm",
    "把右边距设为2.6厘米、下边距设为3.5厘米",
    "The type area must be 156 mm × 225 mm",
    "Set the right margin to 2.6 cm and the bottom margin to 3.5 cm",
)
LINES = _rule(
    "lines-per-page",
    "5.2.3",
    _TEXT,
    "每面应排22行",
    "把行距设为固定值28.95磅（28—28.9磅均可），或用每页22行的文档网格",
    "A page must take 22 lines",
    "Set the line pitch to exactly 28.95 pt, or a document grid of 22 lines",
)
CHARACTERS = _rule(
    "characters-per-line",
    "5.2.3",
    _TEXT,
    "每行应排28字",
    "在“页面设置—文档网格”中设每行28字，且正文样式为三号",
    "A line must take 28 characters",
    "Set the document grid to 28 characters with a 16-pt Normal style",
)
COLOUR = _rule(
    "text-colour",
    "5.2.4",
    _ALL,
    "除发文机关标志和分隔线外，文字颜色应为黑色",
    "把文字颜色设为黑色或自动",
    "Text other than the letterhead must be black",
    "Set the colour to black or automatic",
)
LETTERHEAD = _rule(
    "letterhead-colour",
    "7.2.4",
    _DOCUMENT,
    "发文机关标志应为红色",
    "把发文机关标志设为红色",
    "The letterhead must be red",
    "Set it to red",
)
RED_RULE = _rule(
    "red-rule",
    "7.2.7",
    _DOCUMENT,
    "版头中的分隔线应为红色",
    "把发文字号下的分隔线设为红色",
    "The rule below the document number must be red",
    "Set it to red",
)
BRACKETS = _rule(
    "number-brackets",
    "7.2.5",
    _TEXT,
    "发文字号的年份应用六角括号“〔〕”括入",
    "改用六角括号“〔〕”",
    "The year of a document number must stand in 〔〕",
    "Use these brackets",
)
NUMBER_FORM = _rule(
    "number-form",
    "7.2.5",
    _TEXT,
    "发文字号年份应标全称，顺序号不加“第”、不编虚位",
    "写成“〔2026〕1号”的形式",
    "A document number has the full year, no 第 and no padded zeros",
    "Write it as 〔2026〕1号",
)
TITLE_TYPE = _rule(
    "title-type",
    "7.3.1",
    _ALL,
    "标题应用小标宋体",
    "把标题字体设为方正小标宋",
    "The title must be set in Xiaobiaosong",
    "Choose that font",
)
TITLE_SIZE = _rule(
    "title-size",
    "7.3.1",
    _ALL,
    "标题应为2号（22磅）",
    "把标题字号设为二号",
    "The title must be of size 2 (22 pt)",
    "Set the size to 22 pt",
)
TITLE_PLACE = _rule(
    "title-centred",
    "7.3.1",
    _ALL,
    "标题应居中排布",
    "把标题设为居中，并取消缩进",
    "The title must be centred",
    "Centre it",
)
ADDRESSEE_COLON = _rule(
    "addressee-colon",
    "7.3.2",
    _TEXT,
    "主送机关后应标全角冒号“：”",
    "改用全角冒号",
    "The addressee must end in a full-width colon",
    "Use the full-width colon",
)
ADDRESSEE_FLUSH = _rule(
    "addressee-flush",
    "7.3.2",
    _TEXT,
    "主送机关应居左顶格",
    "取消主送机关的缩进和居中",
    "The addressee must stand flush left",
    "Remove its indent",
)
BODY_TYPE = _rule(
    "body-type",
    "7.3.3",
    _TEXT,
    "正文应用仿宋体",
    "把正文字体设为仿宋_GB2312",
    "The body must be set in Fangsong",
    "Choose that font",
)
BODY_SIZE = _rule(
    "body-size",
    "7.3.3",
    _TEXT,
    "正文应为3号（16磅）",
    "把字号设为三号",
    "The body must be of size 3 (16 pt)",
    "Set the size to 16 pt",
)
BODY_INDENT = _rule(
    "body-indent",
    "7.3.3",
    _TEXT,
    "每个自然段应左空二字",
    "把首行缩进设为2字符",
    "Each paragraph must be indented by two characters",
    "Set the first-line indent to 2 characters",
)
BODY_FLUSH = _rule(
    "body-flush",
    "7.3.3",
    _TEXT,
    "正文回行应顶格",
    "把左缩进设为0",
    "Further lines must stand flush left",
    "Set the left indent to 0",
)
HEADING_TYPE = _rule(
    "heading-type",
    "7.3.3",
    _TEXT,
    "层次标题一层用黑体、二层用楷体、三四层用仿宋体",
    "按层次改字体：“一、”黑体，“（一）”楷体，“1.”“（1）”仿宋",
    "Headings are in Heiti, Kaiti, Fangsong, Fangsong by level",
    "Choose the font of the level",
)
HEADING_NUMBER = _rule(
    "heading-number",
    "7.3.3",
    _TEXT,
    "层次序数应为“一、”“（一）”“1.”“（1）”",
    "改正序数的标点和括号",
    "Headings are numbered 一、 （一） 1. （1）",
    "Correct the punctuation of the number",
)
HEADING_ORDER = _rule(
    "heading-order",
    "7.3.3",
    _TEXT,
    "层次序数应依次编排",
    "检查是否漏号、重号",
    "Headings must be numbered in order",
    "Look for a number left out or used twice",
)
NOTE_COLON = _rule(
    "annex-note-colon",
    "7.3.4",
    _TEXT,
    "“附件”后应标全角冒号",
    "改用全角冒号",
    "附件 must be followed by a full-width colon",
    "Use the full-width colon",
)
NOTE_END = _rule(
    "annex-note-punctuation",
    "7.3.4",
    _TEXT,
    "附件名称后不加标点符号",
    "删去附件名称后的标点",
    "An annex's name in the note has no final punctuation",
    "Remove it",
)
NOTE_NUMBER = _rule(
    "annex-note-number",
    "7.3.4",
    _TEXT,
    "附件顺序号应为阿拉伯数字加小圆点（如“附件：1.××”）",
    "把顺序号写成“1.”",
    "Annexes are numbered 1. 2. 3.",
    "Write the number with a full stop",
)
NOTE_INDENT = _rule(
    "annex-note-indent",
    "7.3.4",
    _TEXT,
    "附件说明应左空二字",
    "把附件说明设为左空2字符",
    "The annex note must be indented by two characters",
    "Indent it by 2 characters",
)
DATE_FORM = _rule(
    "date-form",
    "7.3.5.4",
    _TEXT,
    "成文日期应用阿拉伯数字标全年月日，月、日不编虚位",
    "写成“2026年3月5日”的形式",
    "The date is written in full in Arabic figures without padded zeros",
    "Write it as 2026年3月5日",
)
DATE_PLACE = _rule(
    "date-place",
    "7.3.5",
    _DOCUMENT,
    "成文日期应右空四字（不加盖印章时右空二字以上）",
    "设为右对齐，并把右缩进设为4字符",
    "The date stands at the right, four characters from the edge",
    "Align it right with a right indent of 4 characters",
)
ANNEX_MARK = _rule(
    "annex-mark",
    "7.3.7",
    _TEXT,
    "“附件”及顺序号应用3号黑体顶格编排",
    "把“附件”设为三号黑体、左对齐、无缩进",
    "附件 and its number are in 16-pt Heiti, flush left",
    "Set the font, size and alignment",
)
ANNEX_TITLE = _rule(
    "annex-title-centred",
    "7.3.7",
    _TEXT,
    "附件标题应居中",
    "把附件标题设为居中",
    "An annex's title must be centred",
    "Centre it",
)
ANNEX_NAMES = _rule(
    "annex-names",
    "7.3.7",
    _TEXT,
    "附件标题应与附件说明一致",
    "核对并统一附件名称",
    "An annex's title must be the one in the annex note",
    "Make the two the same",
)
FOOT_MISSING = _rule(
    "page-number-missing",
    "7.5",
    _ALL,
    "应编排页码",
    "在页脚插入页码",
    "Pages must be numbered",
    "Insert page numbers",
)
FOOT_FORM = _rule(
    "page-number-form",
    "7.5",
    _ALL,
    "页码数字左右应各放一条一字线（“— 1 —”）",
    "把页码写成“— 1 —”的形式",
    "A page number stands between two dashes: — 1 —",
    "Write it so",
)
FOOT_TYPE = _rule(
    "page-number-type",
    "7.5",
    _ALL,
    "页码应用半角宋体阿拉伯数字",
    "把页码的西文字体设为宋体",
    "Page numbers must be set in Songti",
    "Choose that font for the digits",
)
FOOT_SIZE = _rule(
    "page-number-size",
    "7.5",
    _ALL,
    "页码应为4号（14磅）",
    "把页码字号设为四号",
    "Page numbers must be of size 4 (14 pt)",
    "Set the size to 14 pt",
)
FOOT_SIDE = _rule(
    "page-number-side",
    "7.5",
    _ALL,
    "单页码应居右空一字，双页码应居左空一字",
    "勾选“奇偶页不同”，单页右对齐、双页左对齐，各空1字符",
    "Odd pages have the number at the right, even ones at the left, one character from the edge",
    "Use different odd and even pages",
)
FOOT_DISTANCE = _rule(
    "page-number-distance",
    "7.5",
    _ALL,
    "页码一字线应在版心下边缘之下7mm处",
    "把页脚距边界设为2.5厘米左右",
    "The dashes of the page number stand 7 mm below the type area",
    "Set the distance of the footer to about 2.5 cm",
)
FOOT_LYING = _rule(
    "page-number-lying",
    "8",
    _ALL,
    "横排页的页码位置应与其他页一致（横排页左侧，随页旋转）",
    "把横排页的页码放进左侧竖排文本框",
    "Lying pages have the number where upright ones have it",
    "Put it into a turned text box at the left",
)
IMPRINT_RULES = _rule(
    "imprint-rules",
    "7.4.1",
    _TEXT,
    "版记首末条分隔线应为0.35mm，中间分隔线应为0.25mm",
    "首末条设为1磅，中间设为0.75磅",
    "The imprint's outer rules are 0.35 mm, those between 0.25 mm",
    "Set 1 pt and 0.75 pt",
)
IMPRINT_TYPE = _rule(
    "imprint-type",
    "7.4",
    _TEXT,
    "版记应用4号（14磅）仿宋体",
    "把版记设为四号仿宋",
    "The imprint is in 14-pt Fangsong",
    "Set font and size",
)
IMPRINT_COPIES = _rule(
    "imprint-copies",
    "7.4.2",
    _TEXT,
    "“抄送”后应标全角冒号，最后一个抄送机关后应标句号",
    "写成“抄送：××，××。”的形式",
    "抄送 is followed by a full-width colon, and the line ends in a full stop",
    "Write it so",
)
IMPRINT_DATE = _rule(
    "imprint-date",
    "7.4.3",
    _TEXT,
    "印发日期应标全年月日，不编虚位，后加“印发”",
    "写成“2026年3月6日印发”的形式",
    "The printing date is in full, without padded zeros, followed by 印发",
    "Write it as 2026年3月6日印发",
)
IMPRINT_INDENT = _rule(
    "imprint-indent",
    "7.4.2",
    _TEXT,
    "版记文字应左空一字",
    "把左缩进设为1字符",
    "The imprint's text is indented by one character",
    "Set the left indent to 1 character",
)
TABLE_TITLE = _rule(
    "table-title",
    "表格惯例",
    _TABLES,
    "表题应居中排在表格上方",
    "在表格上方加居中的表题",
    "A table has its title centred above it",
    "Add one",
)
TABLE_MEASURE = _rule(
    "table-measure",
    "表格惯例",
    _TABLES,
    "计量单位应右对齐排在表格右上方",
    "把计量单位一行设为右对齐",
    "The measure stands at the right above the table",
    "Align it right",
)
TABLE_SIZE = _rule(
    "table-size",
    "表格惯例",
    _TABLES,
    "表内文字应为小四、五号或小五号",
    "把表内字号设为小四（12磅）或五号（10.5磅）",
    "A table's text is of 12, 10.5 or 9 pt",
    "Set one of these sizes",
)
TABLE_HEADER = _rule(
    "table-header",
    "表格惯例",
    _TABLES,
    "长表格应设置跨页重复表头",
    "选中表头行，勾选“在各页顶端以标题行形式重复出现”",
    "A long table repeats its header row",
    "Mark the header row as repeated",
)
