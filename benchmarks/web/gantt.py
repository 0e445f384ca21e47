"""The Gantt chart with 1,040 bars in Chromium: the time from frame to frame while it is moved.

Eighty projects of thirteen activities, all links drawn, served from this process. Frames are
counted by the page itself (requestAnimationFrame); script, layout and painting are the browser's
own account of its main thread. 16.7 ms a frame is 60 frames a second.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

PROJECTS, STEPS = 80, 13
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
RECORD = """() => { window.frames_ = []; let last = performance.now();
  const next = now => { frames_.push(now - last); last = now; if (window.frames_) requestAnimationFrame(next); };
  requestAnimationFrame(next); }"""
TAKE = "() => { const found = window.frames_; window.frames_ = null; return found.slice(1); }"


def run() -> Iterator[str]:
    """Lines of the result."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            SAIMA_DATA=folder, SAIMA_SECRET="benchmark", SAIMA_DATABASE="",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",  # the browser's driver runs a loop
        )  # fmt: skip
        from saima_web.commands.django_setup import migrate, start

        start()
        migrate()
        yield from _measured(_filled())


def _filled() -> Any:
    """A campaign with its projects; its project office, who may drag."""
    from saima_web.campaigns.models import Campaign
    from saima_web.people.models import Post, Role, Unit, User
    from saima_web.projects.models import Milestone, Project

    campaign = Campaign.objects.create(
        code="race", name="示例赛马行动", organisation="示例集团", state="running",
        start=date(2026, 1, 1), end=date(2026, 12, 31), counts=["confirmed"],
    )  # fmt: skip
    unit = Unit.objects.create(code="E1", name="示例建设公司", kind="company")
    user = User.objects.create_user("office", "draw-the-bow-7", name="陆项目")
    Post.objects.create(user=user, role=Role.PROJECT_OFFICE, campaign=campaign)
    projects = Project.objects.bulk_create(
        Project(
            campaign=campaign, name=f"示例项目{n:03}", category="new", kind="industry", unit=unit
        )
        for n in range(PROJECTS)
    )
    Milestone.objects.bulk_create(row for p in projects for row in _steps(p))
    return user


def _steps(project: Any) -> Iterator[Any]:
    """Thirteen activities, most after the one before, some after two; the last is an event."""
    from saima_web.projects.models import Milestone

    first = date.today() + timedelta(days=project.pk % 60)
    for n in range(1, STEPS + 1):
        links = "" if n == 1 else f"{n - 1}" if n % 4 else f"{n - 1}，{n - 3}FS+5天"
        start = first + timedelta(days=20 * n)
        yield Milestone(
            project=project, number=n, name=f"第{n}项工作", duration=Decimal(0 if n == STEPS else 20),
            predecessors=links, planned_start=start, planned_finish=start + timedelta(days=19),
        )  # fmt: skip


def _measured(user: Any) -> Iterator[str]:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test import Client
    from django.test.testcases import LiveServerThread
    from playwright.sync_api import sync_playwright

    client = Client()
    client.force_login(user, backend="saima_web.people.backends.Accounts")
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    home = f"http://127.0.0.1:{server.port}"
    cookie = {"url": home, "name": "saima_session", "value": client.cookies["saima_session"].value}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield from _on_page(context.new_page(), home)
        browser.close()
    server.terminate()


def _on_page(page: Any, home: str) -> Iterator[str]:
    yield f"{'':<22}{'frames':>7}{'median':>8}{'95 %':>8}{'worst':>8}{'script':>9}{'layout':>9}  (ms)"
    for zoom in ("month", "day"):
        page.goto(f"{home}/c/race/projects/gantt/?what=all&zoom={zoom}")
        page.wait_for_selector(".g-row")
        page.locator(".g-scroll").scroll_into_view_if_needed()
        box = page.locator(".g-scroll").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for title, act in (("down", _down), ("across", _across), ("drag", _drag)):
            yield _line(page, f"{zoom}, {title}", act)


def _line(page: Any, title: str, act: Callable[[Any], None]) -> str:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = _metrics(session)
    page.evaluate(RECORD)
    act(page)
    frames = page.evaluate(TAKE)
    after = _metrics(session)
    spent = [1000 * (after[k] - before[k]) for k in ("ScriptDuration", "LayoutDuration")]
    spent[1] += 1000 * (after["RecalcStyleDuration"] - before["RecalcStyleDuration"])
    cuts = statistics.quantiles(frames, n=20)
    shown = (statistics.median(frames), cuts[-1], max(frames))
    return (
        f"{title:<22}{len(frames):>7}"
        + "".join(f"{v:>8.1f}" for v in shown)
        + "".join(f"{v:>9.0f}" for v in spent)
    )


def _metrics(session: Any) -> dict[str, float]:
    return {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}


def _down(page: Any) -> None:
    """The whole chart, as a wheel turns: 120 px at a time."""
    for _ in range(150):
        page.mouse.wheel(0, 200)
        page.wait_for_timeout(16)


def _across(page: Any) -> None:
    for n in range(120):
        page.mouse.wheel(150 if n < 60 else -150, 0)
        page.wait_for_timeout(16)


def _drag(page: Any) -> None:
    """A bar forth and back by some hundred pixels, let go where it was."""
    for bar in page.locator(".g-bar").all()[:200]:
        box = bar.bounding_box()
        if box and 400 < box["x"] < 900 and 300 < box["y"] < 700:
            break
    x, y = box["x"] + 5, box["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    for n in range(120):
        page.mouse.move(x + 2 * min(n, 120 - n), y)
        page.wait_for_timeout(16)
    page.mouse.move(x, y)
    page.mouse.up()
