// Units × months of one indicator: locks, sums, the draft's differences, allocation before saving.
document.addEventListener("DOMContentLoaded", () => {
  const S = SaimaSheet, words = S.read("grid-words"), place = document.getElementById("sheet");
  let meta = S.read("grid-data"), locks = new Set(meta.locks), locksWere = new Set(meta.locks), saved = snapshot(meta.rows);
  const D = meta.decimals, months = meta.columns.map(c => c.field);
  const fields = ["y", "s", ...months], status = document.getElementById("status"), save = document.getElementById("save");

  function snapshot(rows) { return new Map(rows.map(r => [r.id, { ...r }])); }
  const key = (id, field) => id + "|" + (field === "s" ? "y" : field);
  const may = (id, field) => meta.editable && !meta.ended.includes(id) && fields.includes(field) && !locks.has(key(id, field));
  const planned = data => S.sum(months.map(m => data[m]), D);
  const gapOf = data => { const p = planned(data), y = S.units(data.y, D); return p === null || y === null ? null : p - y; };

  const dress = cell => {
    const data = cell.getRow().getData(), field = cell.getField(), value = cell.getValue() ?? "", el = cell.getElement();
    const was = meta.base[data.id]?.[field] ?? "";
    el.classList.toggle("t-locked", locks.has(key(data.id, field)) && field !== "s");
    el.classList.toggle("t-draft", String(value) !== was);
    el.classList.toggle("t-wrong", S.wrong(value, D));
    if (S.wrong(value, D)) { el.title = words.invalid; return String(value); }
    el.title = locks.has(key(data.id, field)) ? words.locked : String(value) !== was ? (was ? S.show(was, D) + " → " : "+ ") + S.show(value, D) : "";
    return S.show(value, D);
  };
  const column = field => (values, data) => { const n = S.sum(data.filter(r => r.id !== meta.top).map(r => r[field]), D); return n === null ? "" : S.text(n, D); };
  const shown = cell => S.show(cell.getValue(), D);
  const number = (field, title, extra = {}) => ({ field, title, hozAlign: "right", headerHozAlign: "right", minWidth: 60, formatter: dress,
    editor: S.editor, editable: cell => may(cell.getRow().getData().id, cell.getField()),
    ...(meta.additive ? { bottomCalc: column(field), bottomCalcFormatter: shown } : {}), ...extra });
  const derived = (title, of, signed) => ({ title, hozAlign: "right", headerHozAlign: "right", minWidth: 78, cssClass: "t-derived",
    formatter: cell => { const n = of(cell.getRow().getData()); if (n === null) return ""; if (signed) cell.getElement().classList.toggle("t-off", n !== 0n); return (signed && n > 0n ? "+" : "") + S.show(n, D); } });
  const columns = [
    number("y", words.year, { cssClass: "t-year", minWidth: 86 }), number("s", words.stretch, { minWidth: 78 }),
    ...meta.columns.map(c => number(c.field, c.title)),
    ...(meta.additive ? [derived(words.sum, planned), derived(words.gap, gapOf, true)] : []) ];

  const changes = () => {
    const found = [];
    for (const row of sheet.table.getData()) for (const f of fields) {
      if (String(row[f] ?? "") !== String(saved.get(row.id)?.[f] ?? "")) found.push({ unit: row.id, field: f, value: String(row[f] ?? "") });
    }
    for (const k of new Set([...locks, ...locksWere])) {
      if (locks.has(k) === locksWere.has(k)) continue;
      const [unit, field] = k.split("|"), same = found.find(c => c.unit === unit && c.field === field);
      if (same) same.locked = locks.has(k); else found.push({ unit, field, locked: locks.has(k) });
    }
    return found;
  };
  const changed = () => {
    if (!save) return;
    const n = changes().length;
    save.disabled = !n;
    status.textContent = n ? words.dirty.replace("{n}", n) : words.clean;
  };
  const rowHeader = { field: "name", title: words.unit, frozen: true, minWidth: 104, cssClass: "t-name", resizable: false, headerSort: false,
    formatter: cell => (cell.getRow().getData().id === meta.top ? words.headline + " " : "") + (cell.getValue() ?? ""),
    ...(meta.additive ? { bottomCalc: () => words.total } : {}) };
  const sheet = S.make(place, { data: meta.rows.map(r => ({ ...r })), columns, fields, may, changed, rowHeader,
    rowFormatter: row => row.getElement().classList.toggle("t-top", row.getData().id === meta.top) });

  const take = data => {
    meta = data; locks = new Set(data.locks); locksWere = new Set(data.locks); saved = snapshot(data.rows);
    sheet.forget(); sheet.table.replaceData(data.rows.map(r => ({ ...r })));
  };
  save?.addEventListener("click", async () => {
    save.disabled = true;
    try {
      const { ok, data } = await S.post(place.dataset.save, { cells: changes() });
      S.tell("problems", ok ? [] : S.problemsOf(data));
      if (!ok) { changed(); return; }
      take(data.data); status.textContent = words.saved;
      document.getElementById("draft-note").hidden = !data.draft;
      document.getElementById("draft-link").href = place.dataset.set.replace("/0/", `/${data.draft}/`);
    } catch { status.textContent = words.lost; save.disabled = false; }
  });
  document.getElementById("undo")?.addEventListener("click", () => sheet.undo());
  document.getElementById("redo")?.addEventListener("click", () => sheet.redo());
  document.getElementById("lock")?.addEventListener("click", () => {
    const keys = [...new Set(sheet.picked().filter(c => fields.includes(c.field) && c.field !== "s").map(c => key(c.id, c.field)))];
    if (!keys.length) { status.textContent = words.pick; return; }
    const all = keys.every(k => locks.has(k));
    for (const k of keys) all ? locks.delete(k) : locks.add(k);
    for (const row of sheet.table.getRows()) row.reformat();
    changed();
  });
  window.addEventListener("beforeunload", event => { if (save && changes().length) event.preventDefault(); });
  document.addEventListener("keydown", event => { if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && save) { event.preventDefault(); if (!save.disabled) save.click(); } });

  // --- allocation: the proposal goes into the grid as one step that undo takes back
  const form = document.getElementById("allocate-form");
  if (!form) return;
  const inputs = (box, list) => box.replaceChildren(...list.map(([name, title]) => {
    const label = document.createElement("label");
    label.append(title, Object.assign(document.createElement("input"), { name, inputMode: "decimal", className: "s-input" }));
    return label;
  }));
  inputs(document.getElementById("a-unit-figures"), meta.rows.filter(r => r.id !== meta.top && !meta.ended.includes(r.id)).map(r => [r.id, r.name]));
  inputs(document.getElementById("a-period-figures"), meta.columns.map(c => [c.field, c.title]));
  const toggle = () => {
    document.getElementById("a-unit-box").hidden = !["weights", "capacity"].includes(form.units_by.value);
    document.getElementById("a-period-box").hidden = !["season", "capacity"].includes(form.periods_by.value);
  };
  form.addEventListener("change", toggle); toggle();
  const figures = id => Object.fromEntries([...document.querySelectorAll(`#${id} input`)].map(i => [i.name, i.value]));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const body = { target: form.elements.target.value, stretch: form.elements.stretch.value, units_by: form.units_by.value,
      periods_by: form.periods_by.value, since: form.since.value, unit_figures: figures("a-unit-figures"), period_figures: figures("a-period-figures") };
    try {
      const { ok, data } = await S.post(place.dataset.allocate, body);
      S.tell("a-problems", ok ? [] : S.problemsOf(data));
      if (!ok) return;
      const n = sheet.apply(data.cells.map(c => ({ id: c.unit, field: c.field, value: c.value })));
      S.tell("problems", S.problemsOf(data));
      document.getElementById("allocate").close();
      status.textContent = words.proposed.replace("{n}", n);
    } catch { S.tell("a-problems", [{ text: words.lost }]); }
  });
});
