// What is typed is kept on this machine until the server has it: a queue that survives a lost
// connection, a closed window and an expired log-in. Each row has a request id, so that sending
// it twice changes nothing.

const FIRST = 1000, LONGEST = 30000, TIMEOUT = 20000, STAYED = 5000;

const shelf = (() => {
  try {
    localStorage.setItem("saima-probe", "1"); localStorage.removeItem("saima-probe");
    return localStorage;
  } catch { return null; }
})();

const cookie = name => document.cookie.split("; ").find(c => c.startsWith(name + "="))?.slice(name.length + 1) || "";
const token = () => cookie("saima_csrf") || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");

export const post = (address, body, json = true) => fetch(address, {
  method: "POST", body, credentials: "same-origin",
  headers: { "X-CSRFToken": token(), Accept: "application/json", ...(json ? { "Content-Type": "application/json" } : {}) },
  signal: AbortSignal.timeout ? AbortSignal.timeout(TIMEOUT) : undefined,
});

export class Queue {
  // onAnswer(op, answer) for each row; onState({ state, waiting }) when the connection changes.
  constructor({ address, prefix, about, onAnswer, onState }) {
    Object.assign(this, { address, prefix, about, onAnswer, onState });
    this.ops = new Map(); this.flying = new Set(); this.wait = FIRST; this.state = "idle"; this.timer = 0;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.waiting.length && this.tell("offline"));
    addEventListener("beforeunload", () => this.leave());
  }
  // While one leaves, what is answered stays on the shelf: the next page may have been read before
  // it was saved, and sends it once more. A download leaves too, but stays: then it is forgotten.
  leave() {
    this.left ??= new Set();
    clearTimeout(this.stayed);
    this.stayed = setTimeout(() => { const { left } = this; this.left = null; left.forEach(op => this.drop(op)); }, STAYED);
  }
  get durable() { return shelf !== null; }
  get waiting() { return [...this.ops.values()].filter(op => !op.stuck); }
  of(entry) { return [...this.ops.values()].filter(op => op.entry === entry).pop(); }

  // What an earlier visit could not save.
  restore() {
    if (!shelf) return [];
    const keys = Object.keys(shelf).filter(k => k.startsWith(this.prefix + "/op/"));
    const found = keys.map(k => { try { return JSON.parse(shelf[k]); } catch { return null; } }).filter(op => op?.request && op.entry);
    found.sort((a, b) => a.at - b.at).forEach(op => this.ops.set(op.request, op));
    return found;
  }
  put(op) {
    for (const old of this.ops.values()) if (old.entry === op.entry && !this.flying.has(old.request)) this.drop(old);
    const full = { request: freshId(), at: Date.now(), ...op };
    this.keep(full);
    return full;
  }
  keep(op) {
    this.ops.set(op.request, op);
    try { shelf?.setItem(`${this.prefix}/op/${op.request}`, JSON.stringify(op)); } catch { /* full: memory keeps it */ }
    if (op.stuck) return;
    this.onState({ state: this.state, was: this.state, waiting: this.waiting.length });
    this.now();
  }
  stick(op, answer) { this.ops.set(op.request, { ...op, stuck: answer }); this.keep({ ...op, stuck: { status: answer.status, message: answer.message } }); }
  drop(op) { this.ops.delete(op.request); shelf?.removeItem(`${this.prefix}/op/${op.request}`); }
  done(op) { if (this.left) { this.left.add(op); this.ops.delete(op.request); } else this.drop(op); }

  // Half-typed text, so that a closed window loses nothing.
  typing(entry, text) {
    const key = `${this.prefix}/typing/${entry}`;
    if (text === null) shelf?.removeItem(key); else try { shelf?.setItem(key, text); } catch { /* full */ }
  }
  halfTyped() {
    if (!shelf) return [];
    const start = this.prefix + "/typing/";
    return Object.keys(shelf).filter(k => k.startsWith(start)).map(k => { const text = shelf[k]; shelf.removeItem(k); return [Number(k.slice(start.length)), text]; });
  }

  now() { clearTimeout(this.timer); this.timer = setTimeout(() => this.flush(), 30); }
  later() { clearTimeout(this.timer); this.timer = setTimeout(() => this.flush(), this.wait); this.wait = Math.min(LONGEST, this.wait * 2); }
  tell(state) {
    const was = this.state; this.state = state;
    this.onState({ state, was, waiting: this.waiting.length });
  }

  async flush() {
    if (this.flying.size) return;
    const rows = this.waiting;
    if (!rows.length) { this.tell("idle"); return; }
    rows.forEach(op => this.flying.add(op.request));
    this.onState({ state: this.state, was: this.state, waiting: rows.length });
    try { await this.send(rows); } finally { rows.forEach(op => this.flying.delete(op.request)); }
    if (this.waiting.length && this.state === "idle") this.now();
    else if (!this.waiting.length) this.tell(this.state);
  }
  async send(rows) {
    let answer, body;
    try {
      answer = await post(this.address, JSON.stringify({ ...this.about, rows: rows.map(({ request, entry, text, expected, origin, behalf }) => ({ request, entry, text, expected, origin, behalf })) }));
      const kind = answer.headers.get("Content-Type") || "";
      if (!kind.includes("json")) { this.tell(answer.status >= 500 ? "server" : "login"); this.later(); return; }
      body = await answer.json();
    } catch { this.tell("offline"); this.later(); return; }
    if (answer.status >= 500) { this.tell("server"); this.later(); return; }
    this.wait = FIRST;
    const answers = new Map((body.rows || []).map(a => [a.request, a]));
    const message = body.problem ? body.problem.message + body.problem.hint : body.message || "";
    for (const op of rows) this.answered(op, answers.get(op.request) || { status: "refused", message, entry: op.entry });
    this.tell("idle");
  }
  answered(op, answer) {
    const next = this.waiting.find(o => o.entry === op.entry && o.request !== op.request);
    if (answer.status === "saved") this.done(op); else if (next) this.drop(op); else this.stick(op, answer);
    if (answer.status === "saved" && next && answer.line) { next.expected = answer.line.figure || 0; this.keep(next); }
    this.onAnswer(op, answer, next);
  }
}
