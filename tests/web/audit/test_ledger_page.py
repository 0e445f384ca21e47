"""The page of the ledger, for those who may see it."""

from collections.abc import Callable

from django.test import Client

from saima_web.audit.actions import writing
from saima_web.people.models import User
from tests.web.cast import House

As = Callable[[User], Client]


def test_office_sees_and_verifies(house: House, as_user: As) -> None:
    with writing(house.clerk) as ledger:
        ledger.record("figure.reported", "E1/revenue/2026-10", value="5")
    client = as_user(house.office)
    assert "figure.reported" in client.get("/ledger/").content.decode()
    page = client.post("/ledger/verify/", follow=True).content.decode()
    assert "校验通过" in page
    assert client.get("/ledger/export/").status_code == 403, "it says who logged in when"


def test_audit_administrator_takes_the_ledger_along(house: House, as_user: As) -> None:
    client = as_user(house.auditor)
    assert client.get("/ledger/export/").content.startswith(b'{"saima": "ledger"')


def test_clerk_does_not(house: House, as_user: As) -> None:
    assert as_user(house.clerk).get("/ledger/").status_code == 403
