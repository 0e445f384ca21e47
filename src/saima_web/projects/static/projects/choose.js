// Selects that narrow a list apply themselves. Arrow keys may pass over choices: the list waits for
// Enter, or until the select is left. The page that comes has the focus where it was.
(() => {
  const FOCUS = "s-choice", PASSING = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
  const keep = name => { try { sessionStorage.setItem(FOCUS, name || ""); } catch { /* no storage: the focus begins at the top */ } };
  for (const form of document.querySelectorAll("form[data-auto]")) {
    let passing = false, waits = false;
    const send = name => { waits = false; keep(name); form.requestSubmit(); };
    form.addEventListener("pointerdown", () => { passing = false; });
    form.addEventListener("keydown", event => {
      if (event.key === "Enter" && waits) { event.preventDefault(); send(event.target.name); }
      else passing = !event.altKey && (PASSING.includes(event.key) || (event.key.length === 1 && event.key !== " "));
    });
    form.addEventListener("change", event => { if (passing) waits = true; else send(event.target.name); });
    form.addEventListener("focusout", event => { if (waits) send(event.relatedTarget?.name); });
  }
  let last = "";
  try { last = sessionStorage.getItem(FOCUS); sessionStorage.removeItem(FOCUS); } catch { /* as above */ }
  if (last) document.querySelector(`form[data-auto] [name="${CSS.escape(last)}"]`)?.focus();
})();
