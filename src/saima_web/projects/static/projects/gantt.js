// The Gantt chart. Every date comes from the server; this draws, and sends what a person has moved.
(() => {
  const source = document.getElementById("g-data");
  if (!source) return;
  const data = JSON.parse(source.textContent), label = data.labels;
  const panel = document.getElementById("g"), scroll = panel.querySelector(".g-scroll");
  const said = document.getElementById("j-said"), chain = document.getElementById("j-chain");
  const ROW = 30, HEAD = 58, NAMES = 240, BLOCK = 12, DAY = 86400000;
  const SCALE = { day: 28, week: 10, month: 4, quarter: 1.6, year: .7 };
  const bars = new Map(data.groups.flatMap(group => group.bars).map(bar => [bar.id, bar]));
  const closed = new Set(), undone = [], redoable = [];
  const params = new URLSearchParams(location.search);
  let zoom = params.get("zoom") in SCALE ? params.get("zoom") : "month";
  let rows = [], rowOf = new Map(), edges = [], blocks = [], marks = [], first = 0, last = 0, busy = false, held = null;

  const px = () => SCALE[zoom], x = day => (day - first) * px(), wide = () => (last - first) * px();
  const day = number => { const d = new Date(number * DAY); return { y: d.getUTCFullYear(), m: d.getUTCMonth() + 1, d: d.getUTCDate(), w: d.getUTCDay() }; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  const signed = n => (n > 0 ? "+" : "") + n;
  const svg = (name, attributes, parent) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes || {})) if (value !== "" && value != null) made.setAttribute(key, value);
    parent?.append(made);
    return made;
  };
  const write = (parent, text, attributes) => { svg("text", attributes, parent).textContent = text; };

  // What stands in which row, from which day to which.
  const arrange = () => {
    rows = []; rowOf = new Map();
    for (const group of data.groups) {
      rows.push({ group });
      if (!closed.has(group.title)) for (const bar of group.bars) { rowOf.set(bar.id, rows.length); rows.push({ bar: bars.get(bar.id) }); }
    }
    const all = [...bars.values()];
    first = Math.min(data.today, ...all.map(b => Math.min(b.start, b.plan[0]))) - 10;
    last = Math.max(data.today, ...all.map(b => Math.max(b.finish, b.plan[1]))) + 30;
    edges = all.flatMap(bar => rowOf.has(bar.id) ? bar.links.filter(([id]) => rowOf.has(id)).map(([id, kind]) => ({ from: bars.get(id), to: bar, kind })) : []);
    blocks = [];
    for (const edge of edges) {
      const ends = [rowOf.get(edge.from.id), rowOf.get(edge.to.id)];
      for (let n = Math.floor(Math.min(...ends) / BLOCK); n <= Math.floor(Math.max(...ends) / BLOCK); n++) (blocks[n] ??= []).push(edge);
    }
    marks = ticks();
  };

  // Ticks: above the larger measure, below the smaller one.
  const MEASURES = {
    day: [d => d.d === 1 && fill(label.month, d), d => String(d.d)],
    week: [d => d.d === 1 && fill(label.month, d), d => d.w === 1 && String(d.d)],
    month: [d => d.m === 1 && d.d === 1 && fill(label.year, d), d => d.d === 1 && fill(label.short, d)],
    quarter: [d => d.m === 1 && d.d === 1 && fill(label.year, d), d => d.d === 1 && d.m % 3 === 1 && fill(label.quarter, { q: (d.m + 2) / 3 })],
    year: [() => false, d => d.m === 1 && d.d === 1 && fill(label.year, d)],
  };
  const ticks = () => {
    const found = [], [large, small] = MEASURES[zoom];
    for (let n = first; n < last; n++) {
      const at = day(n), above = large(at), below = small(at);
      if (above || below) found.push({ n, above, below });
    }
    const at = day(first), opening = zoom === "year" ? null : zoom === "day" || zoom === "week" ? fill(label.month, at) : fill(label.year, at);
    const next = found.find(tick => tick.above);
    if (opening && (!next || x(next.n) > 90)) found.unshift({ n: first, above: opening, below: found[0]?.n === first && found[0].below });
    return found;
  };
  const drawHead = (into, dx = 0) => {
    for (const tick of marks) {
      const at = x(tick.n) + dx;
      if (tick.above) write(into, tick.above, { x: at + 4, y: 15, class: "g-label strong" });
      if (tick.below) write(into, tick.below, { x: at + 4, y: 33, class: "g-label" });
      svg("path", { d: `M${at} ${tick.above ? 4 : 22}V${HEAD}`, class: "g-tick" + (tick.above ? " strong" : "") }, into);
    }
    write(into, label.today, { x: x(data.today + .5) + dx, y: 52, "text-anchor": "middle", class: "g-label now" });
  };
  const drawGrid = (into, height, dx = 0, dy = 0) => {
    for (const strong of [false, true]) {
      const lines = marks.filter(tick => Boolean(tick.above) === strong).map(tick => `M${x(tick.n) + dx} ${dy}v${height}`);
      if (lines.length) svg("path", { d: lines.join(""), class: "g-tick" + (strong ? " strong" : "") }, into);
    }
    svg("path", { d: `M${x(data.today + .5) + dx} ${dy}v${height}`, class: "g-today" }, into);
  };

  // One bar: the plan as a thin ghost below, the forecast above it, an event as a diamond.
  const drawBar = (into, bar, y, dx = 0) => {
    const kind = [bar.state, bar.critical ? "critical" : ""].join(" ");
    const group = svg("g", { class: "g-row" + (bar.can ? " can" : ""), "data-id": bar.id }, into);
    svg("title", {}, group).textContent = bar.words;
    const from = x(bar.plan[0]) + dx, to = x(bar.plan[1] + 1) + dx;
    if (bar.event) svg("path", { d: diamond(to - px() / 2, y + 22, 3.5), class: "g-ghost" }, group);
    else svg("rect", { x: from, y: y + 22, width: Math.max(to - from, 2), height: 3, class: "g-ghost" }, group);
    if (bar.event) { svg("path", { d: diamond(x(bar.finish + .5) + dx, y + 13, 7), class: "g-event " + kind, "data-part": "move" }, group); return group; }
    const width = Math.max((bar.finish - bar.start + 1) * px(), 3), at = x(bar.start) + dx;
    svg("rect", { x: at, y: y + 7, width, height: 12, rx: 1, class: "g-bar " + kind, "data-part": "move" }, group);
    if (bar.percent > 0 && bar.percent < 100) svg("rect", { x: at, y: y + 11, width: width * bar.percent / 100, height: 4, class: "g-done" }, group);
    if (bar.can?.resize) svg("rect", { x: at + width - 3, y: y + 5, width: 8, height: 16, class: "g-grip", "data-part": "resize" }, group);
    return group;
  };
  const diamond = (cx, cy, r) => `M${cx} ${cy - r}L${cx + r} ${cy}L${cx} ${cy + r}L${cx - r} ${cy}Z`;
  const drawEdge = (into, edge, top, dx = 0) => {
    const end = (bar, late) => bar.event ? x(bar.finish + .5) : late ? x(bar.finish + 1) : x(bar.start);
    const x1 = end(edge.from, edge.kind[0] === "F") + dx, x2 = end(edge.to, edge.kind[1] === "F") + dx;
    const y1 = rowOf.get(edge.from.id) * ROW + 13 + top, y2 = rowOf.get(edge.to.id) * ROW + 13 + top, down = y2 > y1 ? 1 : -1;
    const middle = y2 - down * ROW / 2, turn = x1 + 6;
    const path = x2 - 6 >= turn ? `M${x1} ${y1}H${turn}V${y2}H${x2}` : `M${x1} ${y1}H${turn}V${middle}H${x2 - 8}V${y2}H${x2}`;
    const critical = edge.from.critical && edge.to.critical ? " critical" : "", group = svg("g", {}, into);
    svg("path", { d: path, class: "g-link" + critical }, group);
    svg("path", { d: `M${x2} ${y2}l-5 -3v6z`, class: "g-arrow" }, group);
    return group;
  };

  // On the page: blocks of rows, each a drawing of its own, so that a new one costs the browser
  // no look at the others; those in view and one on either side.
  const canvas = document.createElement("div"), head = document.createElement("div"), corner = document.createElement("div");
  canvas.className = "g-canvas"; head.className = "g-head"; corner.className = "g-corner";
  const above = svg("svg", { "aria-hidden": "true" }), shown = new Map();
  head.append(corner, above); canvas.append(head); scroll.append(canvas);

  const frame = () => {
    arrange();
    canvas.style.width = `${NAMES + wide()}px`; canvas.style.height = `${HEAD + rows.length * ROW}px`;
    above.replaceChildren(); above.setAttribute("width", wide()); above.setAttribute("height", HEAD); above.style.left = `${NAMES}px`;
    drawHead(above);
    for (const box of shown.values()) box.remove();
    shown.clear(); draw();
    for (const button of panel.querySelectorAll("[data-zoom]")) button.setAttribute("aria-pressed", String(button.dataset.zoom === zoom));
  };
  const build = n => {
    const from = n * BLOCK, to = Math.min(rows.length, from + BLOCK), high = (to - from) * ROW;
    const box = document.createElement("div"), names = document.createElement("div"), sheet = svg("svg", { "aria-hidden": "true", width: wide(), height: high });
    box.className = "g-block"; names.className = "g-names";
    Object.assign(box.style, { top: `${HEAD + from * ROW}px`, height: `${high}px`, width: `${NAMES + wide()}px` });
    drawGrid(sheet, high);
    for (const edge of blocks[n] ?? []) drawEdge(sheet, edge, -from * ROW);
    for (let at = from; at < to; at++) {
      if (rows[at].bar) drawBar(sheet, rows[at].bar, (at - from) * ROW); else band(sheet, (at - from) * ROW, 0, wide());
      names.append(name(rows[at]));
    }
    box.append(sheet, names); canvas.append(box);
    return box;
  };
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true; requestAnimationFrame(() => { waiting = false; draw(); });
  };
  const draw = () => {
    if (held) return;
    const from = Math.floor(scroll.scrollTop / ROW / BLOCK), to = Math.floor((scroll.scrollTop + scroll.clientHeight) / ROW / BLOCK), last = Math.ceil(rows.length / BLOCK) - 1;
    for (const [n, box] of shown) if (n < from - 2 || n > to + 2) { box.remove(); shown.delete(n); }
    const wanted = Array.from({ length: to - from + 1 }, (_, n) => from + n).concat(to + 1, from - 1).filter(n => n >= 0 && n <= last && !shown.has(n));
    for (const n of wanted) {
      shown.set(n, build(n));
      if (n < from || n > to) break;
    }
    if (wanted.length > 1) later();
  };
  const redraw = n => { shown.get(n)?.remove(); shown.delete(n); draw(); };
  const band = (into, y, left, width) => svg("rect", { x: left, y, width, height: ROW, class: "g-band", opacity: .55 }, into);
  const name = row => {
    const made = document.createElement(row.group ? "button" : "div");
    if (row.group) {
      made.type = "button"; made.dataset.group = row.group.title;
      made.textContent = `${row.group.title} ${row.group.bars.length}`; made.setAttribute("aria-expanded", String(!closed.has(row.group.title)));
    } else {
      made.textContent = caption(row.bar); made.title = row.bar.words;
      if (row.bar.critical) made.className = "critical";
    }
    return made;
  };
  const caption = bar => data.group === "project" ? bar.name : `${bar.project} ${bar.name}`;

  // Saving: one drop is one request; what comes back is drawn, a refusal puts the bar back.
  const tell = (text, wrong) => { said.hidden = !text; said.textContent = text; said.classList.toggle("error", Boolean(wrong)); };
  const buttons = () => {
    const undo = panel.querySelector("[data-undo]"), redo = panel.querySelector("[data-redo]");
    if (undo) { undo.disabled = !undone.length; redo.disabled = !redoable.length; }
  };
  const send = async (bar, body) => {
    if (busy) return false;
    busy = true; tell(label.saving);
    const before = bar.seen;
    try {
      const answer = await fetch(bar.at, {
        method: "POST", body: JSON.stringify({ ...body, seen: before }),
        headers: { "Content-Type": "application/json", Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
      });
      const found = await answer.json();
      if (!answer.ok) { tell(`${label.kept}${found.problem?.message ?? ""}${found.problem?.hint ?? ""}`, true); return false; }
      for (const fresh of found.bars) if (bars.has(fresh.id)) { Object.assign(bars.get(fresh.id), fresh); list(fresh); }
      if (chain && found.chain) chain.textContent = found.chain;
      tell(found.said);
      return { id: bar.id, before, after: bars.get(bar.id).seen };
    } catch {
      tell(label.failed, true); return false;
    } finally {
      busy = false; const left = scroll.scrollLeft, was = first; frame(); scroll.scrollLeft = left + (was - first) * px();
    }
  };
  const change = async (bar, body) => {
    const done = await send(bar, body);
    if (done) { undone.push(done); redoable.length = 0; }
    buttons();
    return done;
  };
  const again = async (from, into, side) => {
    const step = from[from.length - 1];
    if (!step) return tell(label.nothing);
    if (await send(bars.get(step.id), { do: "put", setting: step[side] })) { from.pop(); into.push(step); }
    buttons();
  };
  const undo = () => again(undone, redoable, "before"), redo = () => again(redoable, undone, "after");

  // With the pointer.
  scroll.addEventListener("pointerdown", event => {
    const part = event.target.closest("[data-part]"), group = part?.closest(".g-row"), bar = group && bars.get(Number(group.dataset.id));
    if (!bar?.can || busy || event.button || !bar.can[part.dataset.part]) return;
    event.preventDefault();
    held = { bar, group, part: part.dataset.part, from: event.clientX, days: 0, tip: svg("text", { class: "g-tip", y: rowOf.get(bar.id) % BLOCK * ROW + 17 }, group.ownerSVGElement) };
    group.classList.add("held"); scroll.setPointerCapture(event.pointerId);
  });
  scroll.addEventListener("pointermove", event => {
    if (!held) return;
    const { bar, group, part } = held, dx = event.clientX - held.from;
    held.days = Math.round(dx / px());
    if (part === "resize") held.days = Math.max(held.days, bar.start - bar.finish);
    if (part === "move") group.setAttribute("transform", `translate(${held.days * px()} 0)`);
    else {
      const width = Math.max((bar.finish - bar.start + 1 + held.days) * px(), 3);
      group.querySelector(".g-bar").setAttribute("width", width);
      group.querySelector(".g-grip").setAttribute("x", x(bar.start) + width - 3);
    }
    held.tip.setAttribute("x", x(bar.finish + 1 + held.days) + 12);
    held.tip.textContent = fill(part === "move" ? label.shift : label.stretch, { n: signed(held.days) });
  });
  const drop = keep => {
    if (!held) return;
    const { bar, part, days, group } = held;
    held.tip.remove(); held = null;
    if (keep && days) { group.classList.add("saving"); change(bar, { do: part, days }); }
    else redraw(Math.floor(rowOf.get(bar.id) / BLOCK));
  };
  scroll.addEventListener("pointerup", () => drop(true));
  scroll.addEventListener("pointercancel", () => drop(false));

  // With the keyboard, in the list.
  const movers = () => [...document.querySelectorAll(".j-mover")];
  let pending = null;
  const forget = () => { pending?.mover.classList.remove("pending"); pending = null; };
  const list = bar => {
    const mover = document.querySelector(`[data-mover="${bar.id}"]`), row = mover?.closest("tr");
    if (!row) return;
    mover.setAttribute("aria-label", bar.words);
    for (const [key, text] of Object.entries(bar.cells)) {
      const cell = row.querySelector(`td[data-key="${key}"]`), inner = cell?.querySelector("[data-state]") ?? cell;
      if (inner) inner.textContent = text;
    }
  };
  const step = (mover, part, days) => {
    const bar = bars.get(Number(mover.dataset.mover));
    if (!bar?.can?.[part]) return;
    if (pending?.mover !== mover || pending.part !== part) { forget(); pending = { mover, bar, part, days: 0 }; mover.classList.add("pending"); }
    pending.days += days;
    const what = fill(part === "move" ? label.shift : label.stretch, { n: signed(pending.days) });
    tell(fill(label.pending, { name: bar.name, what }));
  };
  document.addEventListener("keydown", async event => {
    if (event.key === "Escape" && held) return drop(false);
    if ((event.ctrlKey || event.metaKey) && !event.target.closest("input,textarea,select") && "zy".includes(event.key.toLowerCase())) {
      if (!panel.querySelector("[data-undo]")) return;
      event.preventDefault();
      if (event.key.toLowerCase() === "y" || event.shiftKey) redo(); else undo();
      return;
    }
    const mover = event.target.closest?.(".j-mover");
    if (!mover) return;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key], way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (side) { event.preventDefault(); step(mover, event.shiftKey ? "resize" : "move", side * (event.ctrlKey ? 7 : 1)); }
    else if (way) { event.preventDefault(); forget(); const all = movers(); all[all.indexOf(mover) + way]?.focus(); }
    else if (event.key === "Escape" && pending) { forget(); tell(""); }
    else if (event.key === "Enter" && pending) {
      event.preventDefault();
      const { bar, part, days } = pending;
      forget();
      if (days) await change(bar, { do: part, days });
    }
  });

  // Pictures and print: all rows, in the colours of the page, with their names.
  const picture = (from, to) => {
    const studio = document.createElement("div");
    studio.className = "g-studio open";
    const width = NAMES + wide(), height = HEAD + (to - from) * ROW, made = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` }, studio);
    document.body.append(studio);
    svg("rect", { width, height, class: "g-paper" }, made);
    drawGrid(made, height - HEAD, NAMES, HEAD); drawHead(made, NAMES);
    const top = HEAD - from * ROW;
    for (const edge of edges) if ([edge.from, edge.to].every(b => rowOf.get(b.id) >= from && rowOf.get(b.id) < to)) drawEdge(made, edge, top, NAMES);
    for (let n = from; n < to; n++) {
      const y = HEAD + (n - from) * ROW, row = rows[n];
      if (row.group) band(made, y, 0, width);
      write(made, row.group ? row.group.title : clip(caption(row.bar)), { x: row.group ? 8 : 22, y: y + 19, class: "g-name" + (row.group || row.bar.critical ? " strong" : "") });
      if (row.bar) drawBar(made, row.bar, y, NAMES);
    }
    for (const one of made.querySelectorAll("[class]")) {
      const look = getComputedStyle(one);
      for (const key of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family", "font-weight", "opacity"]) one.setAttribute(key, look.getPropertyValue(key));
      one.removeAttribute("class");
    }
    for (const grip of made.querySelectorAll("[data-part='resize']")) grip.remove();
    studio.remove();
    return made;
  };
  const clip = text => text.length > 15 ? `${text.slice(0, 14)}…` : text;
  const save = (blob, kind) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob); link.download = `${label.file}.${kind}`; link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const take = async kind => {
    const made = picture(0, rows.length), text = new XMLSerializer().serializeToString(made), file = new Blob([text], { type: "image/svg+xml" });
    if (kind === "svg") return save(file, "svg");
    const width = Number(made.getAttribute("width")), height = Number(made.getAttribute("height")), share = Math.min(2, 16000 / width, 16000 / height);
    const image = new Image(), paper = document.createElement("canvas");
    image.src = URL.createObjectURL(file);
    await image.decode();
    paper.width = Math.round(width * share); paper.height = Math.round(height * share);
    paper.getContext("2d").drawImage(image, 0, 0, paper.width, paper.height);
    URL.revokeObjectURL(image.src);
    paper.toBlob(blob => save(blob, "png"), "image/png");
  };
  addEventListener("beforeprint", () => {
    const sheets = [];
    for (let n = 0; n < rows.length; n += 36) sheets.push(picture(n, Math.min(n + 36, rows.length)));
    panel.querySelector(".g-print").replaceChildren(...sheets);
  });
  addEventListener("afterprint", () => panel.querySelector(".g-print").replaceChildren());

  // The scale stays when the page is asked for other bars or another order.
  const keepZoom = () => {
    for (const link of document.querySelectorAll('main a[href^="?"]')) {
      const asked = new URLSearchParams(link.getAttribute("href"));
      asked.set("zoom", zoom); link.setAttribute("href", `?${asked}`);
    }
    for (const form of document.querySelectorAll('main form[method="get"]:not([action])')) {
      const kept = form.elements.zoom ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "zoom" }));
      kept.value = zoom;
    }
  };

  panel.addEventListener("click", event => {
    const on = event.target.closest("[data-zoom],[data-undo],[data-redo],[data-picture],[data-group]");
    if (!on) return;
    if (on.dataset.zoom) {
      const middle = first + (scroll.scrollLeft + (scroll.clientWidth - NAMES) / 2) / px();
      zoom = on.dataset.zoom; frame(); scroll.scrollLeft = x(middle) - (scroll.clientWidth - NAMES) / 2;
      params.set("zoom", zoom); history.replaceState(null, "", `?${params}`); keepZoom();
    }
    if ("undo" in on.dataset) undo();
    if ("redo" in on.dataset) redo();
    if (on.dataset.picture) take(on.dataset.picture);
    if (on.dataset.group) {
      const title = on.dataset.group;
      if (!closed.delete(title)) closed.add(title);
      frame(); [...canvas.querySelectorAll(".g-names button")].find(b => b.dataset.group === title)?.focus();
    }
  });
  scroll.addEventListener("scroll", later, { passive: true });
  addEventListener("resize", draw);
  frame();
  scroll.scrollLeft = x(data.today) - (scroll.clientWidth - NAMES) / 2;
})();
