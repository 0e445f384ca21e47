"""What the frame of every page shows: navigation, day counter, state of the ledger."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy

from saima_web.audit.queries import chain_line
from saima_web.campaigns.pages import campaign_in
from saima_web.campaigns.queries import campaigns_of, current_campaign, day_count
from saima_web.messaging.queries import unread
from saima_web.people.permissions import may
from saima_web.site.watermark import watermark

NAVIGATION = (
    (gettext_lazy("我的工作"), "dashboards:work", "campaign.see", "w"),
    (gettext_lazy("驾驶舱"), "dashboards:cockpit", "cockpit.see", "c"),
    (gettext_lazy("排名"), "dashboards:ranking", "scores.see", "r"),
    (gettext_lazy("指标"), "indicators:list", "indicators.see", "i"),
    (gettext_lazy("目标"), "targets:list", "targets.see", "t"),
    (gettext_lazy("项目"), "projects:list", "projects.see", "p"),
    (gettext_lazy("督办"), "followup:tasks", "tasks.see", "d"),
    (gettext_lazy("填报"), "reporting:rounds", "figures.see", "e"),
    (gettext_lazy("计分"), "scoring:runs", "scores.see-draft", "s"),
    (gettext_lazy("通报"), "publishing:list", "bulletins.see", "b"),
    (gettext_lazy("设置"), "campaigns:settings", "campaign.manage", ""),
)
"""Title, address, what one must be allowed to, and the letter after g."""

TABS = (
    (gettext_lazy("任务"), "followup:tasks", "tasks.see"),
    (gettext_lazy("批示"), "followup:instructions", "instructions.see"),
    (gettext_lazy("督查"), "supervision:inspections", "inspections.see"),
    (gettext_lazy("难题"), "supervision:problems", "problems.see"),
    (gettext_lazy("调度"), "supervision:dispatch", "dispatch.see"),
    (gettext_lazy("黄红牌"), "cards:list", "cards.see"),
    (gettext_lazy("承诺"), "pledges:list", "pledges.see"),
    (gettext_lazy("红线"), "redlines:list", "redlines.see"),
)
"""The pages of following up, as a row of tabs on each of them: title, address, action."""

PERSONAL: tuple[tuple[Any, str, str | None], ...] = (
    (gettext_lazy("消息"), "messaging:inbox", None),
    (gettext_lazy("我的账号"), "people:account", None),
    (gettext_lazy("人员和单位"), "people:users", "people.see"),
    (gettext_lazy("账本"), "audit:ledger", "audit.see"),
    (gettext_lazy("运行情况"), "operations:state", "operations.see"),
    (gettext_lazy("消息通道"), "messaging:channels", "messages.manage"),
    (gettext_lazy("接口令牌"), "api:all-tokens", "people.manage"),
    (gettext_lazy("事件推送"), "api:hooks", "messages.manage"),
    (gettext_lazy("新建行动"), "setup:new", "campaigns.make"),
)
"""The personal menu: title, address, what one must be allowed to; None for everybody."""


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame, made only when a template asks for it."""
    return {"page": SimpleLazyObject(lambda: _page(request))}


def _page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "nav": [],
            "campaigns": [],
            "personal": [],
            "chain": "",
            "days": "",
            "campaign": None,
        }
    campaign = campaign_in(request) or current_campaign(user)
    return {
        "campaign": campaign,
        "nav": _navigation(request, user, campaign) if campaign else [],
        "tabs": _tabs(request, user, campaign) if campaign else [],
        "campaigns": [
            {"title": c.name, "href": f"{reverse('home')}?campaign={c.code}", "on": c == campaign}
            for c in campaigns_of(user)
        ],
        "personal": _personal(user),
        "unread": unread(user),
        "days": _days(campaign) if campaign else "",
        "chain": chain_line(),
        "watermark": watermark(user),
    }


def _navigation(request: HttpRequest, user: Any, campaign: Any) -> list[dict[str, Any]]:
    match = request.resolver_match
    exact = match.view_name if match else ""
    return [
        {
            "title": title,
            "key": key,
            "href": reverse(name, args=[campaign.code]),
            "on": _is_on(name, exact),
        }
        for title, name, action, key in NAVIGATION
        if may(user, action, campaign=campaign)
    ]


def _is_on(name: str, exact: str) -> bool:
    """Whether an entry of the navigation stands for the page that is shown.

    An entry stands for its whole slice, the ranking for what is drawn from it.
    """
    own, here = (n.partition(":")[0] for n in (name, exact))
    if own == "dashboards":
        others = {n for _t, n, _a, _k in NAVIGATION} - {"dashboards:ranking"}
        drawn = name == "dashboards:ranking" and here == own and exact not in others
        return exact == name or drawn
    if own == "followup":
        return here in {t.partition(":")[0] for _title, t, _a in TABS}
    return here == own or (own, here) == ("campaigns", "setup")


def _tabs(request: HttpRequest, user: Any, campaign: Any) -> list[dict[str, Any]]:
    """The row of tabs, on every page of the slices that it leads to.

    A page belongs to the tab whose address it lies below, else to the first of its slice.
    """
    slice_ = request.resolver_match.app_name if request.resolver_match else ""
    tabs: list[dict[str, Any]] = [
        {"title": title, "href": reverse(name, args=[campaign.code]), "slice": name}
        for title, name, action in TABS
        if may(user, action, campaign=campaign)
    ]
    beside = [t for t in tabs if t["slice"].partition(":")[0] == slice_]
    if not beside:
        return []
    above = [t for t in tabs if request.path.startswith(t["href"])]
    shown = (above or beside)[0]
    return [t | {"on": t is shown} for t in tabs]


def _personal(user: Any) -> list[dict[str, str]]:
    return [
        {"title": str(title), "href": reverse(name), "name": name}
        for title, name, action in PERSONAL
        if action is None or may(user, action)
    ]


def _days(campaign: Any) -> str:
    count = day_count(campaign)
    if count is None:
        return ""
    return gettext("第%(day)s天　还有%(left)s天") % {"day": count[0], "left": count[1]}
