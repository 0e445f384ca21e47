// A sheet of numbers on Tabulator: exact sums, typing, copy and paste with Excel, undo and redo.
window.SaimaSheet = (() => {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const WIDE = { "，": ",", "．": ".", "－": "-", "−": "-", "＋": "+" };

  // "1,234.50" and full-width digits become "1234.50"; null where it is no number; "" stays blank
  const tidy = text => {
    const plain = String(text ?? "").replace(/[０-９]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/[，．－−＋]/g, c => WIDE[c]).replace(/[,\s]/g, "");
    if (plain === "" || plain === "—") return "";
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain.replace(/^\+/, "") : null;
  };

  // whole numbers of the last decimal place, so that sums never lose a cent; null where it is none
  const units = (text, decimals) => {
    const plain = tidy(text);
    if (!plain) return null;
    const [whole, part = ""] = plain.replace("-", "").split(".");
    if (part.replace(/0+$/, "").length > decimals) return null;
    const size = BigInt((whole || "0") + part.slice(0, decimals).padEnd(decimals, "0"));
    return plain.startsWith("-") ? -size : size;
  };
  const text = (number, decimals) => {
    const sign = number < 0n ? "-" : "";
    const digits = String(number < 0n ? -number : number).padStart(decimals + 1, "0");
    const cut = digits.length - decimals;
    return sign + digits.slice(0, cut) + (decimals ? "." + digits.slice(cut) : "");
  };
  const sum = (values, decimals) => {
    let found = null;
    for (const value of values) {
      const n = units(value, decimals);
      if (n !== null) found = (found ?? 0n) + n;
    }
    return found;
  };
  const show = (value, decimals) => {
    const n = typeof value === "bigint" ? value : units(value, decimals);
    if (n === null) return value ? String(value) : "";
    const [whole, part] = text(n < 0n ? -n : n, decimals).split(".");
    return (n < 0n ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
  };

  const post = async (url, body) => {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    const data = await answer.json();
    return { ok: answer.ok, data };
  };
  const problemsOf = data => data.problems || (data.problem ? [{ text: data.problem.message + " " + data.problem.hint }] : []);
  const tell = (id, problems) => {
    const box = document.getElementById(id);
    box.hidden = !problems.length;
    box.replaceChildren(...problems.map(p => Object.assign(document.createElement("div"), { textContent: p.text })));
  };

  const editor = (cell, onRendered, success, cancel) => {
    const input = document.createElement("input");
    input.className = "t-input"; input.inputMode = "decimal"; input.value = typed ?? cell.getValue() ?? "";
    const began = typed; typed = null;
    onRendered(() => { input.focus({ preventScroll: true }); if (began === null) input.select(); });
    let done = false;
    const finish = () => { if (!done) { done = true; success(tidy(input.value) ?? input.value); } };
    input.addEventListener("blur", finish);
    input.addEventListener("keydown", event => {
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault(); event.stopPropagation(); finish();
        go(event.key === "Tab" ? (event.shiftKey ? "left" : "right") : (event.shiftKey ? "up" : "down"));
      }
      if (event.key === "Escape") { event.stopPropagation(); done = true; cancel(); back(); }
    });
    return input;
  };
  let typed = null, current = null;
  const back = () => current.element.querySelector(".tabulator-tableholder")?.focus({ preventScroll: true });
  const go = way => {
    back();
    current.element.querySelector(".tabulator-tableholder").dispatchEvent(new KeyboardEvent("keydown", {
      keyCode: { left: 37, up: 38, right: 39, down: 40 }[way], which: { left: 37, up: 38, right: 39, down: 40 }[way], bubbles: true }));
  };

  // `fields` may be typed in; `may(id, field)` says whether a cell is open; `changed` is told after every change
  const make = (element, { data, columns, fields, may, changed, index = "id", ...rest }) => {
    const past = [], future = [];
    const table = new Tabulator(element, {
      data, index, columns, layout: "fitData", height: "auto", maxHeight: "70vh", selectableRange: 1,
      selectableRangeColumns: true, selectableRangeRows: true, editTriggerEvent: "dblclick", history: false,
      columnDefaults: { headerSort: false, resizable: false }, placeholder: "—", ...rest });
    // the scrolled box takes the focus, so that it must be a part of the grid itself
    const name = (part, role) => element.querySelector(part)?.setAttribute("role", role);
    for (const built of ["tableBuilt", "renderComplete"]) table.on(built, () => {
      name(".tabulator-tableholder", "rowgroup"); name(".tabulator-table", "presentation");
      name(".tabulator-placeholder", "row"); name(".tabulator-placeholder-contents", "gridcell");
    });
    const put = (steps, way) => {
      for (const s of steps) table.getRow(s.id)?.update({ [s.field]: s[way] });
      for (const id of new Set(steps.map(s => s.id))) table.getRow(id)?.reformat();
      table.recalc?.(); changed();
    };
    const apply = cells => {
      const steps = cells.filter(c => may(c.id, c.field)).map(c => ({ ...c, old: String(table.getRow(c.id)?.getData()[c.field] ?? ""), value: String(c.value ?? "") }))
        .filter(s => s.old !== s.value);
      if (!steps.length) return 0;
      past.push(steps); future.length = 0; put(steps, "value");
      return steps.length;
    };
    const undo = () => { const s = past.pop(); if (s) { future.push(s); put(s, "old"); } };
    const redo = () => { const s = future.pop(); if (s) { past.push(s); put(s, "value"); } };
    const picked = () => {
      const range = table.getRanges()[0];
      return range ? range.getCells().flat().filter(Boolean).map(c => ({ id: c.getRow().getData()[index], field: c.getField() })) : [];
    };

    table.on("cellEdited", cell => {
      const step = { id: cell.getRow().getData()[index], field: cell.getField(), old: String(cell.getOldValue() ?? ""), value: String(cell.getValue() ?? "") };
      if (step.old !== step.value) { past.push([step]); future.length = 0; }
      cell.getRow().reformat(); table.recalc?.(); changed();
    });
    element.addEventListener("keydown", event => {
      if (event.target.closest("input,select,textarea")) return;
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && !event.shiftKey && event.key.toLowerCase() === "z") { event.preventDefault(); event.stopPropagation(); undo(); }
      else if (ctrl && (event.key.toLowerCase() === "y" || (event.shiftKey && event.key.toLowerCase() === "z"))) { event.preventDefault(); event.stopPropagation(); redo(); }
      else if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); apply(picked().filter(c => fields.includes(c.field)).map(c => ({ ...c, value: "" }))); }
      else if (!ctrl && !event.altKey && (/^[\d.\-－０-９]$/.test(event.key) || event.key === "F2")) {
        const cell = table.getRanges()[0]?.getCells()?.[0]?.[0];
        if (!cell || !fields.includes(cell.getField()) || !may(cell.getRow().getData()[index], cell.getField())) return;
        event.preventDefault(); event.stopPropagation();
        typed = event.key === "F2" ? null : event.key; cell.edit();
      }
    }, true);

    const holds = () => element.contains(document.activeElement) && !document.activeElement.closest("input");
    document.addEventListener("copy", event => {
      const range = holds() && table.getRanges()[0];
      if (!range) return;
      const lines = range.getCells().map(row => (Array.isArray(row) ? row : [row]).map(c => c?.getValue() ?? "").join("\t"));
      event.clipboardData.setData("text/plain", lines.join("\r\n")); event.preventDefault();
    });
    document.addEventListener("paste", event => {
      const range = holds() && table.getRanges()[0];
      if (!range) return;
      event.preventDefault();
      const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map(l => l.split("\t"));
      const rows = table.getRows(), names = table.getColumns().map(c => c.getField()).filter(f => f && f !== "name");
      const cells = range.getCells().flat(), at = cells[0];
      const r0 = rows.indexOf(at.getRow()), c0 = names.indexOf(at.getField());
      const single = lines.length === 1 && lines[0].length === 1 && cells.length > 1;
      const found = single
        ? cells.map(c => ({ id: c.getRow().getData()[index], field: c.getField(), value: lines[0][0] }))
        : lines.flatMap((line, r) => line.map((value, c) => ({ id: rows[r0 + r]?.getData()[index], field: names[c0 + c], value })));
      apply(found.filter(c => c.id && fields.includes(c.field)).map(c => ({ ...c, value: tidy(c.value) ?? c.value.trim() })));
    });
    const sheet = { table, element, apply, undo, redo, picked, forget: () => { past.length = future.length = 0; } };
    current = sheet;
    return sheet;
  };

  // red underline for what is no number or too fine, kept visible and not saved
  const wrong = (value, decimals) => value !== "" && value != null && units(value, decimals) === null;

  return { read, tidy, units, text, sum, show, post, problemsOf, tell, editor, make, wrong };
})();
