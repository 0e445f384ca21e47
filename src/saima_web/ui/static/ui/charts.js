// ECharts in the tokens' colours. A chart is a JSON script inside .s-chart (see saima_web/ui/charts.py).
(() => {
  const token = name => getComputedStyle(document.documentElement).getPropertyValue("--s-" + name).trim();
  const rem = n => n * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const shown = new Map();
  const label = () => ({ color: token("ink-3"), fontSize: rem(.75) });
  const axis = () => ({
    axisLine: { lineStyle: { color: token("line-2") } }, axisTick: { show: false },
    axisLabel: label(), splitLine: { lineStyle: { color: token("line") } }, nameTextStyle: label(),
  });
  const text = (value, spec) => value == null ? "—" : Number(value).toLocaleString("zh-CN", {
    minimumFractionDigits: spec.decimals, maximumFractionDigits: spec.decimals });
  const tooltip = spec => ({
    trigger: "axis", confine: true, backgroundColor: token("surface"), borderColor: token("line-2"),
    textStyle: { color: token("ink"), fontSize: rem(.8125) }, valueFormatter: v => text(v, spec) + (spec.measure || ""),
  });

  const common = spec => ({
    animation: false, textStyle: { fontFamily: token("font"), color: token("ink-2") }, tooltip: tooltip(spec),
    legend: spec.series.length > 1 ? { bottom: 0, type: "scroll", itemWidth: 14, itemHeight: 8, textStyle: label() } : undefined,
  });
  const grid = spec => ({ left: 8, right: 24, top: 16, bottom: spec.series.length > 1 ? 36 : 8, containLabel: true });

  // Months as bars: the past grey, this month ink; a plan as a line.
  const bars = spec => ({
    ...common(spec), grid: grid(spec),
    xAxis: { type: "category", data: spec.categories, ...axis() }, yAxis: { type: "value", ...axis(), axisLine: { show: false } },
    series: spec.series.map((s, k) => ({
      name: s.name, type: s.line ? "line" : "bar", barMaxWidth: 28, symbol: "none",
      lineStyle: { color: token("ink-3"), width: 1, type: "dashed" },
      itemStyle: { color: token("data-" + (k + 1)) },
      data: s.values.map((v, i) => spec.series.length === 1 && !s.line
        ? { value: v, itemStyle: { color: token(i === s.values.length - 1 ? "ink" : "line-2") } } : v),
    })),
  });

  // Lines over months; `inverse` for places (1 on top). The last month's values stand at the lines'
  // ends as `endLabel`: labels of single points are not moved apart where they would overlap.
  const lines = spec => ({
    ...common(spec), grid: { ...grid(spec), right: 48 },
    xAxis: { type: "category", data: spec.categories, boundaryGap: false, ...axis(), splitLine: { show: false } },
    yAxis: { type: "value", inverse: spec.inverse, minInterval: spec.inverse ? 1 : undefined, min: spec.inverse ? 1 : spec.min ?? undefined,
      scale: !spec.inverse && spec.min == null, ...axis(), axisLine: { show: false } },
    series: spec.series.map((s, k) => ({
      name: s.name, type: "line", data: s.values, connectNulls: false, symbol: "circle", symbolSize: 5,
      lineStyle: { color: spec.series.length === 1 ? token("ink-2") : token("data-" + (k % 4 + 1)), width: 1.5, type: s.line ? "dashed" : "solid" },
      itemStyle: { color: spec.series.length === 1 ? token("ink") : token("data-" + (k % 4 + 1)) },
      endLabel: { show: !s.line && s.values[s.values.length - 1] != null, color: token("ink"), fontWeight: 600, fontSize: rem(.8125), minMargin: 2,
        formatter: p => text(p.value, spec) },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  });

  // One horizontal bar a row, for a distribution over units; `own` names the row in ink.
  const rows = spec => ({
    ...common(spec), grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", ...axis(), axisLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: spec.categories, ...axis(), splitLine: { show: false },
      axisLabel: { ...label(), width: rem(8), overflow: "truncate", interval: 0 } },
    series: spec.series.map(s => ({
      name: s.name, type: "bar", barMaxWidth: 14,
      data: s.values.map((v, i) => ({ value: v, itemStyle: { color: token(spec.own === spec.categories[i] ? "ink" : "line-2") } })),
      label: { show: true, position: "right", color: token("ink-2"), fontSize: rem(.75), formatter: p => text(p.value, spec) },
      markLine: spec.mark == null ? undefined : { symbol: "none", silent: true, lineStyle: { color: token("accent"), type: "solid", width: 1 },
        label: { formatter: spec.mark_name, color: token("ink-3"), fontSize: rem(.75) }, data: [{ xAxis: spec.mark }] },
    })),
  });

  const kinds = { bars, lines, rows };
  const draw = box => {
    const spec = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const place = box.querySelector(".s-chart-place");
    const chart = shown.get(box) || echarts.init(place, null, { renderer: "svg", locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN" });
    shown.set(box, chart);
    chart.setOption(kinds[spec.kind](spec), true);
  };
  const all = () => document.querySelectorAll(".s-chart").forEach(draw);

  document.addEventListener("click", event => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const box = button.closest(".s-chart");
    const spec = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const place = box.querySelector(".s-chart-place");
    const hidden = document.createElement("div");
    hidden.style.cssText = `width:${Math.max(place.clientWidth, 800)}px;height:${Math.max(place.clientHeight, 360)}px;position:absolute;left:-99999px`;
    document.body.append(hidden);
    const chart = echarts.init(hidden, null, { renderer: "canvas" });
    chart.setOption({ ...kinds[spec.kind](spec), title: { text: spec.title, left: "center", textStyle: { fontSize: 14, color: token("ink") } } });
    const link = document.createElement("a");
    link.download = spec.title + ".png";
    link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: token("surface") });
    link.click();
    chart.dispose(); hidden.remove();
  });
  addEventListener("resize", () => shown.forEach(chart => chart.resize()));
  document.addEventListener("saima:dress", all);
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("DOMContentLoaded", all);
})();
