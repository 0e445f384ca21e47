"""The page: every number in it, nothing fetched, no text taken for markup."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from saima.briefing.model import (
    Briefing,
    Column,
    Options,
    Paragraph,
    Section,
    Table,
    all_tables,
)
from saima.files.document.html_writer import html_text, write_html
from saima.problems import Refused
from tests.support.sample_briefing import printed, sample, score_chart, trend_chart

ASSETS = files("saima.files.document") / "assets"


class Page(HTMLParser):
    """Collects tables, headings, chart data and whatever could fetch something."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.charts, self.fetches, self.scripts = [], [], [], 0
        self.cell, self.headings, self.open = None, [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = tag
        if "data-chart" in values:
            self.charts.append(json.loads(values["data-chart"]))
        self.scripts += tag == "script"
        self.fetches += [values[k] for k in ("src", "href", "action") if values.get(k)]
        self.open = tag

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None
        self.open = ""

    def handle_data(self, data):
        if self.cell:
            self.tables[-1][-1][-1] += data
        elif self.open in ("h1", "h2", "h3", "h4", "h5"):
            self.headings.append(data.strip())


def page(source):
    return Page(html_text(source, Options()))


def of_blocks(*blocks, **parts):
    body = (Section("一、进展", blocks),)
    return replace(Briefing("通报", "标题", date(2026, 3, 5), body), **parts)


def ranks_as_in_the_page(table):
    """The page prints a shared rank as “2并列”, the number first."""
    return [[re.sub(r"^并列(\d+)$", r"\1并列", cell) for cell in row] for row in printed(table)]


def test_every_cell_of_every_table_reads_back_as_the_briefing_says():
    # the measure's brackets are drawn by the style sheet
    assert page(sample()).tables == [
        [[c.header + c.measure for c in table.columns], *ranks_as_in_the_page(table)]
        for table in all_tables(sample())
    ]


def test_every_number_of_a_chart_reads_back():
    first, second = page(sample()).charts
    assert first["categories"] == list(score_chart().categories)
    assert first["series"][0]["texts"][:2] == ["95.12", "94.26"]
    assert [tuple(series["values"]) for series in second["series"]] == [
        series.values for series in trend_chart().series
    ]


def test_page_links_only_within_itself():
    assert all(link.startswith("#") for link in page(sample()).fetches)
    text = html_text(sample(), Options())
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style
    assert "default-src 'none'" in text


def test_same_briefing_gives_the_same_page(tmp_path):
    write_html(sample(), tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == html_text(sample(), Options())


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "</style>&amp;"])
def test_text_is_never_taken_for_markup(text):
    table = Table(text, (Column(text),), ((text,),), measure_line=text, notes=(text,))
    chart = replace(score_chart(), title=text, categories=(text,) * 14, sentence=text)
    source = of_blocks(Paragraph(text), table, chart, title=text, headline=text, addressee=text)
    found, plain = page(source), page(of_blocks(Paragraph("文"), score_chart()))
    assert found.scripts == plain.scripts and found.fetches == []
    assert found.tables[0] == [[text], [text]]
    assert found.charts[0]["categories"] == [text] * 14


def test_page_without_charts_does_not_carry_the_chart_library():
    assert len(html_text(of_blocks(Paragraph("文")), Options())) < 40_000


def test_answer_is_the_first_heading():
    found = page(sample()).headings
    assert sample().headline.startswith("9月：澄江置业") and "一、总体情况" in found
    text = html_text(sample(), Options())
    first = text[text.index("<h1>") : text.index("</h1>")]
    assert re.sub(r"<[^>]+>", "", first) == sample().headline


def test_annex_table_that_the_body_shows_is_not_shown_twice():
    text = html_text(sample(), Options())
    assert text.count("<h4>经营类单位2026年9月排名</h4>") == 1
    assert "附件2" in text and "附件3" not in text


def test_demo_data_are_marked_and_real_data_are_not():
    assert "演示数据，均为虚构" in html_text(sample(), Options())
    assert "虚构" not in html_text(of_blocks(Paragraph("文")), Options())


def test_first_place_and_movement_carry_their_shape_and_word():
    text = html_text(sample(), Options())
    assert '<td class="c up" data-sort="2.0">↑2</td>' in text
    assert '<td class="c down" data-sort="-1.0">↓1</td>' in text
    assert '<td class="c flat" data-sort="0.0">持平</td>' in text


def test_vendored_files_are_what_their_note_says():
    note = (ASSETS / "README.md").read_text(encoding="utf-8")
    sums = re.findall(r"`([\w.]+)` \| npm package.*`([0-9a-f]{64})`", note)
    assert [name for name, _ in sums] == ["echarts.min.js"]
    for name, digest in sums:
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == digest
    licence = (ASSETS / "echarts.LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(Refused):
        write_html(sample(), tmp_path / "没有" / "a.html")
