// Lists of tasks: selects that apply themselves, and choosing rows for one step together.
(() => {
  for (const form of document.querySelectorAll("form[data-auto]")) form.addEventListener("change", () => form.requestSubmit());

  const all = document.querySelector("[data-all]"), count = document.querySelector("[data-count]");
  if (!all) return;
  const picks = () => [...document.querySelectorAll("input[name=task][form=many]")];
  const tell = () => {
    const n = picks().filter(box => box.checked).length;
    count.textContent = n ? count.dataset.words.replace("{n}", n) : "";
  };
  all.addEventListener("change", () => { for (const box of picks()) box.checked = all.checked; tell(); });
  document.addEventListener("change", event => { if (event.target.name === "task") tell(); });
  tell();
})();
