// Review: choosing cells, and what stands in the way said before it is sent.
(() => {
  for (const form of document.querySelectorAll("form[data-auto]")) form.addEventListener("change", () => form.requestSubmit());

  const open = document.querySelector("form[data-open-form]");
  open?.elements.period?.addEventListener("change", event => {
    location.search = new URLSearchParams({ period: event.target.value });
  });

  const picks = () => [...document.querySelectorAll("input[name=entry]")];
  const all = document.querySelector("[data-all]"), count = document.querySelector("[data-count]");
  if (!all) return;
  const tell = () => {
    const n = picks().filter(box => box.checked).length;
    count.textContent = n ? count.dataset.words.replace("{n}", n) : "";
  };
  all.addEventListener("change", () => {
    for (const box of picks()) if ("mine" in box.dataset) box.checked = all.checked;
    tell();
  });
  document.addEventListener("change", event => { if (event.target.name === "entry") tell(); });
  // A figure typed beside a cell means that the cell is to be settled.
  document.addEventListener("input", event => {
    if (!event.target.classList.contains("r-value")) return;
    const box = event.target.closest("tr").querySelector("input[name=entry]");
    box.checked = box.checked || event.target.value.trim() !== ""; tell();
  });
  // What needs a reason is said before it is sent, so that nothing typed is lost.
  const reason = document.querySelector(".r-reason");
  reason.addEventListener("input", () => reason.setCustomValidity(""));
  document.getElementById("decide").addEventListener("submit", event => {
    const what = event.submitter?.value;
    const chosen = picks().filter(box => box.checked).map(box => box.closest("tr"));
    const other = chosen.some(row => row.querySelector(".r-value")?.value.trim());
    const needed = what === "return" ? chosen.length > 0 : what === "confirm" && other;
    if (!needed || reason.value.trim()) return;
    event.preventDefault();
    reason.setCustomValidity(reason.dataset.needed); reason.reportValidity();
  });
  tell();
})();
