// The heat map is one tab stop; arrows, Home and End move inside it.
(() => {
  const start = table => {
    const rows = [...table.querySelectorAll("tbody tr:not(.track)")].map(row => [...row.cells].slice(1));
    const link = (r, c) => rows[r]?.[c]?.querySelector("a");
    const first = table.querySelector("tbody td a");
    if (first) first.tabIndex = 0;

    const go = (from, to) => {
      if (!to) return;
      from.tabIndex = -1; to.tabIndex = 0; to.focus();
    };
    const seek = (r, c, dr, dc) => {
      for (r += dr, c += dc; rows[r] && c >= 0 && c < rows[r].length; r += dr, c += dc) if (link(r, c)) return link(r, c);
      return null;
    };
    table.addEventListener("keydown", event => {
      const from = event.target.closest("td a");
      if (!from) return;
      const r = rows.findIndex(row => row.includes(from.parentElement)), c = rows[r].indexOf(from.parentElement);
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const to = steps[event.key] ? seek(r, c, ...steps[event.key])
        : event.key === "Home" ? seek(r, -1, 0, 1) : event.key === "End" ? seek(r, rows[r].length, 0, -1) : null;
      if (steps[event.key] || to) event.preventDefault();
      go(from, to);
    });
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-heat]").forEach(start));
})();
