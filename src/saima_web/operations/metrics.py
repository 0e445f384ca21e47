"""What Prometheus may ask at /metrics: requests over all processes, and the state of the house."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from saima_web.operations.serving import COUNTS

CONTENT = "text/plain; version=0.0.4; charset=utf-8"

requests = Counter(
    "saima_requests", "Requests by page, method and status", ("page", "method", "status")
)
seconds = Histogram(
    "saima_request_seconds",
    "Seconds to answer, by page",
    ("page",),
    buckets=(0.05, 0.1, 0.3, 1, 3, 10),
)


def count(page: str, method: str, status: int, took: float) -> None:
    known = method if method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
    requests.labels(page, known, str(status)).inc()
    seconds.labels(page).observe(took)


def may_read(request: HttpRequest) -> bool:
    """With the token, from an address of SAIMA_METRICS_FROM, or from this host without a proxy."""
    token, sent = settings.SAIMA_METRICS_TOKEN, request.headers.get("Authorization", "")
    if token and compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or str(address) in settings.SAIMA_METRICS_FROM


def text() -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    if COUNTS in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = b""
    else:
        counted = generate_latest(REGISTRY)
    registry.register(House())
    return counted + generate_latest(registry)


class House:
    """The state that the administrator's page shows, as numbers."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from saima_web.operations import queries

        free, whole = queries.disk()
        yield _gauge("disk_free_bytes", "Free bytes of the data folder's disk", free)
        yield _gauge("disk_bytes", "Bytes of the data folder's disk", whole)
        try:
            yield from _of_database()
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers", 0)


def _of_database() -> Iterator[GaugeMetricFamily]:
    from saima_web.operations import queries

    facts = queries.facts()
    yield _gauge("database_up", "Whether the database answers", 1)
    yield _gauge("migrations_missing", "Whether tables wait for a migration", facts.missing)
    yield _gauge("ledger_entries", "Entries of the ledger", facts.entries)
    if facts.verified is not None:
        yield _gauge("ledger_sound", "Whether the last verification passed", facts.verified.sound)
        yield _moment("ledger_verified", "When the ledger was last verified", facts.verified.at)
    if facts.backup is not None:
        yield _moment("backup", "When the last backup was made", facts.backup.at)
    box = GaugeMetricFamily("saima_outbox", "Messages on their way out", labels=["state"])
    for state, number in facts.outbox.items():
        box.add_metric([state], number)
    yield box
    failed = GaugeMetricFamily(
        "saima_job_failed", "Whether a job's last run failed", labels=["job"]
    )
    for run in facts.runs:
        failed.add_metric([run.job], run.failed)
    yield failed


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"saima_{name}", what, value=float(value))


def _moment(name: str, what: str, at: datetime) -> GaugeMetricFamily:
    return _gauge(f"{name}_timestamp_seconds", what, at.timestamp())
