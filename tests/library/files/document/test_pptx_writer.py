"""The .pptx writer: native tables and charts, every number in them, nothing over the edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pptx import Presentation

from saima.briefing.model import (
    Annex,
    Briefing,
    Chart,
    Column,
    Paragraph,
    Section,
    Series,
    Table,
    all_tables,
)
from saima.files.document.pptx_pages import ChartPage, TablePage, TextPage, pages
from saima.files.document.pptx_writer import write_pptx
from saima.problems import Refused
from tests.support.sample_briefing import printed, ranking, sample, score_chart, trend_chart


def written(tmp_path, source):
    write_pptx(source, tmp_path / "片.pptx")
    return Presentation(str(tmp_path / "片.pptx"))


def of_blocks(*blocks):
    return Briefing("通报", "标题", date(2026, 3, 5), (Section("一、进展", blocks),))


def shapes(show):
    return [shape for slide in show.slides for shape in slide.shapes]


def grids(show):
    return [
        [[cell.text.replace("\v", "") for cell in row.cells] for row in shape.table.rows]
        for shape in shapes(show)
        if shape.has_table
    ]


def joined(grids_):
    """Tables that go on over several slides as one, by their header."""
    found = []
    for grid in grids_:
        if found and found[-1][0] == grid[0] and len(grid[0]) != 7:
            found[-1] += grid[1:]
        else:
            found.append(grid)
    return found


def test_every_cell_of_every_table_reads_back_as_the_briefing_says(tmp_path):
    charted = {score_chart().title, trend_chart().title}
    tables = [table for table in all_tables(sample()) if table.title not in charted]
    assert joined(grids(written(tmp_path, sample()))) == [
        [[column.heading for column in table.columns], *printed(table)] for table in tables
    ]


def test_every_number_of_a_chart_reads_back(tmp_path):
    charts = [shape.chart for shape in shapes(written(tmp_path, sample())) if shape.has_chart]
    read = [[tuple(series.values) for series in chart.plots[0].series] for chart in charts]
    assert read[0] == [(95.12, 94.26, 93.47, 92.1, 91.73, 91.73, 91.26, 90.15, 88.4, 87.06, 86.92,
                        84.3, 83.95, 79.68)]  # fmt: skip
    assert read[1] == [series.values for series in trend_chart().series]
    assert list(charts[0].plots[0].categories) == list(score_chart().categories)


def test_same_briefing_gives_the_same_bytes(tmp_path):
    write_pptx(sample(), tmp_path / "a.pptx")
    write_pptx(sample(), tmp_path / "b.pptx")
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()


def test_slides_are_sixteen_to_nine_and_each_has_a_title(tmp_path):
    show = written(tmp_path, sample())
    assert show.slide_width * 9 == show.slide_height * 16
    titles = [slide.shapes.title.text for slide in show.slides]
    assert titles[0] == sample().title and all(titles)
    assert "望岳建设得分最高，14家单位中9家在90分以上" in titles
    assert len(set(titles)) == len(titles)


def test_no_shape_leaves_the_slide(tmp_path):
    show = written(tmp_path, sample())
    outside = [
        shape.name
        for shape in shapes(show)
        if shape.left < 0
        or shape.top < 0
        or shape.left + shape.width > show.slide_width
        or shape.top + shape.height > show.slide_height
    ]
    assert outside == []


@pytest.mark.parametrize("count", [1, 3, 14, 60, 400])
def test_rows_of_a_page_stay_above_its_foot(count):
    table = replace(ranking("建设类"), rows=(ranking("建设类").rows * 80)[:count])
    found = [page for page in pages(of_blocks(table)) if isinstance(page, TablePage)]
    assert sum(len(page.table.rows) for page in found) == count
    assert all(sum(page.heights) <= 350 for page in found)


def test_pages_of_one_table_are_of_about_the_same_length():
    table = replace(ranking("建设类"), rows=(ranking("建设类").rows * 80)[:60])
    sizes = [len(p.table.rows) for p in pages(of_blocks(table)) if isinstance(p, TablePage)]
    assert len(sizes) > 1 and max(sizes) - min(sizes) <= 2


def test_total_row_stays_bold_on_the_page_where_it_stands():
    table = replace(ranking("建设类"), rows=ranking("建设类").rows * 12, bold_rows=(59,))
    *others, last = [page for page in pages(of_blocks(table)) if isinstance(page, TablePage)]
    assert last.table.bold_rows == (len(last.table.rows) - 1,)
    assert all(page.table.bold_rows == () for page in others)


def test_sixty_bars_take_several_slides_with_one_axis():
    names = tuple(f"单位{place}" for place in range(60))
    values = tuple(float(100 - place) for place in range(60))
    found = pages(of_blocks(Chart("ranked_bar", "得分", names, (Series("得分", values),))))
    assert [len(page.chart.categories) for page in found if isinstance(page, ChartPage)] == [20] * 3
    assert {page.top for page in found if isinstance(page, ChartPage)} == {100.0}
    assert [page.start for page in found if isinstance(page, ChartPage)] == [0, 20, 40]


def test_few_words_stand_above_their_table():
    found = pages(of_blocks(Paragraph("排名如下。"), ranking("经营类")))
    assert [type(page) for page in found] == [TablePage]
    assert found[0].lead[0].text == "排名如下。"


def test_long_text_is_cut_over_slides_and_nothing_is_lost():
    paragraphs = tuple(Paragraph(f"第{place}段：" + "落实责任，" * 40) for place in range(9))
    found = pages(of_blocks(*paragraphs))
    assert len(found) > 1 and all(isinstance(page, TextPage) for page in found)
    assert [line.text for page in found for line in page.lines] == [p.text for p in paragraphs]


def test_annex_table_that_the_body_shows_is_not_shown_twice():
    table = ranking("经营类")
    source = replace(of_blocks(table), annexes=(Annex("附表", (table,)),))
    assert len(pages(source)) == 1


def test_demo_data_are_marked_on_every_slide(tmp_path):
    show = written(tmp_path, sample())
    marked = [any("演示数据" in s.text_frame.text for s in slide.shapes if s.has_text_frame)
              for slide in show.slides]  # fmt: skip
    assert all(marked)


def test_missing_value_of_a_chart_is_a_gap(tmp_path):
    chart = Chart("bar", "走势", ("1月", "2月"), (Series("得分", (1.5, None)),), decimals=1)
    drawn = next(s.chart for s in shapes(written(tmp_path, of_blocks(chart))) if s.has_chart)
    assert tuple(drawn.plots[0].series[0].values) == (1.5, None)


def test_text_with_control_characters_is_written(tmp_path):
    table = Table("表\x00", (Column("列\x0b"),), (("值\x01<&>",),))
    assert grids(written(tmp_path, of_blocks(table))) == [[["列"], ["值<&>"]]]


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(Refused):
        write_pptx(of_blocks(), tmp_path / "没有" / "a.pptx")
