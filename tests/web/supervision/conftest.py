"""Something to begin with: an inspection whose conclusion was told."""

from __future__ import annotations

import pytest

from saima_web.supervision.models import Inspected
from tests.web.cast import House
from tests.web.supervision.making import concluded, fault, part_of, planned, recorded


@pytest.fixture
def told(house: House) -> Inspected:
    """E1's inspection with one fault, its conclusion told; E2 was not visited yet."""
    part = recorded(house, part_of(planned(house, "E1", "E2")))
    fault(house, part)
    return concluded(house, part)
