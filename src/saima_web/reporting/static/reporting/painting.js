// How a line looks: the cell, the calculated columns, the state in words, the rows that open under it.
import { live, valueOf } from "./numbers.js";

export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.filter(c => c !== null && c !== undefined));
  return node;
};
const gap = document.documentElement.lang.startsWith("zh") ? "" : " ";   // between two sentences
const icon = name => make("i", { class: "s-i i-" + name, "aria-hidden": "true" });

const STATES = {
  typing: ["wait", ""], saving: ["wait", ""], kept: ["wait", "returned"], unsaved: ["bad", "invalid"], mend: ["bad", "invalid"],
  conflict: ["bad", "invalid"], missing: ["dash", ""], not_yet: ["dash", ""], saved: ["ok", ""], explain: ["bad", "returned"],
  returned: ["back", "returned"], provided: ["lock", ""], provided_done: ["ok", ""], submitted: ["ok", ""], endorsed: ["ok", ""], confirmed: ["lock", ""],
};

export class Painter {
  constructor({ table, data, say, columns }) { Object.assign(this, { table, data, say, columns }); }

  // The one word for where a line stands.
  stateOf(line, op, offline, editing) {
    if (editing) return "typing";
    if (op?.stuck) return op.stuck.status === "conflict" ? "conflict" : "unsaved";
    if (op) return offline ? "kept" : "saving";
    if (line.provided) return line.editable ? (line.value ? "provided_done" : "missing") : line.value ? "provided" : "not_yet";
    if (line.state === "returned") return "returned";
    if (line.editable && line.findings.some(f => f.open && f.severity === "error")) return "mend";
    if (line.editable && line.findings.some(f => f.open)) return "explain";
    return { empty: "missing", draft: "saved" }[line.state] || line.state;
  }

  paint(line, { op = null, offline = false, editing = false } = {}) {
    const { row } = line, state = this.stateOf(line, op, offline, editing);
    line.word = state;
    this.cell(line, op, state, editing);
    const text = op ? op.text : line.value;
    this.numbers(line, op || line.draft !== undefined ? this.liveOf(line, line.draft ?? text) : line.shown);
    const [name, tone] = STATES[state];
    row.querySelector("[data-col=state]").replaceChildren(make("span", { class: "s-state " + tone }, icon(name), this.say(state),
      line.late && line.state !== "confirmed" ? make("span", { class: "bad" }, " " + this.say("late")) : null));
    this.under(line, op, state);
  }
  liveOf(line, text) { return live(line, valueOf(text, line.measure), this.say, this.data.scale); }

  cell(line, op, state, editing) {
    const { cell } = line;
    const look = { unsaved: "invalid", mend: "invalid", conflict: "invalid", returned: "returned", provided: "locked", confirmed: "locked", submitted: "locked", endorsed: "locked", not_yet: "locked", saving: "saving" }[state] || "";
    cell.className = ["s-cell n", look, editing ? "edit" : "", line.comments || line.note || line.jump ? "noted" : ""].join(" ").trim();
    cell.setAttribute("aria-invalid", String(look === "invalid"));
    if (editing) return;
    const text = op ? op.text : line.value;
    cell.replaceChildren(text || (line.kind === "none" && text) || make("span", { class: "nr" }, this.say(line.provided && !line.editable ? "not_yet" : "missing")));
  }
  numbers(line, shown) {
    const put = (name, text) => { const td = line.row.querySelector(`[data-col=${name}]`); td.replaceChildren(text === "—" ? make("span", { class: "na" }, "—") : text); return td; };
    put("cumulative", shown.cumulative); put("attainment", shown.attainment);
    put("gap", shown.gap).className = "n " + (shown.side || "");
    const bar = line.row.querySelector("[data-col=pace]");
    bar.replaceChildren(shown.width === null ? "" : make("span", { class: "s-pace " + (shown.side || ""), style: `--w:${shown.width}`, role: "img", "aria-label": shown.gap }));
    line.live = shown;
  }

  // The rows under a line: why it is not saved, why it came back, and what is still to be explained.
  under(line, op, state) {
    const wanted = [];
    if (op?.stuck) wanted.push(["stuck", () => this.stuckRow(line, op)]);
    else if (state === "mend") wanted.push(["mend", () => this.message(line, line.findings.filter(f => f.severity === "error").map(f => f.message).join(""), "")]);
    if (!op?.stuck && line.state === "returned" && line.reason) wanted.push(["reason", () => this.message(line, this.say("returned_by", { reason: line.reason }), "back")]);
    if (!op && line.editable) for (const kind of ["jump", "behind"]) {
      const open = line.findings.find(f => f.kind === kind && f.open), done = kind === "behind" ? line.note : line.jump;
      if (line.asking === kind) wanted.push(["ask-" + kind, () => this.askRow(line, kind)]);
      else if (open) wanted.push(["owed-" + kind, () => this.owedRow(line, kind, open)]);
      else if (done && line.findings.some(f => f.kind === kind)) wanted.push(["done-" + kind, () => this.doneRow(line, kind, done)]);
    }
    if (!op && line.editable && (line.proposal ? line.proposal !== line.value : line.made_of)) wanted.push(["proposal", () => this.proposedRow(line)]);
    const signature = JSON.stringify([wanted.map(([name]) => name), line.reason, op?.stuck?.message, line.note, line.jump, line.findings, line.comments, line.proposal, line.made_of]);
    if (signature === line.signature) return;
    line.signature = signature;
    line.below?.forEach(node => node.remove());
    line.below = wanted.map(([, build]) => build());
    line.row.after(...line.below);
    line.below.forEach(node => { node.hidden = line.row.hidden; });
    line.cell.setAttribute("aria-describedby", line.below.map(node => node.id).filter(Boolean).join(" "));
  }
  message(line, text, tone, ...more) {
    const before = this.columns.before;
    return make("tr", { class: "s-msg " + tone, role: "row", id: `under-${line.id}-${tone || "bad"}` },
      make("td", { colspan: before, class: "pad", role: "presentation" }), make("td", { colspan: this.columns.all - before, role: "gridcell" }, text, ...more));
  }
  button(words, act, extra = "") { const b = make("button", { type: "button", class: "s-link " + extra, tabindex: "-1" }, words); b.addEventListener("click", act); return b; }

  stuckRow(line, op) {
    if (op.stuck.status !== "conflict") return this.message(line, this.say("not_saved", { why: op.stuck.message || "" }), "");
    const words = this.say("conflict_words", { theirs: line.value || this.say("missing"), mine: op.text || this.say("missing") });
    return this.message(line, words + " ", "", this.button(this.say("take_theirs"), () => this.onTheirs(line, op)), " ", this.button(this.say("keep_mine"), () => this.onMine(line, op)));
  }
  owedRow(line, kind, finding) {
    const words = kind === "behind" ? this.say("ask_behind", { name: line.label, n: Math.abs(line.findings.length ? this.points(line) : 0).toFixed(1) }) : finding.message + gap + this.say("ask_jump");
    return this.message(line, words + " ", "back", this.button(this.say("fill"), () => this.onAsk(line, kind), "b"));
  }
  proposedRow(line) {
    const from = line.made_of, words = from ? from.words : this.say("proposed", { n: line.proposal, measure: line.measure });
    const take = line.proposal ? [" ", this.button(this.say("take"), () => this.onTake(line))] : [];
    const look = from?.href ? [" ", make("a", { href: from.href, class: "s-link", tabindex: "-1" }, from.opens)] : [];
    return this.message(line, words, "done", ...take, ...look);
  }
  points(line) { return Number(((line.live?.gap || "").match(/[\d.]+/) || ["0"])[0]); }
  doneRow(line, kind, note) {
    const words = kind === "behind" ? this.say("behind_done", { text: note.text, measure: note.measure, until: note.until_words }) : this.say("jump_done", { text: note.text });
    return this.message(line, words + " ", "done", this.button(this.say("change"), () => this.onAsk(line, kind)));
  }

  // Cause, measure and date open in the row, not in a window.
  askRow(line, kind) {
    const field = (name, label, attributes) => {
      const id = `${name}-${line.id}`;
      return make("div", {}, make("label", { for: id }, label), make("input", { class: "s-input", id, name, tabindex: "-1", ...attributes }));
    };
    const note = (kind === "behind" ? line.note : line.jump) || {};
    const form = make("form", { class: kind === "behind" ? "f" : "f one" }, field("text", this.say("cause"), { value: note.text || "", required: true, maxlength: 1000 }));
    if (kind === "behind") form.append(
      field("measure", this.say("measure"), { value: note.measure || "", placeholder: this.say("measure_hint"), required: true, maxlength: 1000 }),
      field("catch_up_on", this.say("until"), { value: note.until || "", type: "date", required: true }));
    form.append(make("button", { class: "s-btn", tabindex: "-1" }, this.say("keep")));
    form.addEventListener("submit", event => { event.preventDefault(); this.onExplain(line, kind, form); });
    const heading = kind === "behind" ? this.say("ask_behind", { name: line.label, n: this.points(line).toFixed(1) }) : (line.findings.find(f => f.kind === "jump")?.message || "") + gap + this.say("ask_jump");
    const promise = kind === "behind" ? (line.promise ? this.say("ask_promise", { text: line.promise.measure || line.promise.text, until: line.promise.until_words }) + gap : "") + this.say("ask_next") : "";
    const row = make("tr", { class: "s-ask", role: "row", id: `ask-${line.id}` }, make("td", { colspan: this.columns.all, role: "gridcell" },
      make("span", { class: "behind b" }, heading), " ", make("span", { class: "q sm" }, promise), form, make("div", { class: "bad sm", role: "alert" })));
    // Inside the form Tab walks its fields; from outside the grid stays one tab stop.
    row.addEventListener("focusin", () => row.querySelectorAll("input,button").forEach(x => { x.tabIndex = 0; }));
    row.addEventListener("focusout", event => { if (!row.contains(event.relatedTarget)) row.querySelectorAll("input,button").forEach(x => { x.tabIndex = -1; }); });
    row.addEventListener("keydown", event => { if (event.key === "Escape") { event.stopPropagation(); this.onLeave(line); } });
    return row;
  }
}
