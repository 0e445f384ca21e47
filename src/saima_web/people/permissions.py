"""Who may do what: one table of actions, asked by views, actions, lists, exports and messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saima.problems import declare, refuse
from saima_web.base.clock import today
from saima_web.base.prepared import prepared
from saima_web.people.models import ADMINISTRATORS, Post, Role, Unit, User

Reach = Literal["all", "unit", "owned"]
"""all: everything in the campaign; unit: the post's own unit and those below it; owned: the
indicators that the post's unit answers for (data owner or lead unit) or whose category it has; of
tasks those that followup.scope names."""

NOT_ALLOWED = declare(
    "not-allowed",
    "您没有“{action}”的权限。",
    "如工作需要，请联系管理员调整角色。",
    "you may not “{action}”.",
    "Ask the administrator for the role if you need it.",
)

R = Role


@dataclass(frozen=True)
class Rule:
    """An action's name and, by role, how far it reaches.

    everywhere: only posts for all campaigns allow it, because it touches them all.
    """

    name: str | Promise
    reach: Mapping[str, Reach]
    everywhere: bool = False

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return str(self.name)


EVERYBODY: dict[str, Reach] = dict.fromkeys(Role.values, "all")
WATCHED: dict[str, Reach] = {
    R.OFFICE: "all",
    R.LEADER: "all",
    R.INSPECTOR: "all",
    R.CLERK: "unit",
    R.HEAD: "unit",
}
"""What a unit sees of itself, and those who oversee all units see of all."""

RULES: dict[str, Rule] = {
    "campaign.see": Rule(_("查看行动"), EVERYBODY),
    "campaign.manage": Rule(
        _("设置行动"), {R.ADMINISTRATOR: "all", R.SYSTEM: "all", R.OFFICE: "all"}
    ),
    "campaigns.make": Rule(
        pgettext_lazy("may", "新建行动"),
        {R.ADMINISTRATOR: "all", R.SYSTEM: "all", R.OFFICE: "all"},
        everywhere=True,
    ),
    "history.import": Rule(_("导入历史数据"), {R.OFFICE: "all"}),
    "people.see": Rule(_("查看通讯录"), dict.fromkeys((*ADMINISTRATORS, R.OFFICE), "all")),
    "people.manage": Rule(
        _("管理用户"), {R.ADMINISTRATOR: "all", R.SECURITY: "all"}, everywhere=True
    ),
    "deputies.name": Rule(_("委托代理"), {R.CLERK: "unit"}),
    "deputies.end": Rule(
        _("结束代理"), {R.HEAD: "unit", R.ADMINISTRATOR: "all", R.SECURITY: "all"}
    ),
    "units.manage": Rule(_("管理单位"), {R.ADMINISTRATOR: "all", R.SYSTEM: "all", R.OFFICE: "all"}),
    "indicators.see": Rule(_("查看指标"), EVERYBODY),
    "indicators.manage": Rule(_("管理指标"), {R.OFFICE: "all"}),
    "indicators.note": Rule(
        _("记录政策、对接和上级排名"),
        {R.OFFICE: "all", R.LEAD_OFFICE: "owned", R.DATA_OWNER: "owned"},
    ),
    "campaign.note": Rule(_("记录行动的政策和对接"), {R.OFFICE: "all"}),
    "contacts.see": Rule(
        _("查看对接记录"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.DATA_OWNER: "owned",
        },
    ),
    "rulebooks.see": Rule(_("查看考核办法"), EVERYBODY),
    "rulebooks.see-draft": Rule(
        _("查看考核办法草稿"), {R.OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all"}
    ),
    "rulebooks.edit": Rule(_("编辑考核办法"), {R.OFFICE: "all"}),
    "rulebooks.publish": Rule(_("发布考核办法"), {R.OFFICE: "all"}),
    "targets.see": Rule(
        _("查看目标"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.VIEWER: "all",
            R.PROJECT_OFFICE: "all",
            R.LEAD_OFFICE: "all",
            R.ADMINISTRATOR: "all",
            R.DATA_OWNER: "owned",
            R.CLERK: "unit",
            R.HEAD: "unit",
        },
    ),
    "targets.edit": Rule(_("编制目标"), {R.OFFICE: "all", R.PROJECT_OFFICE: "all"}),
    "targets.approve": Rule(_("批准目标"), {R.LEADER: "all"}),
    "goals.propose": Rule(
        _("提出文字目标"),
        {R.OFFICE: "all", R.PROJECT_OFFICE: "all", R.CLERK: "unit", R.HEAD: "unit"},
    ),
    "leads.write": Rule(
        _("登记线索、地块"),
        {R.OFFICE: "all", R.PROJECT_OFFICE: "all", R.CLERK: "unit", R.HEAD: "unit"},
    ),
    "countermeasures.write": Rule(
        _("填写对策"),
        {R.CLERK: "unit", R.HEAD: "unit", R.DATA_OWNER: "owned", R.LEAD_OFFICE: "owned"},
    ),
    "projects.see": Rule(
        _("查看重点项目"),
        {
            R.OFFICE: "all",
            R.PROJECT_OFFICE: "all",
            R.LEAD_OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.CLERK: "unit",
            R.HEAD: "unit",
        },
    ),
    "projects.manage": Rule(_("管理重点项目"), {R.PROJECT_OFFICE: "all"}),
    "projects.report": Rule(
        _("填报重点项目"), {R.PROJECT_OFFICE: "all", R.CLERK: "unit", R.HEAD: "unit"}
    ),
    "projects.inspect": Rule(_("登记现场检查"), {R.PROJECT_OFFICE: "all", R.INSPECTOR: "all"}),
    "rounds.manage": Rule(_("管理填报轮次"), {R.OFFICE: "all"}),
    "figures.see": Rule(
        _("查看填报数据"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.DATA_OWNER: "owned",
            R.CLERK: "unit",
            R.HEAD: "unit",
        },
    ),
    "figures.report": Rule(pgettext_lazy("may", "填报"), {R.CLERK: "unit", R.HEAD: "unit"}),
    "figures.report-for": Rule(_("代单位填报"), {R.DATA_OWNER: "owned"}),
    "figures.endorse": Rule(_("单位审核"), {R.HEAD: "unit"}),
    "figures.provide": Rule(_("统一提供数据"), {R.DATA_OWNER: "owned"}),
    "figures.confirm": Rule(pgettext_lazy("may", "核定"), {R.DATA_OWNER: "owned"}),
    "figures.comment": Rule(
        pgettext_lazy("may", "批注"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.DATA_OWNER: "owned",
            R.CLERK: "unit",
            R.HEAD: "unit",
        },
    ),
    "scores.run": Rule(pgettext_lazy("may", "计分"), {R.OFFICE: "all"}),
    "scores.see-draft": Rule(_("查看未公布的得分"), {R.OFFICE: "all", R.LEADER: "all"}),
    "scores.approve": Rule(pgettext_lazy("may", "审定"), {R.LEADER: "all"}),
    "scores.publish": Rule(_("公布排名"), {R.OFFICE: "all"}),
    "scores.see": Rule(_("查看排名"), EVERYBODY),
    "scores.explain": Rule(
        _("查看计分过程"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.DATA_OWNER: "owned",
            R.CLERK: "unit",
            R.HEAD: "unit",
        },
    ),
    "sheets.check": Rule(_("核对本单位成绩"), {R.CLERK: "unit", R.HEAD: "unit"}),
    "events.see": Rule(_("查看加扣分事项"), EVERYBODY),
    "events.manage": Rule(_("登记加扣分事项"), {R.OFFICE: "all"}),
    "appeals.raise": Rule(pgettext_lazy("may", "申诉"), {R.HEAD: "unit"}),
    "appeals.see": Rule(
        _("查看申诉"), {R.OFFICE: "all", R.LEADER: "all", R.HEAD: "unit", R.CLERK: "unit"}
    ),
    "appeals.decide": Rule(_("处理申诉"), {R.OFFICE: "all"}),
    "bulletins.see": Rule(_("查看通报"), EVERYBODY),
    "bulletins.issue": Rule(pgettext_lazy("may", "印发通报"), {R.OFFICE: "all"}),
    "public.release": Rule(pgettext_lazy("may", "对外公示"), {R.LEADER: "all"}),
    "cockpit.see": Rule(_("查看驾驶舱"), {R.OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all"}),
    "completeness.see": Rule(
        _("查看应报尽报"),
        {R.OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all"},
    ),
    "board.run": Rule(_("操作大屏"), {R.OFFICE: "all"}),
    "board.see": Rule(_("观看大屏"), EVERYBODY),
    "instructions.write": Rule(pgettext_lazy("may", "写批示"), {R.LEADER: "all"}),
    "instructions.answer": Rule(_("回复批示"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "instructions.see": Rule(
        _("查看批示"),
        {R.OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all", R.HEAD: "unit", R.CLERK: "unit"},
    ),
    "tasks.see": Rule(
        _("查看任务"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.PROJECT_OFFICE: "owned",
            R.LEAD_OFFICE: "owned",
            R.HEAD: "unit",
            R.CLERK: "unit",
        },
    ),
    "tasks.initiate": Rule(
        _("立项"),
        {R.OFFICE: "all", R.LEADER: "all", R.PROJECT_OFFICE: "all", R.LEAD_OFFICE: "all"},
    ),
    "tasks.manage": Rule(
        _("交办和审核任务"),
        {R.OFFICE: "all", R.PROJECT_OFFICE: "owned", R.LEAD_OFFICE: "owned"},
    ),
    "tasks.report": Rule(_("承办任务"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "tasks.evaluate": Rule(_("评价任务"), {R.OFFICE: "all", R.LEADER: "all"}),
    "tasks.limits": Rule(_("设定默认时限"), {R.OFFICE: "all"}),
    "tasks.share-view": Rule(_("共享任务视图"), {R.OFFICE: "all"}),
    "tasks.remind": Rule(
        _("催办"),
        {R.OFFICE: "all", R.INSPECTOR: "all", R.PROJECT_OFFICE: "owned", R.LEAD_OFFICE: "owned"},
    ),
    "pledges.see": Rule(_("查看承诺、表态、方案和值守"), WATCHED),
    "pledges.write": Rule(_("填写本单位承诺、表态、方案和值守"), {R.CLERK: "unit", R.HEAD: "unit"}),
    "pledges.vow": Rule(_("代表本单位作出承诺、表态，提交方案"), {R.HEAD: "unit"}),
    "pledges.review": Rule(_("认定承诺、审定方案、核查制度"), {R.OFFICE: "all"}),
    "redlines.see": Rule(_("查看红线"), EVERYBODY),
    "redlines.manage": Rule(_("设置红线领域和许可的否决"), {R.OFFICE: "all"}),
    "risks.see": Rule(_("查看底线清单"), WATCHED),
    "risks.check": Rule(
        _("检查风险、填写预案"),
        {R.OFFICE: "all", R.INSPECTOR: "all", R.CLERK: "unit", R.HEAD: "unit"},
    ),
    "incidents.see": Rule(_("查看红线事件"), WATCHED),
    "incidents.record": Rule(_("登记红线事件"), {R.OFFICE: "all", R.INSPECTOR: "all"}),
    "incidents.confirm": Rule(_("审定红线事件"), {R.LEADER: "all"}),
    "incidents.appeal": Rule(_("对红线事件申诉"), {R.HEAD: "unit"}),
    "honours.see": Rule(_("查看奖惩"), WATCHED),
    "honours.record": Rule(_("登记奖惩"), {R.OFFICE: "all"}),
    "honours.approve": Rule(_("审定奖惩"), {R.LEADER: "all"}),
    "accountability.see": Rule(_("查看责任追究"), {R.OFFICE: "all", R.LEADER: "all"}),
    "accountability.record": Rule(_("登记责任追究"), {R.OFFICE: "all"}),
    "contributions.see": Rule(
        _("查看实绩记录"), {R.OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all"}
    ),
    "contributions.record": Rule(_("登记实绩记录"), {R.OFFICE: "all"}),
    "contributions.switch": Rule(_("开启或关闭实绩记录"), {R.LEADER: "all"}),
    "inspections.see": Rule(
        _("查看督查"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.HEAD: "unit",
            R.CLERK: "unit",
        },
    ),
    "inspections.manage": Rule(
        _("组织督查"), {R.OFFICE: "all", R.INSPECTOR: "all", R.LEAD_OFFICE: "owned"}
    ),
    "inspections.task": Rule(
        _("督查发现立项督办"), {R.OFFICE: "all", R.INSPECTOR: "all", R.LEAD_OFFICE: "owned"}
    ),
    "inspections.approve": Rule(_("批准督查计划"), {R.LEADER: "all"}),
    "inspections.answer": Rule(_("反馈督查结论"), {R.HEAD: "unit"}),
    "findings.report": Rule(_("反馈整改情况"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "problems.see": Rule(
        _("查看难题"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.HEAD: "unit",
            R.CLERK: "unit",
        },
    ),
    "problems.raise": Rule(_("提出难题"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "problems.sort": Rule(_("分流、议定和销号难题"), {R.OFFICE: "all", R.LEAD_OFFICE: "owned"}),
    "problems.rule": Rule(_("决定上报的难题"), {R.LEADER: "all"}),
    "problems.report": Rule(_("反馈难题办理情况"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "dispatch.see": Rule(
        _("查看运行调度"),
        {
            R.OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "all",
            R.HEAD: "unit",
            R.CLERK: "unit",
        },
    ),
    "dispatch.manage": Rule(_("组织运行调度"), {R.OFFICE: "all"}),
    "cards.see": Rule(
        _("查看黄牌红牌"),
        {
            R.OFFICE: "all",
            R.PROJECT_OFFICE: "all",
            R.LEADER: "all",
            R.INSPECTOR: "all",
            R.LEAD_OFFICE: "owned",
            R.HEAD: "unit",
            R.CLERK: "unit",
        },
    ),
    "cards.see-proposed": Rule(
        _("查看未发出的牌"),
        {R.OFFICE: "all", R.PROJECT_OFFICE: "all", R.LEADER: "all", R.INSPECTOR: "all"},
    ),
    "cards.decide": Rule(_("决定指标类的牌"), {R.OFFICE: "all"}),
    "cards.decide-project": Rule(_("决定项目类的牌"), {R.PROJECT_OFFICE: "all"}),
    "cards.escalate": Rule(_("约谈"), {R.OFFICE: "all", R.LEADER: "all"}),
    "cards.answer": Rule(_("答复黄牌红牌"), {R.HEAD: "unit", R.CLERK: "unit"}),
    "cards.rules-see": Rule(_("查看黄红牌规则"), EVERYBODY),
    "cards.rules-edit": Rule(_("编写、启用黄红牌规则"), {R.OFFICE: "all"}),
    "notices.write": Rule(_("发通知"), {R.OFFICE: "all"}),
    "notices.see": Rule(_("查看通知"), EVERYBODY),
    "messages.manage": Rule(
        _("管理消息通道"), {R.ADMINISTRATOR: "all", R.SYSTEM: "all"}, everywhere=True
    ),
    "operations.see": Rule(
        _("查看运行情况"), {R.ADMINISTRATOR: "all", R.SYSTEM: "all"}, everywhere=True
    ),
    "audit.see": Rule(_("查看账本"), {R.ADMINISTRATOR: "all", R.AUDIT: "all", R.OFFICE: "all"}),
    "log-ins.see": Rule(_("查看登录记录"), {R.ADMINISTRATOR: "all", R.AUDIT: "all"}),
}
"""Action -> rule. A role that is not named may not do it. Slices add theirs by a row here."""


def posts_of(by: User) -> list[Post]:
    """A user's posts in force today, read once per user object (a request)."""
    known: list[Post] | None = getattr(by, "_posts_today", None)
    if known is None:
        day = today()
        known = [
            p
            for p in _posts(by.pk)
            if (p.valid_from is None or p.valid_from <= day)
            and (p.valid_to is None or day <= p.valid_to)
        ]
        by._posts_today = known  # type: ignore[attr-defined]
    return known


@prepared
def _posts(user: Any) -> QuerySet[Post, Post]:
    rows = Post.objects.filter(user=user).select_related("unit", "campaign")
    return rows.order_by("role", "pk")


def roles_of(by: User, campaign: Any = None) -> set[str]:
    """The roles that a user has, in a campaign if one is given."""
    return {p.role for p in posts_of(by) if _in(p, campaign)}


def may(
    by: Any, action: str, *, campaign: Any = None, unit: Any = None, indicator: Any = None
) -> bool:
    """Whether a user may do an action, on a unit and an indicator where they are given."""
    if by is None or not getattr(by, "is_active", False):
        return False
    rule = RULES[action]
    return any(
        _reaches(p, rule.reach[p.role], unit, indicator)
        for p in posts_of(by)
        if p.role in rule.reach and _in(p, campaign) and not (rule.everywhere and p.campaign_id)
    )


def require(by: Any, action: str, **on: Any) -> None:
    """Refuse what `may` does not allow. Errors: Refused `not-allowed`."""
    if not may(by, action, **on):
        raise refuse(NOT_ALLOWED, action=RULES[action].title)


def _in(post: Post, campaign: Any) -> bool:
    return campaign is None or post.campaign_id is None or post.campaign_id == campaign.pk


def _reaches(post: Post, reach: Reach, unit: Any, indicator: Any) -> bool:
    if reach == "all":
        return True
    if reach == "unit":
        return unit is None or (post.unit_id is not None and _holds(post, unit.pk))
    return indicator is None or owns(post, indicator)


def _holds(post: Post, unit_id: int) -> bool:
    """Whether a unit is the post's own or below it; the own one needs no look at the tree."""
    return unit_id == post.unit_id or unit_id in _below(post)


def _below(post: Post) -> set[int]:
    """`below` of a post's unit, read once per post object (a request)."""
    known: set[int] | None = getattr(post, "_units_below", None)
    if known is None:
        known = below(post.unit_id) if post.unit_id is not None else set()
        post._units_below = known  # type: ignore[attr-defined]
    return known


def owns(post: Post, indicator: Any) -> bool:
    """Whether an indicator is in a post's care: by its categories, or by its unit."""
    if post.categories:
        return indicator.category in post.categories
    return post.unit_id is not None and post.unit_id in (
        indicator.data_owner_id,
        indicator.lead_unit_id,
    )


def below(unit_id: int) -> set[int]:
    """A unit and all units below it, by id."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Unit.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, todo = set(), [unit_id]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo.extend(children.get(current, ()))
    return found


def _opening(by: User, action: str, campaign: Any) -> Iterator[tuple[Post, Reach]]:
    """A user's posts that open an action in a campaign, each with how far it reaches."""
    reaches = RULES[action].reach
    for post in posts_of(by):
        if post.role in reaches and _in(post, campaign):
            yield post, reaches[post.role]


def units_for(by: User, action: str, campaign: Any = None) -> QuerySet[Unit]:
    """The units on which a user may do an action: the scope of every list."""
    if on_all_units(by, action, campaign):
        return Unit.objects.all()
    ids: set[int] = set()
    for post, _reach in _opening(by, action, campaign):
        ids |= _below(post)
    return Unit.objects.filter(pk__in=ids)


def on_all_units(by: User, action: str, campaign: Any = None) -> bool:
    """Whether a user's posts open all units for an action, whatever the indicator."""
    return any(reach in ("all", "owned") for _post, reach in _opening(by, action, campaign))


def indicators_for(by: User, action: str, campaign: Any = None) -> Q | None:
    """A filter on indicators: those on which a user may do an action, whichever the unit.

    None where it is their units that say what they may.
    """
    allowed = Q(pk__in=[])
    for post, reach in _opening(by, action, campaign):
        if reach == "all":
            return Q()
        if reach == "unit" and post.unit_id is not None:
            return None
        if reach == "owned":
            allowed |= _owned(post)
    return allowed


def _owned(post: Post, on: str = "") -> Q:
    """A filter on indicators, or on what has one: those that are a post's to settle."""
    if post.categories:
        return Q(**{f"{on}category__in": post.categories})
    if post.unit_id is None:
        return Q(pk__in=[])
    return Q(**{f"{on}data_owner_id": post.unit_id}) | Q(**{f"{on}lead_unit_id": post.unit_id})


def cells_for(by: User, action: str, campaign: Any = None) -> Q:
    """A filter on rows with `unit` and `indicator`: those on which a user may do an action.

    For models whose foreign keys are called so (entries, figures, targets).
    """
    allowed = Q(pk__in=[])
    for post, reach in _opening(by, action, campaign):
        if reach == "all":
            return Q()
        if reach == "unit" and post.unit_id is not None:
            allowed |= Q(unit_id__in=_below(post))
        elif reach == "owned":
            allowed |= _owned(post, "indicator__")
    return allowed
