// The entry grid: one tab stop, moving and typing by keyboard, saved cell by cell while one works.
import { Painter, make } from "./painting.js";
import { placed } from "./pasting.js";
import { Queue, post } from "./saving.js";

const read = id => JSON.parse(document.getElementById(id).textContent);
const data = read("sheet-data"), words = read("sheet-words"), address = read("sheet-addresses");
const table = document.getElementById("sheet");
const say = (key, values = {}) => (words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
const $ = id => document.getElementById(id);
const beside = () => { const { display, position } = getComputedStyle($("details")); return display !== "none" && position === "sticky"; };

const lines = data.lines.map(line => {
  const row = table.querySelector(`tr[data-entry="${line.id}"]`);
  return { ...line, row, cell: row.querySelector("[data-col=value]"), below: [] };
});
const byId = new Map(lines.map(line => [line.id, line]));
const head = table.tHead.rows[0];
const columns = { all: [...head.cells].reduce((n, c) => n + c.colSpan, 0) - (data.axis === "unit" ? 1 : 0), before: 3 };
const painter = new Painter({ table, data, say, columns });
const queue = new Queue({
  address: address.save, prefix: `saima-entry/${data.owner}/${data.key}`, about: { round: address.round, axis: data.axis },
  onAnswer: answered, onState: connection,
});
let offline = false, editor = null, active = null, done = [], undone = [];

const draw = line => painter.paint(line, { op: queue.of(line.id), offline, editing: editor?.line === line });
const textIn = line => queue.of(line.id)?.text ?? line.value;

// --- saving -----------------------------------------------------------------------------------

const commit = (line, raw, { origin = "typed", record = true } = {}) => {
  const text = raw.trim(), before = textIn(line);
  const held = queue.of(line.id);
  delete line.draft;
  queue.typing(line.id, null);
  if (text === before && !held?.stuck && line.state !== "returned") { draw(line); return false; }
  if (record) remember([{ line, before, after: text }]);
  send(line, text, origin);
  return true;
};
const send = (line, text, origin, expected = line.figure || 0) => {
  const op = { entry: line.id, text, expected, origin, behalf: line.behalf ? behalf() : "" };
  if (line.behalf && !op.behalf) {
    queue.put({ ...op, stuck: { status: "behalf", message: say("behalf", { unit: line.unit || line.label }) } });
    $("behalf")?.closest(".s-notice").scrollIntoView({ block: "nearest" });
  } else queue.put(op);
  line.asking = null;
  draw(line); tally();
};

function answered(op, answer, next) {
  const line = byId.get(op.entry);
  if (!line) return;
  if (answer.line) Object.assign(line, answer.line);
  if (answer.status === "saved" && !next) {
    const owed = line.findings.find(f => f.open && f.kind !== "error");
    if (owed && op.origin !== "pasted" && line.editable) line.asking = owed.kind;
  }
  draw(line); tally();
  if (active === line && beside() && details.dataset.entry === String(line.id)) showDetails(line, 400);
}

function connection({ state, was, waiting }) {
  offline = state === "offline" || state === "login" || state === "server";
  const banner = $("banner");
  if (offline && waiting) {
    banner.className = "s-notice warning"; banner.hidden = false;
    banner.replaceChildren(say(state === "login" ? "log_in" : state === "server" ? "server" : "offline", { n: waiting }), " ",
      state === "login" ? make("a", { href: address.login, target: "_blank" }, say("log_in_link")) : retry());
    bannerCount = waiting;
  } else if (!offline && was !== "idle" && was !== state && bannerCount) {
    banner.className = "s-notice"; banner.replaceChildren(say("back", { n: bannerCount }));
    bannerCount = 0;
    setTimeout(() => { if (!offline) banner.hidden = true; }, 6000);
  }
  if (!offline && waiting) $("saved").textContent = say("saving");
  if (state === "idle" && !waiting) {
    const now = new Date(), held = [...queue.ops.values()].filter(op => op.stuck).length;
    $("saved").textContent = held ? say("some_held", { n: held }) : say("all_saved", { time: `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}` });
  }
  for (const op of queue.waiting) draw(byId.get(op.entry));
}
let bannerCount = 0;
const retry = () => { const b = make("button", { type: "button", class: "s-link" }, say("retry")); b.addEventListener("click", () => queue.now()); return b; };

painter.onTheirs = (line, op) => { queue.drop(op); draw(line); tally(); focusCell(line); };
painter.onTake = line => { if (line.editable && line.proposal) commit(line, line.proposal); focusCell(line); };
painter.onMine = (line, op) => { send(line, op.text, op.origin); focusCell(line); };

// --- on a unit's behalf -------------------------------------------------------------------------

const behalf = () => ($("behalf")?.value || "").trim();
if ($("behalf")) {
  const key = queue.prefix + "/behalf";
  try { $("behalf").value = sessionStorage.getItem(key) || ""; } catch { /* private window */ }
  $("behalf").addEventListener("change", () => {
    try { sessionStorage.setItem(key, behalf()); } catch { /* private window */ }
    for (const line of lines) { const op = queue.of(line.id); if (op?.stuck?.status === "behalf" && behalf()) send(line, op.text, op.origin, op.expected); }
  });
}

// --- undo ---------------------------------------------------------------------------------------

const remember = group => { done.push(group); undone = []; };
const replay = (from, to, side, message, none) => {
  const group = from.pop();
  if (!group) { notice(say(none)); return; }
  to.push(group);
  for (const step of group) commit(step.line, step[side], { record: false });
  notice(say(message, { n: group.length }));
  const first = group.find(step => !step.line.row.hidden);
  if (first) focusCell(first.line);
};
const undo = () => replay(done, undone, "before", "undone", "nothing_to_undo");
const redo = () => replay(undone, done, "after", "redone", "nothing_to_redo");

// --- typing -------------------------------------------------------------------------------------

const why = line => line.provided ? say("locked_provided") : ["submitted", "endorsed", "confirmed"].includes(line.state) ? say("locked_state", { state: say(line.state) }) : say("read_only");

const edit = (line, start = null) => {
  if (!line.editable) { notice(why(line)); return; }
  if (editor) close(true);
  const input = make("input", { class: "s-edit", "aria-label": `${line.label} ${data.month} ${line.measure}`, autocomplete: "off", spellcheck: "false", maxlength: 60, inputmode: line.kind === "grade" ? "text" : "decimal" });
  input.value = start ?? textIn(line).replaceAll(",", "").replace("−", "-");
  if (start !== null) line.draft = start;
  editor = { line, input };
  line.cell.replaceChildren(input);
  draw(line);
  input.addEventListener("input", () => { line.draft = input.value; queue.typing(line.id, input.value); painter.numbers(line, painter.liveOf(line, input.value)); });
  input.addEventListener("blur", () => { if (editor?.input === input) close(true); });
  input.focus();
  if (start === null) input.select(); else input.setSelectionRange(start.length, start.length);
};
const close = keep => {
  const { line, input } = editor;
  editor = null;
  if (keep) { const typed = input.value; if (!commit(line, same(typed, line) ? textIn(line) : typed)) draw(line); }
  else { delete line.draft; queue.typing(line.id, null); draw(line); }
};
const same = (typed, line) => typed.trim() === textIn(line).replaceAll(",", "").replace("−", "-");

// --- moving -------------------------------------------------------------------------------------

const visible = () => lines.filter(line => !line.row.hidden);
const cellsIn = line => [...line.row.querySelectorAll("[data-col]")];
let column = "value";

const focusCell = (line, name = "value") => {
  const target = line.row.querySelector(`[data-col=${name}]`);
  table.querySelectorAll("[tabindex='0'][data-col]").forEach(c => { c.tabIndex = -1; });
  target.tabIndex = 0; target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
};
const settle = (line, name) => {
  if (active !== line) { active?.row.classList.remove("active"); line.row.classList.add("active"); active = line; if (beside()) showDetails(line, 350); }
  column = name;
};
const step = (line, by, { editable = false, name = column } = {}) => {
  const all = visible(), from = all.indexOf(line);
  for (let i = from + by; i >= 0 && i < all.length; i += by) if (!editable || all[i].editable) { focusCell(all[i], name); return true; }
  return false;
};
const jump = (line, by) => { const all = visible(), to = Math.max(0, Math.min(all.length - 1, all.indexOf(line) + by)); focusCell(all[to], column); };

table.addEventListener("focusin", event => {
  const td = event.target.closest("[data-col]"), row = event.target.closest("tr[data-entry]");
  if (td && row) settle(byId.get(Number(row.dataset.entry)), td.dataset.col);
});
table.addEventListener("mousedown", event => {
  const td = event.target.closest("tr[data-entry] [data-col]");
  if (!td || event.target.closest("input,button,a")) return;
  event.preventDefault();
  const line = byId.get(Number(td.closest("tr").dataset.entry));
  if (editor && editor.line !== line) close(true);
  focusCell(line, td.dataset.col);
  if (td.dataset.col === "value") { if (line.editable) edit(line); else notice(why(line)); }
  else if (!beside()) openDetails(line);
});

let leaving = false;
table.addEventListener("keydown", event => {
  if (event.isComposing || event.target.closest(".s-ask")) return;
  const line = active;
  if (!line) return;
  const handled = editor ? whileTyping(event, line) : whileMoving(event, line);
  if (handled) { event.preventDefault(); event.stopPropagation(); }
  leaving = event.key === "Escape" && !editor;
});

const whileTyping = (event, line) => {
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") { close(false); focusCell(line); return true; }
  if (event.key === "Enter" && control) { close(true); openDetails(line); return true; }
  const by = { Enter: event.shiftKey ? -1 : 1, Tab: event.shiftKey ? -1 : 1, ArrowDown: event.altKey ? 0 : 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return false;
  close(true);
  if (event.altKey && event.key === "ArrowDown") { ask(line); return true; }
  if (event.key === "Tab" && !walks()) { focusCell(line); return false; }
  if (!step(line, by, { editable: !event.key.startsWith("Arrow"), name: "value" })) { focusCell(line); return event.key !== "Tab"; }
  return true;
};

const whileMoving = (event, line) => {
  const control = event.ctrlKey || event.metaKey, { key } = event;
  if (control && key.toLowerCase() === "z") { event.shiftKey ? redo() : undo(); return true; }
  if (control && key.toLowerCase() === "y") { redo(); return true; }
  if (control && key === "Enter") { openDetails(line); return true; }
  if (event.altKey && key === "ArrowDown") { ask(line); return true; }
  if (control && key === "Home") { focusCell(visible()[0], column); return true; }
  if (control && key === "End") { const shown = visible(); focusCell(shown[shown.length - 1], column); return true; }
  if (control || event.altKey) return false;
  const row = cellsIn(line), at = row.findIndex(c => c.dataset.col === column);
  switch (key) {
    case "ArrowDown": step(line, 1); return true;
    case "ArrowUp": step(line, -1); return true;
    case "ArrowRight": focusCell(line, row[Math.min(row.length - 1, at + 1)].dataset.col); return true;
    case "ArrowLeft": focusCell(line, row[Math.max(0, at - 1)].dataset.col); return true;
    case "Home": focusCell(line, row[0].dataset.col); return true;
    case "End": focusCell(line, row[row.length - 1].dataset.col); return true;
    case "PageDown": jump(line, 10); return true;
    case "PageUp": jump(line, -10); return true;
    case "Enter": step(line, event.shiftKey ? -1 : 1, { editable: true, name: "value" }); return true;
    case "Tab": return !leaving && walks() && step(line, event.shiftKey ? -1 : 1, { editable: true, name: "value" });
    case "F2": edit(line); return true;
    case "=": if (!line.proposal) return false; painter.onTake(line); return true;
    case "Delete": case "Backspace": if (line.editable && textIn(line)) commit(line, ""); return true;
    case "Process": edit(line, ""); return false;
  }
  const starts = line.kind === "grade" ? key.length === 1 && key !== "?" && key !== " " : /^[0-9０-９.．+\-−—–/…]$/.test(key);
  if (starts) { edit(line, key); return true; }
  return false;
};

const walks = () => { try { return localStorage.getItem("saima-tab-walks") !== "no"; } catch { return true; } };

// --- paste and copy -----------------------------------------------------------------------------

const paste = (text, from) => {
  const all = visible(), found = placed(text, all, Math.max(0, all.indexOf(from)), data.months);
  const group = [], skipped = [...found.skipped];
  for (const [line, value] of found.pairs) {
    if (!line.editable) { if (value !== textIn(line)) skipped.push(line.label); continue; }
    const before = textIn(line);
    if (commit(line, value, { origin: "pasted", record: false })) group.push({ line, before, after: value });
  }
  if (group.length) remember(group);
  const names = skipped.slice(0, 6).join("、");
  if (!group.length && !found.pairs.length) notice(say(found.why === "columns" ? "paste_columns" : "paste_none"));
  else notice(say(skipped.length ? "pasted_skipped" : "pasted", { n: group.length, k: skipped.length, names }), group.length ? undo : null);
};
table.addEventListener("paste", event => {
  if (event.target.closest(".s-ask")) return;
  const text = event.clipboardData?.getData("text/plain") || "";
  const block = /[\t\n]/.test(text.replace(/\s+$/, ""));
  if (editor && !block) return;
  event.preventDefault();
  const line = active;
  if (editor) close(false);
  if (block) paste(text, line);
  else if (line.editable) commit(line, text.trim(), { origin: "pasted" });
  else notice(why(line));
  focusCell(line);
});
table.addEventListener("copy", event => {
  if (editor || String(getSelection()) || !active) return;
  event.clipboardData.setData("text/plain", active.row.querySelector(`[data-col=${column}]`).innerText.trim());
  event.preventDefault();
});
$("paste-form")?.addEventListener("submit", event => {
  event.preventDefault();
  $("paste").close();
  paste($("paste-text").value, active || lines[0]);
  $("paste-text").value = "";
});

// --- what is still to be explained --------------------------------------------------------------

const ask = (line, kind = null) => {
  const owed = kind || line.findings.find(f => f.open && f.kind !== "error")?.kind || line.findings.find(f => f.kind === "behind")?.kind;
  if (!owed || !line.editable) return;
  line.asking = owed; line.signature = null;
  draw(line);
  $(`ask-${line.id}`)?.querySelector("input")?.focus();
};
painter.onAsk = ask;
painter.onLeave = line => { line.asking = null; draw(line); focusCell(line); };
painter.onExplain = async (line, kind, form) => {
  const body = new FormData(form);
  body.set("kind", kind); body.set("axis", data.axis);
  const wrong = form.nextElementSibling;
  try {
    const answer = await post(address.cell.replace("/0/", `/${line.id}/`) + "remark/", body, false);
    const found = await answer.json();
    if (!found.line) { wrong.textContent = found.message || (found.problem ? found.problem.message + found.problem.hint : say("failed")); return; }
    Object.assign(line, found.line);
    const next = line.findings.find(f => f.open && f.kind !== "error" && f.kind !== kind);
    line.asking = next ? next.kind : null;
    draw(line); tally();
    if (next) $(`ask-${line.id}`)?.querySelector("input")?.focus();
    else if (!step(line, 1, { editable: true, name: "value" })) focusCell(line);
  } catch { wrong.textContent = say("failed"); }
};

// --- filters, counts and the answer -------------------------------------------------------------

const tags = line => {
  const word = line.word;
  return {
    all: true, missing: word === "missing", mend: ["unsaved", "mend", "conflict"].includes(word), explain: word === "explain",
    returned: line.state === "returned" && word === "returned", provided: line.provided, behind: line.live?.side === "behind" && line.live.width !== null,
  };
};
const tally = () => {
  const counts = {};
  for (const line of lines) for (const [key, on] of Object.entries(tags(line))) counts[key] = (counts[key] || 0) + (on ? 1 : 0);
  document.querySelectorAll("[data-filter]").forEach(a => { a.querySelector("b").textContent = counts[a.dataset.filter] || 0; });
  if (!lines.some(line => line.editable)) return;
  const unready = lines.filter(line => { const t = tags(line); return t.missing || t.mend || t.returned || t.explain; }).length;
  const parts = ["missing", "mend", "returned", "explain"].filter(key => counts[key]).map(key => say("n_" + key, { n: counts[key] }));
  const clauses = parts.length
    ? [say("prepared", { n: lines.length, ready: lines.length - unready }), ...parts.map((text, i) => text + say(i < parts.length - 1 ? "comma" : "stop"))]
    : [say("all_ready", { n: lines.length })];
  const text = clauses.join("");
  if ($("answer").textContent !== text) $("answer").replaceChildren(...clauses.map(clause => make("span", {}, clause)));
};
const filter = key => {
  document.querySelectorAll("[data-filter]").forEach(a => a.dataset.filter === key ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
  for (const line of lines) { line.row.hidden = !tags(line)[key]; line.below.forEach(node => { node.hidden = line.row.hidden; }); }
  for (const body of table.tBodies) body.hidden = ![...body.querySelectorAll("tr[data-entry]")].some(row => !row.hidden);
  $("nothing").hidden = visible().length > 0;
  const here = new URL(location.href);
  if (key === "all") here.searchParams.delete("show"); else here.searchParams.set("show", key);
  history.replaceState(null, "", here);
  const first = visible().find(line => line.editable) || visible()[0];
  if (first) { table.querySelectorAll("[data-col]").forEach(c => { c.tabIndex = -1; }); first.cell.tabIndex = 0; }
};
document.addEventListener("click", event => {
  const box = event.target.closest("[data-filter]");
  if (box) { event.preventDefault(); if (editor) close(true); filter(box.dataset.filter); }
});

// --- details ------------------------------------------------------------------------------------

const details = $("details");
let timer = 0, seen = "";
const load = async line => {
  seen = String(line.id);
  try {
    const answer = await fetch(address.cell.replace("/0/", `/${line.id}/`), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected || seen !== String(line.id)) return false;
    details.innerHTML = await answer.text();
    details.dataset.entry = String(line.id);
    window.htmx?.process(details);
    document.dispatchEvent(new CustomEvent("saima:dress"));
    return true;
  } catch { return false; }
};
const showDetails = (line, wait) => { clearTimeout(timer); timer = setTimeout(() => { if (active === line) load(line); }, wait); };
const openDetails = async line => {
  clearTimeout(timer);
  details.classList.add("open");
  if (await load(line)) details.querySelector("h2")?.focus();
};
const leaveDetails = () => { details.classList.remove("open"); if (active) focusCell(active); };
details.addEventListener("keydown", event => { if (event.key === "Escape") leaveDetails(); });
details.addEventListener("click", event => { if (event.target.closest("[data-leave]")) leaveDetails(); });

// --- handing in ---------------------------------------------------------------------------------

const point = found => {
  const link = make("button", { type: "button", class: "s-link" }, `${found.label}：${found.message}`);
  link.addEventListener("click", () => {
    $("points").close();
    filter("all");
    const line = byId.get(found.entry);
    focusCell(line);
    if (["behind", "jump"].includes(found.kind)) ask(line, found.kind);
  });
  return make("li", {}, link);
};
const openPoints = (heading, found, partly) => {
  $("points-title").textContent = heading;
  $("points-list").replaceChildren(...found.map(point));
  $("points-partly").hidden = !partly;
  $("points").showModal();
};
let handing = false;
const submit = async partly => {
  if (handing) return;
  handing = true;
  notice(say("submitting"));
  try { await handIn(partly); } finally { handing = false; if ($("notice").textContent === say("submitting")) $("notice").hidden = true; }
};
const handIn = async partly => {
  if (editor) close(true);
  const held = lines.filter(line => queue.of(line.id)?.stuck).map(line => ({ entry: line.id, label: line.label, kind: "mend", message: queue.of(line.id).stuck.message || say("unsaved") }));
  if (held.length) { openPoints(say("points", { n: held.length }), held, false); return; }
  for (let i = 0; i < 40 && queue.waiting.length; i++) { queue.now(); await new Promise(done => setTimeout(done, 100)); }
  if (queue.waiting.length) { notice(say("waiting_saves", { n: queue.waiting.length })); return; }
  const body = new FormData();
  if (partly) body.set("partly", "1");
  try {
    const answer = await post(address.submit, body, false), found = await answer.json();
    if (found.done) { location.reload(); return; }
    if (!found.points) { notice(found.problem ? found.problem.message + found.problem.hint : say("failed")); return; }
    const rest = found.points.every(p => p.kind === "missing" || p.kind === "returned") && lines.some(line => line.state === "draft");
    openPoints(say("points", { n: found.points.length }), found.points, rest);
  } catch { notice(say("failed")); }
};
$("submit")?.addEventListener("click", () => submit(false));
$("points-partly")?.addEventListener("click", () => { $("points").close(); submit(true); });

// --- beginning ----------------------------------------------------------------------------------

let fading = 0;
function notice(text, back = null) {
  const box = $("notice");
  box.replaceChildren(text);
  if (back) { const b = make("button", { type: "button", class: "s-link" }, say("undo")); b.addEventListener("click", () => { box.hidden = true; back(); }); box.append(" ", b); }
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { box.hidden = true; }, 9000);
}
addEventListener("pagehide", () => { if (editor) close(true); });
addEventListener("beforeunload", event => { if (!queue.durable && queue.ops.size) event.preventDefault(); });

const keys = $("grid-keys"), list = document.querySelector("#shortcuts .s-keys");
if (keys && list) list.append(keys.content.cloneNode(true));
const walking = $("tab-walks");
if (walking) { walking.checked = walks(); walking.addEventListener("change", () => { try { localStorage.setItem("saima-tab-walks", walking.checked ? "yes" : "no"); } catch { /* private window */ } }); }

const restored = queue.restore();
for (const [entry, text] of queue.halfTyped()) { const line = byId.get(entry); if (line?.editable && text !== textIn(line)) { commit(line, text); restored.push(line); } }
lines.forEach(draw);
if (restored.length) { notice(say("restored", { n: restored.length })); queue.now(); }
const shown = new URL(location.href).searchParams.get("show") || "all";
filter(document.querySelector(`[data-filter="${CSS.escape(shown)}"]`) ? shown : "all");
tally();
if (beside()) { const first = lines.find(line => line.cell.tabIndex === 0) || lines[0]; if (first) { active = first; first.row.classList.add("active"); showDetails(first, 50); } }
table.dataset.ready = "yes";
