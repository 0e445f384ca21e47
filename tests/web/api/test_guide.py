"""The examples of docs/guide/api.md, run as they stand there against a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from saima_web.api.hooks import signature
from saima_web.campaigns.models import Campaign
from saima_web.reporting.models import Entry
from tests.web.api.caller import caller
from tests.web.cast import House

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/api.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def run(words: list[str], address: str, token: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SAIMA": address, "TOKEN": token, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_the_guides_examples_work(live_server: Any, house: House) -> None:
    Campaign.objects.update(explain_from=90)
    token = caller(house.clerk).text
    answers = [run(["bash", "-ec", text], live_server.url, token) for text in examples("sh")]
    assert [a.returncode for a in answers] == [0, 0, 0], answers
    campaigns, due, saved = [json.loads(a.stdout) for a in answers]
    assert campaigns["items"][0]["code"] == "race" and due["count"] == 2
    assert saved["value"] == "1050.5"
    done = run([sys.executable, "-c", examples("python")[0]], live_server.url, token)
    assert (done.returncode, done.stdout.strip()) == (0, "提交了 2 项"), done
    states = Entry.objects.filter(unit__code="E1").values_list("state", "reported__value")
    assert sorted((s, str(v)) for s, v in states) == [
        ("submitted", "1060"),
        ("submitted", "980.25"),
    ]
    refused = run([sys.executable, "-c", examples("python")[0]], live_server.url, token)
    assert refused.returncode == 1


def test_the_guides_check_of_a_signature_knows_true_from_false() -> None:
    there: dict[str, Any] = {}
    exec(examples("python")[1], there)
    body = b'{"event": "run.published"}'
    headers = {
        "X-Saima-Timestamp": "1790000000",
        "X-Saima-Signature": signature("geheim", "1790000000", body),
    }
    assert there["genuine"]("geheim", headers, body)
    assert not there["genuine"]("geheim", headers, body + b" ")
    assert not there["genuine"]("other", headers, body)
