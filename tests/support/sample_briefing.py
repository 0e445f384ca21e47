"""A rich monthly bulletin of an invented group: long names, three tracks, ties, missing values."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from saima.briefing.model import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Annex,
    Briefing,
    Cell,
    Chart,
    Column,
    Imprint,
    Missing,
    Paragraph,
    Section,
    Series,
    Table,
    Tied,
    heading_number,
)

UNITS = (
    ("经营类", "澄江置业", 1, 0, 94.26, 108_250.5, 91.245),
    ("经营类", "云岭交通投资建设发展", 2, 1, 92.1, 87_400.0, 88.005),
    ("经营类", "栖湖文旅", 3, 2, 91.264999, 52_050.25, 65.0625),
    ("经营类", "示例水务", 4, -2, 88.4, 40_312.0, 70.4),
    ("经营类", "东屏商业运营管理（集团）有限责任公司", 5, -1, 83.95, 1_180.0, 66.8),
    ("建设类", "望岳建设", 1, 1, 95.12, 230_001.0, 102.5),
    ("建设类", "新渠市政", Tied(2), -1, 91.73, 96_020.0, 80.0),
    ("建设类", "南枫城市更新投资开发有限公司", Tied(2), 2, 91.73, 102_000.0, 79.95),
    ("建设类", "石桥园区", 4, -1, 87.06, 85_000.0, 71.9),
    ("建设类", "临溪片区综合开发指挥部办公室", 5, 0, 79.675, 9_400.0, 56.85),
    ("服务保障类", "安澜物业", 1, 0, 93.47, 3_320.0, 93.3),
    ("服务保障类", "青禾环境", 2, 1, 90.15, 2_718.28, 87.75),
    ("服务保障类", "明德资管", 3, -1, 86.92, NOT_REPORTED, NOT_REPORTED),
    ("服务保障类", "数智云科", NOT_APPLICABLE, NOT_APPLICABLE, 84.3, 0.0, NOT_APPLICABLE),
)
TRACKS = ("经营类", "建设类", "服务保障类")


def ranking(track: str) -> Table:
    """The ranking table of one track."""
    rows = tuple(
        (rank, name, investment, rate, score, movement, "月月红" if score >= 91 else None)
        for own, name, rank, movement, score, investment, rate in UNITS
        if own == track
    )
    columns = (
        Column("位次", "rank"),
        Column("单位"),
        Column("累计完成投资", "number", 1, "万元"),
        Column("投资完成率", "percent", 1, "%"),
        Column("得分", "number", 2),
        Column("位次变化", "movement"),
        Column("红旗", "seal"),
    )
    leader = next(row[1] for row in rows)
    return Table(
        f"{track}单位2026年9月排名",
        columns,
        rows,
        measure_line="单位：万元、%、分",
        notes=("按四舍五入到两位的得分排名，同分并列，下一名次顺延。", "未报指截至10月5日未报送。"),
        sentence=f"{track}：{leader}居第1位",
    )


def monthly_progress() -> Table:
    """A wide table: 14 units by 12 months, which only a lying page takes."""
    columns = [Column("序号", "number"), Column("单位")]
    columns += [Column(f"{month}月", "number", 1) for month in range(1, 13)]
    columns.append(Column("合计", "number", 1))
    rows: list[tuple[Cell, ...]] = []
    for place, unit in enumerate(UNITS, start=1):
        values = [1000.25 * place + 137.5 * month for month in range(1, 10)]
        gone: list[Cell] = [*values, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE]
        rows.append((place, unit[1], *gone, sum(values)))
    total = [sum(float(row[i]) for row in rows) for i in range(2, 11)]  # type: ignore[arg-type]
    empty: list[Cell] = [Missing("—")] * 3
    rows.append((None, "合计", *total, *empty, sum(total)))
    return Table(
        "2026年1—9月投资完成进度表",
        tuple(columns),
        tuple(rows),
        measure_line="单位：万元",
        notes=("10—12月尚未到期。",),
        bold_rows=(14,),
        sentence="全部单位逐月均有进度，9月合计完成投资最多",
    )


def issues() -> Table:
    """A table of words, longer than a page."""
    rows = tuple(
        (
            place,
            UNITS[place % 14][1],
            f"第{place}号地块两宗供地未交付，施工主体未进场，影响投资{place * 1_234.5:.1f}万元",
            "请牵头单位会同自然资源部门于10月底前完成供地手续，逐周报送进展",
            f"10月{place % 28 + 1}日",
        )
        for place in range(1, 31)
    )
    columns = (
        Column("序号", "number"),
        Column("责任单位"),
        Column("存在问题"),
        Column("下步措施"),
        Column("完成时限"),
    )
    return Table("问题清单", columns, rows)


def score_chart() -> Chart:
    """All units' scores, the best first."""
    best = sorted(UNITS, key=lambda unit: -unit[4])
    return Chart(
        "ranked_bar",
        "各单位9月得分",
        tuple(unit[1] for unit in best),
        (Series("得分", tuple(unit[4] for unit in best)),),
        measure="分",
        decimals=2,
        sentence="望岳建设得分最高，14家单位中9家在90分以上",
        category="单位",
    )


def trend_chart() -> Chart:
    """Scores over the months, with a month not reported."""
    months = tuple(f"{month}月" for month in range(1, 10))
    return Chart(
        "line",
        "三个赛道1—9月平均得分",
        months,
        tuple(
            Series(
                track,
                tuple(
                    None if (place, month) == (2, 4) else 80.5 + 2.25 * place + 0.85 * month
                    for month in range(9)
                ),
            )
            for place, track in enumerate(TRACKS)
        ),
        measure="分",
        decimals=2,
        sentence="三个赛道平均得分逐月上升，服务保障类始终领先",
        category="月份",
    )


def sample() -> Briefing:
    """The bulletin."""
    sections = (
        Section(
            "",
            (
                Paragraph(
                    "现将2026年9月重点工作“赛马比拼”情况通报如下。"
                    "本月共有14家单位参加比拼，其中单列1家。"
                ),
            ),
        ),
        Section(
            heading_number(1, 1) + "总体情况",
            (
                Paragraph(
                    "截至9月底，全集团累计完成投资81.5亿元，投资完成率78.6%，超序时进度3.6个百分点；"
                    "9家单位得分在90分以上，5家单位进位，5家单位退位。"
                ),
                score_chart(),
            ),
            sentence="全集团投资完成率78.6%，超序时3.6个百分点",
        ),
        Section(
            heading_number(1, 2) + "各赛道进展及排名",
            (Paragraph("经营类、建设类、服务保障类三个赛道分别排名。"),),
        ),
        *(
            Section(
                heading_number(2, place) + track,
                (
                    Paragraph(f"{track}得分由高到低依次见下表，位次变化与8月比较。"),
                    ranking(track),
                ),
                level=2,
            )
            for place, track in enumerate(TRACKS, start=1)
        ),
        Section(heading_number(1, 3) + "下步要求", (trend_chart(),)),
        Section(
            heading_number(3, 1) + "认真组织整改。",
            (Paragraph("对未达序时的事项逐项说明原因，明确追平日期。"),),
            level=3,
        ),
        Section(
            heading_number(4, 1) + "持续跟踪问效。",
            (Paragraph("督查办公室对连续两月退位的单位开展重点督查，结果报集团主要领导。"),),
            level=4,
        ),
    )
    return Briefing(
        kind="通报",
        title="关于2026年9月重点工作“赛马比拼”完成情况的通报",
        date=date(2026, 10, 8),
        sections=sections,
        number="示城投督〔2026〕9号",
        issuer="示例城投集团督查办公室",
        issuer_mark="示例城投集团督查通报",
        addressee="集团各部门，各所属单位",
        headline="9月：澄江置业、望岳建设、安澜物业分列各赛道第一；栖湖文旅、南枫城市更新各升2位。",
        annexes=(
            Annex("2026年1—9月投资完成进度表", (monthly_progress(),)),
            Annex("问题清单", (issues(),)),
            Annex("经营类单位2026年9月排名", (ranking("经营类"),)),
        ),
        imprint=Imprint("示例城投集团督查办公室", date(2026, 10, 9), "集团领导，集团纪委，档案室"),
        notes=("联系人：督查办公室，电话：000-0000000",),
        demo=True,
    )


def printed(table: Table) -> list[list[str]]:
    """The cells of a table as people must read them, printed by Decimal and not by the project."""
    return [
        [_printed(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]


def _printed(cell: Cell, column: Column) -> str:
    if cell is None or isinstance(cell, str | Missing):
        return "" if cell is None else str(getattr(cell, "text", cell))
    if isinstance(cell, Tied):
        return f"并列{cell.rank}"
    settled = Decimal(repr(float(cell))).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    value = settled.quantize(Decimal(1).scaleb(-column.decimals), ROUND_HALF_UP)
    if column.kind == "movement":
        return "持平" if not value else f"{'↑' if value > 0 else '↓'}{abs(value)}"
    return str(value) if column.kind == "rank" else f"{value:,}"
