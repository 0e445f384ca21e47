// What every page shares: theme and size, menus, dialogs, shortcuts, charts after htmx swaps.
(() => {
  // Chromium 86 is still in offices: what the vendored table asks of it and it lacks.
  if (![].findLastIndex) Object.defineProperty(Array.prototype, "findLastIndex", { configurable: true, writable: true, value(fits, self) {
    for (let at = this.length - 1; at >= 0; at -= 1) if (fits.call(self, this[at], at, this)) return at;
    return -1;
  } });
  const root = document.documentElement;
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };

  const dress = () => {
    const theme = localStorage.getItem("saima-theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.bsTheme = theme;
    const size = localStorage.getItem("saima-size");
    if (size) root.dataset.size = size; else delete root.dataset.size;
    for (const b of document.querySelectorAll("[data-set-theme]")) b.setAttribute("aria-pressed", String(b.dataset.setTheme === theme));
    for (const b of document.querySelectorAll("[data-set-size]")) b.setAttribute("aria-pressed", String(b.dataset.setSize === (size || "")));
  };

  // Media queries measure in the browser's letters: where the page's own are larger, in the page's.
  const asked = new WeakMap();
  const fitRule = (rule, by) => {
    if (!asked.has(rule)) asked.set(rule, rule.media.mediaText);
    const text = asked.get(rule).replace(/([\d.]+)rem/g, (_, room) => `${room * by}rem`);
    if (rule.media.mediaText !== text) rule.media.mediaText = text;
  };
  const fit = () => {
    const probe = root.appendChild(document.createElement("i"));
    probe.style.fontSize = "medium";
    const by = parseFloat(getComputedStyle(root).fontSize) / parseFloat(getComputedStyle(probe).fontSize);
    probe.remove();
    if (by === Number(root.dataset.fitted || 1)) return;
    root.dataset.fitted = by;
    for (const sheet of document.styleSheets) {
      if (!sheet.href || sheet.href.includes("/vendor/")) continue;
      for (const rule of sheet.cssRules) if (rule instanceof CSSMediaRule) fitRule(rule, by);
    }
  };
  dress();
  fit();
  new MutationObserver(fit).observe(root, { attributes: true, attributeFilter: ["style", "data-size"] });

  document.addEventListener("click", event => {
    const on = event.target.closest("[data-set-theme],[data-set-size],[data-opens],[data-closes],[data-print],[data-copy],[data-confirm]");
    if (!on) {
      for (const menu of document.querySelectorAll("details.s-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
      return;
    }
    if ("setTheme" in on.dataset) { keep("saima-theme", on.dataset.setTheme); dress(); redraw(); }
    if ("setSize" in on.dataset) { keep("saima-size", on.dataset.setSize); dress(); redraw(); }
    if ("opens" in on.dataset) document.getElementById(on.dataset.opens).showModal();
    if ("closes" in on.dataset) on.closest("dialog").close();
    if ("print" in on.dataset) window.print();
    if ("copy" in on.dataset) {
      const text = document.getElementById(on.dataset.copy).innerText;
      copy(text).then(() => { on.dataset.was ??= on.textContent; on.textContent = on.dataset.done || document.body.dataset.copied; });
    }
    if ("confirm" in on.dataset && !window.confirm(on.dataset.confirm)) event.preventDefault();
  });

  // Clipboards are closed to pages without https: fall back on a selection.
  const copy = text => navigator.clipboard?.writeText
    ? navigator.clipboard.writeText(text).catch(() => select(text))
    : Promise.resolve(select(text));
  const select = text => {
    const area = document.createElement("textarea");
    area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  };

  // g then a letter goes; ? lists the shortcuts; Ctrl+Enter sends the form one is in.
  let leader = 0;
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input,textarea,select,[contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && typing?.form && !event.defaultPrevented) {
      typing.form.requestSubmit(); return;
    }
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details.s-menu[open]")) menu.open = false;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") { document.getElementById("shortcuts")?.showModal(); return; }
    if (event.key === "g") { leader = Date.now(); return; }
    if (Date.now() - leader < 1200) {
      leader = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    }
  });

  // What scrolls sideways can be reached, and so scrolled, with the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll(".s-scroll, pre")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
    }
  };
  for (const change of ["DOMContentLoaded", "toggle", "htmx:afterSettle"]) document.addEventListener(change, reach, true);
  addEventListener("resize", reach);

  // A date field shows its day as the browser's own language writes it: say it in the page's too.
  const sayDay = input => {
    let said = input.nextElementSibling;
    if (!said?.classList.contains("s-said-day")) {
      said = Object.assign(document.createElement("span"), { className: "s-said-day q sm" });
      input.after(said);
    }
    const day = input.valueAsDate;
    const shape = { year: "numeric", month: "long", day: "numeric", weekday: "short", timeZone: "UTC" };
    said.textContent = day ? new Intl.DateTimeFormat(root.lang || "zh-CN", shape).format(day) : "";
  };
  const sayDays = () => document.querySelectorAll('.s-field input[type="date"]').forEach(sayDay);
  for (const change of ["DOMContentLoaded", "htmx:afterSettle"]) document.addEventListener(change, sayDays);
  document.addEventListener("input", event => {
    if (event.target.matches?.('.s-field input[type="date"]')) sayDay(event.target);
  });

  const redraw = () => document.dispatchEvent(new CustomEvent("saima:dress"));
  document.addEventListener("DOMContentLoaded", dress);
})();
