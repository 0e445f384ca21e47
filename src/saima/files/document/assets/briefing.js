// Draws the charts in the page's own colours, sorts tables, opens the data for printing.
(() => {
  "use strict";
  const style = () => getComputedStyle(document.documentElement);
  const token = (name) => style().getPropertyValue("--s-" + name).trim();
  const narrow = () => innerWidth < 768;

  const axis = () => ({
    axisLine: { lineStyle: { color: token("line-2") } },
    axisTick: { show: false },
    axisLabel: { color: token("ink-3"), fontSize: 12 },
    splitLine: { lineStyle: { color: token("line") } },
  });

  const palette = () => [1, 2, 3, 4, 5, 6, 7].map((i) => token("data-" + i));

  function series(data, width) {
    const alone = data.series.length === 1;
    const { lying } = data;
    return data.series.map((one) => ({
      name: one.name,
      type: data.kind === "line" ? "line" : "bar",
      symbolSize: 6,
      barMaxWidth: 22,
      lineStyle: { width: 2 },
      label: {
        show: alone && (lying || width / data.categories.length > 34),
        position: lying ? "right" : "top",
        color: token("ink"),
        formatter: (point) => one.texts[point.dataIndex],
      },
      data: one.values.map((value, i) => ({
        value,
        itemStyle: alone ? { color: token(data.kind === "ranked_bar" && i === 0 ? "accent" : "ink-2") } : {},
      })),
    }));
  }

  function option(data, width) {
    const { lying } = data;
    const several = data.series.length > 1;
    const names = {
      type: "category",
      data: data.categories,
      inverse: lying,
      ...axis(),
      splitLine: { show: false },
    };
    if (lying) {
      names.axisLabel = { ...names.axisLabel, color: token("ink-2"), interval: 0,
        width: Math.min(240, width * 0.36), overflow: narrow() ? "break" : "truncate", lineHeight: 14 };
    }
    const values = { type: "value", ...axis(), axisLine: { show: false },
      scale: data.kind === "line", show: !(lying && !several) };
    return {
      animation: false,
      color: palette(),
      textStyle: { fontFamily: token("font"), color: token("ink-2") },
      legend: several ? { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 3,
        textStyle: { color: token("ink-2") } } : undefined,
      grid: { left: 4, right: lying ? 56 : 16, top: several ? 36 : 16, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: lying ? "none" : "line" },
        backgroundColor: token("surface"), borderColor: token("line-2"),
        textStyle: { color: token("ink"), fontSize: 12 },
        formatter: (points) => [points[0].name].concat(points.map((p) =>
          `${p.seriesName}　${data.series[p.seriesIndex].texts[p.dataIndex]}`)).join("\n") },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: series(data, width),
    };
  }

  function draw(box) {
    const data = JSON.parse(box.dataset.chart);
    const row = narrow() ? 34 : 28;
    box.style.height = (data.lying
      ? data.categories.length * row * Math.max(1, data.series.length * 0.6) + 24 : 300) + "px";
    const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "svg" });
    chart.resize();
    chart.setOption(option(data, box.clientWidth), true);
  }

  function drawAll() {
    document.querySelectorAll(".s-chart").forEach(draw);
  }

  if (window.echarts) {
    document.querySelectorAll("details").forEach((details) => { details.open = false; });
    drawAll();
    addEventListener("resize", drawAll);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    addEventListener("beforeprint", () => {
      document.querySelectorAll("details").forEach((details) => { details.open = true; });
    });
  }

  // Sorting: totals stay last, what has no value goes behind what has one.
  function compare(a, b, column, direction) {
    const [x, y] = [a, b].map((row) => row.cells[column]);
    const [u, v] = [x, y].map((cell) => cell.dataset.sort);
    if ((u === undefined) !== (v === undefined)) return u === undefined ? 1 : -1;
    if (u !== undefined) return direction * (Number(u) - Number(v));
    return direction * x.textContent.localeCompare(y.textContent, "zh");
  }

  document.querySelectorAll(".s-table th button").forEach((button) => {
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const down = head.getAttribute("aria-sort") === "ascending";
      const body = head.closest("table").tBodies[0];
      const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
      const totals = [...body.rows].filter((row) => row.classList.contains("total"));
      rows.sort((a, b) => compare(a, b, head.cellIndex, down ? -1 : 1));
      body.append(...rows, ...totals);
      [...head.parentElement.cells].forEach((cell) => cell.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  });
})();
