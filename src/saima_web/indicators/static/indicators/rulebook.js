// A draft's editor: one token for all forms, refusals shown where one works, line numbers.
(() => {
  document.addEventListener("htmx:beforeSwap", event => {
    const status = event.detail.xhr.status;
    if (status === 403 || status === 409) { event.detail.shouldSwap = true; event.detail.swapOverride = "innerHTML"; }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const base = document.getElementById("base");
    if (base) for (const other of document.querySelectorAll("[data-base]")) other.value = base.value;
    number();
  });

  const number = () => {
    const text = document.getElementById("text"), lines = document.getElementById("lines");
    if (!text || !lines) return;
    const wrong = new Set([...document.querySelectorAll("[data-line]")].map(a => Number(a.dataset.line)));
    const count = text.value.split("\n").length;
    lines.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const mark = document.createElement(wrong.has(i + 1) ? "b" : "span");
      mark.textContent = `${i + 1}\n`;
      return mark;
    }));
    lines.scrollTop = text.scrollTop;
  };

  // Typing points says which way of giving points is meant.
  const chooses = name => name === "weight" ? "one" : name?.startsWith("weight.track.") ? "tracks" : "";
  document.addEventListener("input", event => {
    if (event.target.id === "text") number();
    const way = chooses(event.target.name);
    if (way) event.target.form.querySelector(`[name="weight.kind"][value="${way}"]`).checked = true;
  });
  document.addEventListener("scroll", event => {
    if (event.target.id === "text") document.getElementById("lines").scrollTop = event.target.scrollTop;
  }, true);
  document.addEventListener("click", event => {
    const link = event.target.closest("[data-line]"), text = document.getElementById("text");
    if (!link || !text) return;
    event.preventDefault();
    const before = text.value.split("\n").slice(0, Number(link.dataset.line) - 1).join("\n").length;
    const start = before ? before + 1 : 0;
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    text.scrollTop = (Number(link.dataset.line) - 4) * parseFloat(getComputedStyle(text).lineHeight);
  });
  document.addEventListener("DOMContentLoaded", number);
  number();
})();
