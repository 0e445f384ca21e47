// Projects × months: each row's sum, each unit's monthly plan beside what its projects add up to.
document.addEventListener("DOMContentLoaded", () => {
  const S = SaimaSheet, words = S.read("grid-words"), place = document.getElementById("sheet");
  if (!place) return;
  let meta = S.read("grid-data"), saved = new Map(meta.rows.map(r => [r.id, { ...r }]));
  const D = meta.decimals, fields = meta.columns.map(c => c.field), status = document.getElementById("status"), save = document.getElementById("save");
  const names = new Map(meta.units.map(u => [u.code, u.name]));
  const may = (_, field) => meta.editable && fields.includes(field);
  const dress = cell => {
    const data = cell.getRow().getData(), value = cell.getValue() ?? "", was = saved.get(data.id)?.[cell.getField()] ?? "";
    cell.getElement().classList.toggle("t-draft", String(value) !== String(was));
    cell.getElement().classList.toggle("t-wrong", S.wrong(value, D));
    return S.wrong(value, D) ? String(value) : S.show(value, D);
  };
  const columns = [
    { field: "project", title: words.project, width: 190, tooltip: true, cssClass: "t-project" },
    ...meta.columns.map(c => ({ field: c.field, title: c.title, hozAlign: "right", headerHozAlign: "right", minWidth: 60, formatter: dress, editor: S.editor,
      editable: () => meta.editable, bottomCalc: (values, data) => { const n = S.sum(data.map(r => r[c.field]), D); return n === null ? "" : S.text(n, D); }, bottomCalcFormatter: cell => S.show(cell.getValue(), D) })),
    { title: words.sum, hozAlign: "right", headerHozAlign: "right", minWidth: 80, cssClass: "t-derived",
      formatter: cell => { const n = S.sum(fields.map(f => cell.getRow().getData()[f]), D); return n === null ? "" : S.show(n, D); } } ];
  const changes = () => sheet.table.getData().flatMap(row => fields
    .filter(f => String(row[f] ?? "") !== String(saved.get(row.id)?.[f] ?? ""))
    .map(f => ({ unit: row.unit, project: row.project, field: f, value: String(row[f] ?? "") })));
  const changed = () => {
    if (!save) return;
    const n = changes().length;
    save.disabled = !n; status.textContent = n ? words.dirty.replace("{n}", n) : words.clean;
  };
  // under each unit's projects: what they add up to, and the unit's own plan where it differs
  const heads = (value, count, data) => {
    const lines = [`${names.get(value) ?? value}　${count}`];
    const all = S.sum(data.flatMap(r => fields.map(f => r[f])), D), year = meta.targets[value]?.y;
    if (all !== null) lines.push(`${words.total} ${S.show(all, D)}`);
    if (year) lines.push(`${words.plan} ${S.show(year, D)}`);
    return lines.join("　");
  };
  const sheet = S.make(place, { data: meta.rows.map(r => ({ ...r })), columns, fields, may, changed, groupBy: "unit",
    groupHeader: (value, count, data) => heads(value, count, data), columnCalcs: meta.units.length > 1 ? "both" : "table",
    rowHeader: { field: "unit", title: words.unit, frozen: true, minWidth: 110, cssClass: "t-name", resizable: false, headerSort: false, formatter: cell => names.get(cell.getValue()) ?? cell.getValue() ?? "", bottomCalc: () => words.total } });

  save?.addEventListener("click", async () => {
    save.disabled = true;
    try {
      const { ok, data } = await S.post(place.dataset.save, { cells: changes() });
      S.tell("problems", ok ? [] : S.problemsOf(data));
      if (!ok) { changed(); return; }
      meta = data.data; saved = new Map(meta.rows.map(r => [r.id, { ...r }]));
      location.reload();
    } catch { status.textContent = words.lost; save.disabled = false; }
  });
  document.getElementById("undo")?.addEventListener("click", () => sheet.undo());
  document.getElementById("redo")?.addEventListener("click", () => sheet.redo());
  document.getElementById("sums")?.addEventListener("click", async () => {
    if (changes().length) { status.textContent = words.first; return; }
    const { ok, data } = await S.post(place.dataset.sums, {});
    if (ok) location.assign(place.dataset.grid); else S.tell("problems", S.problemsOf(data));
  });
  document.getElementById("add-form")?.addEventListener("submit", event => {
    event.preventDefault();
    const unit = document.getElementById("p-unit").value, input = document.getElementById("p-name"), project = input.value.trim();
    if (!project) return;
    if (sheet.table.getData().some(r => r.id === `${unit}|${project}`)) { input.setCustomValidity(words.twice); input.reportValidity(); input.setCustomValidity(""); return; }
    sheet.table.addData([{ id: `${unit}|${project}`, unit, project }]);
    input.value = ""; document.getElementById("add").close();
  });
  window.addEventListener("beforeunload", event => { if (save && changes().length) event.preventDefault(); });
});
