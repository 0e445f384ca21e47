"""What is refused about red lines, honours and consequences, and how to mend it."""

from __future__ import annotations

from saima.problems import declare, refuse

RECORD_INCOMPLETE = declare(
    "record-incomplete",
    "还没有写{what}。",
    "请补齐后再提交。",
    "{what} is missing.",
    "Fill it in, then send it again.",
)
NO_BASIS = declare(
    "consequence-needs-basis",
    "没有依据文件，不能登记“{name}”。",
    "请写明文件名称和文号；没有文件依据的，不得否决、扣分或追究。",
    "“{name}” has no basis document.",
    "Name the document and its number; without one nothing may follow.",
)
VETO_NOT_ALLOWED = declare(
    "veto-not-allowed",
    "“{name}”不在本行动许可的否决清单里。",
    "只能从清单里选；确需增加，请考核办凭依据文件先列入清单。",
    "“{name}” is not among the vetoes that this campaign allows.",
    "Choose from the list; the office may add one, with its basis.",
)
EXPIRY_NEEDED = declare(
    "veto-needs-expiry",
    "“{name}”没有写有效期，考核办法里也没有写期限。",
    "请填写有效期至哪一天，到期自动失效。",
    "“{name}” has no expiry, and the rulebook states none.",
    "Give the day on which it ends.",
)
EXPIRY_BEFORE = declare(
    "veto-expiry-before",
    "有效期{expires}早于发生日期{on}。",
    "请填发生日期以后的日子。",
    "the expiry {expires} is before the day {on}.",
    "Give a later day.",
)
DAY_TO_COME = declare(
    "incident-day-to-come",
    "日期{day}还没有到。",
    "请填已经发生的日期。",
    "the day {day} has not come.",
    "Give the day on which it happened.",
)
DOMAIN_THERE = declare(
    "domain-there-already",
    "已经有“{name}”。",
    "请直接使用，或换一个名称。",
    "“{name}” is there already.",
    "Use it, or give another name.",
)
RISK_CLOSED = declare(
    "risk-closed",
    "“{name}”已经销项。",
    "需要继续检查的，请重新列入清单。",
    "“{name}” is off the list.",
    "Enter it again if it needs checks.",
)
POINTS_NEEDED = declare(
    "points-needed",
    "{kind}要写大于0的分值。",
    "请填分值；不计分的请选表彰或通报批评。",
    "a {kind} needs points above zero.",
    "Give the points, or choose a kind without any.",
)
CONTRIBUTIONS_OFF = declare(
    "contributions-off",
    "本行动没有开启实绩记录。",
    "实绩记录默认关闭；确需使用，由领导写明依据后开启。",
    "this campaign keeps no contribution records.",
    "They are off unless a leader switches them on, with a basis.",
)
CONTRIBUTIONS_NOT_YOURS = declare(
    "contributions-not-yours",
    "您的角色没有被列入可以查看实绩记录的名单。",
    "名单由领导在开启时指定。",
    "your role is not among those who may read contribution records.",
    "The leader names them when switching the records on.",
)
ERASED_ALREADY = declare(
    "record-erased-already",
    "这条记录已经更正或删除。",
    "请看最新的一条。",
    "this record was corrected or erased already.",
    "See the latest one.",
)


def said(text: str, what: str) -> str:
    """Words without blanks around them. Errors: Refused where there are none."""
    if not text.strip():
        raise refuse(RECORD_INCOMPLETE, what=what)
    return text.strip()


def basis_of(text: str, name: str) -> str:
    """The basis document. Errors: Refused where there is none."""
    if not text.strip():
        raise refuse(NO_BASIS, name=name)
    return text.strip()
