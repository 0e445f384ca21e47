"""The interface fuzzed: no input breaks it, every answer is one that OpenAPI document names."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from saima_web.api import tokens
from saima_web.api.calls import CALLS
from saima_web.audit.verifying import verify_and_keep
from tests.web.api.caller import caller, publish
from tests.web.cast import House
from tests.web.connections import one_connection

THERE: dict[str, str] = {"campaign": "race", "unit": "E1", "indicator": "revenue"}


def operations() -> Any:
    """All calls of the document, in the process, with what stands in their addresses."""
    schema = schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())
    schema.app = get_wsgi_application()
    for found in schema.get_all_operations():
        yield found.ok()


def cases(operation: Any) -> st.SearchStrategy[Any]:
    """Right and wrong input, at addresses that exist and at others."""
    period = "2026-09" if "results" in operation.path else "2026-10"
    names = [p.name for p in operation.path_parameters]
    real = {n: (THERE | {"period": period})[n] for n in names}
    kinds = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    found = [operation.as_strategy(kind, path_parameters=real) for kind in kinds]
    return st.one_of(*found, operation.as_strategy(GenerationMode.POSITIVE))


def fuzz(operation: Any, text: str, examples: int) -> None:
    # a figure is text as people type it: not every text is a number
    spared = [positive_data_acceptance] if operation.path.endswith("/figures/{indicator}") else []
    quick = settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        derandomize=True, suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    @quick
    @given(cases(operation))
    def every_case_is_answered(case: Any) -> None:
        mark = transaction.savepoint()
        try:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {text}"}, excluded_checks=spared
            )
        finally:
            transaction.savepoint_rollback(mark)

    with one_connection():
        every_case_is_answered()


def test_the_document_names_every_call() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    named = {(m.upper(), p) for p, methods in paths.items() for m in methods}
    assert named == {(c.method, f"/api/v1{c.path}") for c in CALLS}


def test_no_input_breaks_a_call(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 10**9)
    publish(house)
    text = caller(house.clerk).text
    for operation in operations():
        fuzz(operation, text, 4)


@pytest.mark.proof
@pytest.mark.parametrize("who", ["clerk", "owner", "office", "viewer"])
def test_no_input_of_many_breaks_a_call(
    house: House, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(tokens, "MOST", 10**9)
    publish(house)
    text = caller(house.people[who]).text
    for operation in operations():
        fuzz(operation, text, 150)
    assert verify_and_keep().sound
