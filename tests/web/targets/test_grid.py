"""The grid's page and what it sends: save, allocate, projects, cascade; problems in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client

from saima_web.base.clock import now
from saima_web.reporting.models import Figure
from saima_web.targets import actions
from saima_web.targets.edits import PlanEdit
from saima_web.targets.models import ProjectPlan, Target, TargetSet
from tests.web.cast import House
from tests.web.targets.helpers import edit, months, put, set_targets, value

Log = Callable[..., Client]
GRID = "/c/race/targets/grid/revenue/"


def send(client: Client, path: str, body: Any) -> Any:
    answer = client.post(
        path,
        json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    return answer.status_code, answer.json()


def data_of(page: str) -> Any:
    text = page.split('<script id="grid-data" type="application/json">')[1].split("</script>")[0]
    return json.loads(text)


def rows(data: Any) -> dict[str, Any]:
    return {r["id"]: r for r in data["rows"]}


def give_group(house: House, amount: str) -> None:
    """A headline: the group's own target."""
    Target.objects.create(
        batch=TargetSet.objects.get(title="年初目标"), unit=house.units["G"],
        indicator=house.indicators["revenue"], period="2026", value=amount, recorded_at=now(),
    )  # fmt: skip


def last_year(house: House) -> None:
    for unit, amount in (("E1", 100), ("E2", 200), ("C1", 300)):
        for month in range(1, 13):
            Figure.objects.create(
                unit=house.units[unit], indicator=house.indicators["revenue"],
                period=f"2025-{month:02}", source="confirmed", value=str(amount),
                origin="history", recorded_at=now(),
            )  # fmt: skip


def test_the_grid_saves_into_a_draft_and_shows_it(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    cells = [
        {"unit": "E1", "field": "m0", "value": "1,000"},
        {"unit": "E1", "field": "s", "value": "１３０００"},
    ]
    status, answer = send(client, GRID + "save/", {"cells": cells})
    assert status == 200
    row = rows(answer["data"])["E1"]
    assert (row["m0"], row["s"], row["y"]) == ("1000", "13000", "12000")
    assert value(house, "E1", "2026-01") is None
    assert "提交并批准后才生效" in client.get(GRID).content.decode()


def test_the_grid_names_what_is_no_number(house: House, as_user: Log) -> None:
    cells = [{"unit": "E1", "field": "m2", "value": "约一千"}]
    status, answer = send(as_user(house.office), GRID + "save/", {"cells": cells})
    assert status == 400
    assert answer["problems"][0]["text"].startswith("栖湖文旅2026年3月：“约一千”不是数字")
    assert not TargetSet.objects.filter(state="draft").exists()


def test_what_is_no_json_is_no_change(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    answer = client.post(GRID + "save/", "{oops", content_type="application/json")
    assert answer.status_code == 200
    assert not Target.objects.filter(batch__state="draft").exists()


def test_locking_and_unlocking_goes_through_the_draft(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    cells = [{"unit": "E1", "field": "y", "locked": True}]
    _, answer = send(client, GRID + "save/", {"cells": cells})
    assert answer["data"]["locks"] == ["E1|y"]


def test_clerk_sees_the_grid_but_cannot_save(house: House, as_user: Log) -> None:
    client = as_user(house.clerk)
    assert client.get(GRID).status_code == 200
    status, answer = send(client, GRID + "save/", {"cells": []})
    assert status == 403
    assert "编制目标" in answer["problem"]["message"]


def test_allocation_by_last_year_adds_up_and_saves_nothing(house: House, as_user: Log) -> None:
    last_year(house)
    wish = {"target": "36,001", "units_by": "history", "periods_by": "equal"}
    status, answer = send(as_user(house.office), GRID + "allocate/", wish)
    assert status == 200
    years = {c["unit"]: Decimal(c["value"]) for c in answer["cells"] if c["field"] == "y"}
    assert years == {"E1": 6000, "E2": 12000, "C1": 18001}
    plans = [Decimal(c["value"]) for c in answer["cells"] if c["field"].startswith("m")]
    assert sum(plans) == Decimal(36001)
    assert not TargetSet.objects.filter(state="draft").exists()


def test_allocation_by_weights_keeps_locked_cells(house: House, as_user: Log) -> None:
    set_targets(house, edit(house, "E1", "2026-01", value="500", locked=True))
    wish = {
        "target": "24000", "units_by": "weights", "periods_by": "equal",
        "unit_figures": {"E1": "1", "E2": "1", "C1": "2"},
    }  # fmt: skip
    _, answer = send(as_user(house.office), GRID + "allocate/", wish)
    cells = {(c["unit"], c["field"]): Decimal(c["value"]) for c in answer["cells"]}
    assert cells["E1", "m0"] == 500
    assert (cells["E1", "y"], cells["C1", "y"]) == (6000, 12000)


def test_an_impossible_allocation_names_the_smallest_conflict(house: House, as_user: Log) -> None:
    set_targets(
        house,
        edit(house, "E1", "2026", locked=True),
        edit(house, "E2", "2026", value="13000", locked=True),
    )
    wish = {"target": "20000", "units_by": "equal", "periods_by": "equal"}
    status, answer = send(as_user(house.office), GRID + "allocate/", wish)
    assert status == 400
    text = answer["problems"][0]["text"]
    assert "栖湖文旅各期合计锁定为12,000万元" in text
    assert "澄江置业各期合计锁定为13,000万元" in text
    assert "不能同时成立" in text


def test_earlier_months_stay_when_the_rest_is_shared_anew(house: House, as_user: Log) -> None:
    for unit in ("E1", "E2", "C1"):
        set_targets(house, *months(house, unit, "1000"))
    wish = {"target": "42000", "units_by": "equal", "periods_by": "equal", "since": "2026-10"}
    _, answer = send(as_user(house.office), GRID + "allocate/", wish)
    cells = {(c["unit"], c["field"]): Decimal(c["value"]) for c in answer["cells"]}
    assert cells["E1", "m8"] == 1000
    assert cells["E1", "m9"] == 1667
    assert sum(v for (_, f), v in cells.items() if f != "y") == 42000


def test_allocation_without_a_total_says_so(house: House, as_user: Log) -> None:
    wish = {"units_by": "equal", "periods_by": "equal"}
    status, answer = send(as_user(house.office), GRID + "allocate/", wish)
    assert (status, answer["problems"][0]["text"]) == (400, "请填总目标。")


def test_the_answer_says_how_far_the_units_are_above_the_headline(
    house: House, as_user: Log
) -> None:
    give_group(house, "35000")
    page = as_user(house.office).get(GRID).content.decode()
    assert "加码2.86%" in page
    assert "本级到单位：本级目标35,000万元，单位目标合计36,000万元，为1.0286倍" in page


def test_the_meter_starts_at_what_the_upper_level_assigned(house: House, as_user: Log) -> None:
    give_group(house, "35000")
    client = as_user(house.office)
    sent = {"comparator": "exceed", "assigned": "30000", "basis": "示例发〔2026〕2号"}
    client.post(GRID + "headline/", sent)
    page = client.get(GRID).content.decode()
    assert "上级到本级" in page
    assert "总目标突破35,000万元" in page


def test_projects_add_up_to_the_units_plan(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    path = "/c/race/targets/grid/investment/projects/"
    cells = [
        {"unit": "E1", "project": "栖湖码头", "field": "m0", "value": "300"},
        {"unit": "E1", "project": "游客中心", "field": "m0", "value": "200"},
        {"unit": "E1", "project": "游客中心", "field": "m1", "value": "250"},
    ]
    status, _ = send(client, path + "save/", {"cells": cells})
    assert status == 200
    status, answer = send(client, path + "sums/", {})
    assert status == 200
    batch = TargetSet.objects.get(pk=answer["draft"])
    actions.submit(batch=batch, by=house.office, reason="按项目落实")
    actions.approve(batch=batch, by=house.leader)
    assert value(house, "E1", "2026-01", "investment") == Decimal(500)
    assert value(house, "E1", "2026", "investment") == Decimal(750)


def test_a_cleared_project_cell_is_withdrawn(house: House) -> None:
    plan = PlanEdit(house.units["E1"], house.indicators["investment"], "栖湖码头", "2026-01", None)
    put_plan = PlanEdit(plan.unit, plan.indicator, plan.project, plan.period, Decimal(3))
    for one in (put_plan, plan):
        actions.put_plans(campaign=house.campaign, edits=[one], by=house.office)
    assert [p.withdrawn for p in ProjectPlan.objects.order_by("pk")] == [False, True]


def test_the_cascade_adds_up_to_the_month(house: House, as_user: Log) -> None:
    set_targets(house, edit(house, "E1", "2026-11", value="1000"))
    client = as_user(house.clerk)
    page = client.get(GRID + "cascade/", {"month": "2026-11", "by": "week"}).content.decode()
    assert "栖湖文旅2026年11月计划1,000万元" in page
    assert "1,000</td></tr></tbody>" in page  # the running sum ends at the month's plan


def test_an_unknown_indicator_is_not_found(house: House, as_user: Log) -> None:
    assert as_user(house.office).get("/c/race/targets/grid/nothing/").status_code == 404


def test_the_list_says_what_is_missing(house: House, as_user: Log) -> None:
    set_targets(house, edit(house, "E1", "2026", value=None))
    page = as_user(house.office).get("/c/race/targets/").content.decode()
    assert "1项缺1个单位的目标" in page


def test_the_list_says_whose_months_do_not_add_up(house: House, as_user: Log) -> None:
    set_targets(house, *months(house, "E1", "999"))
    page = as_user(house.office).get("/c/race/targets/").content.decode()
    assert "1个单位对不上" in page


def test_a_draft_is_submitted_and_approved_in_the_browser(house: House, as_user: Log) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    path = f"/c/race/targets/sets/{batch.pk}/"
    as_user(house.office).post(path + "submit/", {"title": "年中调整", "reason": "市场变化"})
    page = as_user(house.leader).get("/c/race/targets/").content.decode()
    assert "1批等您批准" in page
    as_user(house.leader).post(path + "decide/", {"verdict": "approve"})
    assert value(house, "E1", "2026") == Decimal(13000)
    page = as_user(house.head).get(path).content.decode()
    assert "调高1" in page
    assert "市场变化" in page
