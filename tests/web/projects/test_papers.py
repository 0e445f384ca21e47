"""Papers that run out: in the unit's to-do, told once a stage, renewed or let go with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.dashboards.queries import my_work
from saima_web.jobs.models import JobRun
from saima_web.messaging.models import Message
from saima_web.people.models import User
from saima_web.projects import actions, queries
from saima_web.projects.models import PaperNotice, Project, ProjectPaper
from saima_web.projects.papers import actions as following
from saima_web.projects.papers.queries import my_papers, pressing
from saima_web.projects.papers.reminders import remind
from saima_web.site.jobs import JOBS, run_due
from tests.web.cast import House
from tests.web.projects.test_projects import code_of, day, entered

__all__ = ["day"]
As = Callable[[User], Client]
TODAY = date(2026, 10, 29)


def paper(house: House, project: Project, last: date | None, **values: Any) -> ProjectPaper:
    given = {
        "kind": "permit",
        "name": "施工许可证",
        "number": "示建许〔2026〕7号",
        "on": date(2026, 1, 8),
    }
    by = house.clerk if project.unit.code == "E1" else house.other_clerk
    return actions.add_paper(project=project, by=by, expires=last, **{**given, **values})


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def on(days: int, hour: int = 4) -> Any:
    return clock.at(datetime(2026, 10, 29, hour, tzinfo=UTC) + timedelta(days=days))


def titles(house: House, who: str) -> list[str]:
    return [w.title for w in my_papers(house.people[who], house.campaign)]


def told(user: User) -> list[str]:
    return list(Message.objects.filter(to=user, kind="project").order_by("pk").values_list("subject", flat=True))  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (30, "还有30天到期"), (1, "还有1天到期"), (0, "今天到期"), (-1, "过期1天"), (-400, "过期400天"),
        (31, ""),
    ],
)  # fmt: skip
def test_a_paper_waits_for_its_unit_from_thirty_days_before_its_end(
    house: House, days: int, words: str
) -> None:
    paper(house, entered(house), after(days))
    expected = [f"古镇二期的“施工许可证”{words}"] if words else []
    assert titles(house, "clerk") == titles(house, "head") == expected
    for other in ("other_clerk", "other_head", "leader", "viewer", "stranger"):
        assert titles(house, other) == []


def test_it_stands_on_the_page_of_ones_work_in_the_order_of_its_day(
    house: House, as_user: As
) -> None:
    project = entered(house)
    paper(house, project, after(17))
    paper(house, project, after(-2), name="临时用地批复")
    items = [i for i in my_work(house.clerk, house.campaign) if i.kind == "project"]
    assert [i.title for i in items] == [
        "古镇二期的“临时用地批复”过期2天", "古镇二期的“施工许可证”还有17天到期",
    ]  # fmt: skip
    page = as_user(house.clerk).get("/c/race/").content.decode()
    assert items[0].title in page
    assert items[0].href == f"/c/race/projects/{project.pk}/#papers"


def test_the_project_office_gets_one_line_of_those_that_have_ended(house: House) -> None:
    paper(house, entered(house), after(-2))
    paper(house, entered(house, name="环路", unit=house.units["E2"]), after(-1))
    paper(house, entered(house, name="水厂"), after(3))
    [line] = my_papers(house.project_office, house.campaign)
    assert line.title == "2份项目材料已过有效期"
    assert line.href.endswith("/projects/?box=expiring")


def test_without_an_end_of_a_finished_project_or_a_closed_campaign_nothing_waits(
    house: House,
) -> None:
    paper(house, entered(house), None)
    done = entered(house, name="水厂")
    paper(house, done, after(-2))
    actions.record_start(project=done, on=date(2026, 3, 2), by=house.project_office)
    assert len(titles(house, "clerk")) == 1
    actions.record_finish(project=done, on=date(2026, 9, 2), by=house.project_office)
    assert titles(house, "clerk") == []
    assert queries.standing_of(Project.objects.get(pk=done.pk)).expiring == []
    paper(house, entered(house, name="环路"), after(-2))
    house.campaign.state = "closed"
    house.campaign.save()
    assert titles(house, "clerk") == []
    assert remind() == 0


def test_a_unit_is_told_once_a_stage_however_often_the_job_runs(house: House) -> None:
    paper(house, entered(house), after(29))
    days_run = range(40)
    for days in days_run:
        with on(days):
            remind()
            remind()
    assert told(house.clerk) == told(house.head) == [
        "材料还有29天到期：施工许可证", "材料还有7天到期：施工许可证", "材料过期1天：施工许可证",
    ]  # fmt: skip
    assert told(house.other_clerk) == told(house.project_office) == []
    assert PaperNotice.objects.count() == 3
    message = Message.objects.filter(to=house.clerk).first()
    assert message is not None
    assert "古镇二期的“施工许可证”有效期至2026-11-27" in message.text
    assert message.link.endswith("#papers")


def test_a_paper_entered_late_is_told_of_at_its_stage_only(house: House) -> None:
    paper(house, entered(house), after(5))
    assert remind() == 2
    paper(house, entered(house, name="环路", unit=house.units["E2"]), after(-90))
    assert remind() > 0
    assert told(house.clerk) == ["材料还有5天到期：施工许可证"]
    assert told(house.other_clerk) == ["材料过期90天：施工许可证"]


def test_the_last_day_is_counted_by_the_clock_of_the_place(house: House) -> None:
    """At 00:30 in China it is still the day before in UTC."""
    paper(house, entered(house), after(0))
    with on(0, hour=15):
        assert titles(house, "clerk") == ["古镇二期的“施工许可证”今天到期"]
    with clock.at(datetime(2026, 10, 29, 16, 30, tzinfo=UTC)):
        assert titles(house, "clerk") == ["古镇二期的“施工许可证”过期1天"]
        remind()
    assert told(house.clerk) == ["材料过期1天：施工许可证"]


def test_the_daily_job_tells_at_eight_and_says_how_many(house: House) -> None:
    paper(house, entered(house), after(3))
    assert "projects.remind" in JOBS
    assert "projects.remind" in run_due()
    assert "projects.remind" not in run_due()
    run = JobRun.objects.get(job="projects.remind")
    assert (run.failed, run.outcome) == (False, "提醒到期材料2人次")
    with on(1):
        assert "projects.remind" in run_due()
    assert len(told(house.clerk)) == 1


def test_a_renewed_paper_is_a_new_row_and_the_old_one_no_longer_presses(house: House) -> None:
    project = entered(house)
    old = paper(house, project, after(3))
    new = following.renew_paper(
        paper=old, expires=after(365), on=TODAY, number="示建许〔2027〕1号", by=house.clerk
    )
    assert (new.kind, new.name, new.expires) == (old.kind, old.name, after(365))
    old.refresh_from_db()
    assert (old.expires, old.number) == (after(3), "示建许〔2026〕7号")
    assert list(pressing(house.campaign, TODAY)) == []
    assert titles(house, "clerk") == [] and remind() == 0
    with on(364):
        assert titles(house, "clerk") == ["古镇二期的“施工许可证”还有1天到期"]


def test_a_longer_one_entered_as_a_new_paper_counts_as_renewed_another_does_not(
    house: House,
) -> None:
    project = entered(house)
    paper(house, project, after(3))
    paper(house, project, after(300), name="建设用地规划许可证")
    paper(house, project, after(2), number="补证")
    assert len(titles(house, "clerk")) == 1
    paper(house, entered(house, name="水厂"), after(300))
    assert titles(house, "clerk") == ["古镇二期的“施工许可证”还有3天到期"]
    paper(house, project, after(300))
    assert titles(house, "clerk") == []


def test_a_paper_is_let_go_for_a_reason_and_only_once(house: House) -> None:
    row = paper(house, entered(house), after(-3))
    with pytest.raises(Refused) as refused:
        following.let_go(paper=row, reason="　", by=house.clerk)
    assert code_of(refused) == "paper-no-reason"
    following.let_go(paper=row, reason="已开工，批复不再使用", by=house.clerk)
    assert titles(house, "clerk") == [] and remind() == 0
    assert Entry.objects.filter(event="project.paper-let-go").count() == 1
    with pytest.raises(Refused) as refused:
        following.let_go(paper=row, reason="再说一次", by=house.clerk)
    assert code_of(refused) == "paper-settled"


@pytest.mark.parametrize(
    ("expires", "issued", "code"),
    [(3, 0, "paper-not-longer"), (2, 0, "paper-not-longer"), (20, 30, "paper-dates-order")],
)
def test_a_renewal_that_ends_no_later_or_begins_after_its_end_is_refused(
    house: House, expires: int, issued: int, code: str
) -> None:
    row = paper(house, entered(house), after(3))
    with pytest.raises(Refused) as refused:
        following.renew_paper(paper=row, expires=after(expires), on=after(issued), by=house.clerk)
    assert code_of(refused) == code
    assert ProjectPaper.objects.count() == 1


@pytest.mark.parametrize("who", ["other_clerk", "leader", "office", "viewer"])
def test_others_neither_renew_nor_let_go(house: House, who: str) -> None:
    row = paper(house, entered(house), after(3))
    by = house.people[who]
    for work in (
        lambda: following.renew_paper(paper=row, expires=after(300), on=TODAY, by=by),
        lambda: following.let_go(paper=row, reason="不用了", by=by),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert code_of(refused) == "not-allowed"


def test_on_the_page_a_paper_that_runs_out_is_renewed_or_let_go(house: House, as_user: As) -> None:
    project = entered(house)
    first, second = (
        paper(house, project, after(17)),
        paper(house, project, after(-2), name="临时用地"),
    )
    browser, page = as_user(house.clerk), reverse("projects:one", args=["race", project.pk])
    shown = browser.get(page).content.decode()
    assert "还有17天到期" in shown and "过期2天" in shown and shown.count(">续办</summary>") == 2
    follow = [reverse("projects:paper-follow", args=["race", x.pk]) for x in (first, second)]
    answer = browser.post(follow[0], {"expires": "2027-11-30", "on": "2026-10-28"})
    assert answer["Location"] == f"{page}#papers"
    browser.post(follow[1], {"reason": "工程已复绿移交"})
    shown = browser.get(page).content.decode()
    assert (
        "已续办" in shown and "不用续办：工程已复绿移交" in shown and ">续办</summary>" not in shown
    )
    assert "续办</summary>" not in as_user(house.leader).get(page).content.decode()


def test_a_date_that_cannot_be_read_changes_nothing_and_says_so(house: House, as_user: As) -> None:
    row = paper(house, entered(house), after(3))
    browser = as_user(house.clerk)
    address = reverse("projects:paper-follow", args=["race", row.pk])
    shown = browser.post(
        address, {"expires": "明年", "reason": "不用"}, follow=True
    ).content.decode()
    assert "日期没有填对" in shown
    shown = browser.post(address, {}, headers={"referer": "/c/race/"}).content.decode()
    assert "没有新的有效期" in shown
    row.refresh_from_db()
    assert row.settled_on is None and ProjectPaper.objects.count() == 1


@pytest.mark.usefixtures("house")
def test_the_list_and_the_to_do_name_the_same_papers(house: House, as_user: As) -> None:
    project, other = entered(house), entered(house, name="水厂")
    paper(house, project, after(3))
    following.let_go(paper=paper(house, other, after(3)), reason="不再使用", by=house.clerk)
    page = as_user(house.project_office).get("/c/race/projects/?box=expiring").content.decode()
    assert ">古镇二期</a>" in page and ">水厂</a>" not in page
