// A block from a spreadsheet, placed on the page's lines: by name where it has names, else by position.
import { plain, scaleOf, valueOf } from "./numbers.js";

const bare = text => plain(text).replace(/[(\[【][^()\]】]*[)\]】]/g, "").replace(/[\s*※、.:]/g, "").toLowerCase();
const looksLikeValue = text => /^([-—–/…]|--|不适用|不详)$/.test(plain(text)) || valueOf(text, "") !== null || /^[-+]?[\d,.]+\s*\S{1,4}$/.test(plain(text));

export const cellsOf = text => text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map(row => row.split("\t").map(unquoted));
const unquoted = cell => /^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;

// Returns { pairs: [[line, text]], skipped: [name], why }. `lines` in order; `start` where one stands.
export const placed = (text, lines, start, months) => {
  const rows = cellsOf(text), byName = new Map();
  for (const line of lines) for (const name of line.names) if (name) byName.set(bare(name), byName.get(bare(name)) || line);
  const owner = row => row.map(bare).map(name => byName.get(name)).find(Boolean);
  const named = rows.map(owner), filled = rows.filter(row => row.some(c => c.trim()));
  if (rows[0].length > 1 && named.filter(Boolean).length * 2 >= filled.length) return withNames(rows, named, months, byName);
  const column = valueColumn(rows, rows.map(() => null), months, byName);
  if (column === null) return { pairs: [], skipped: [], why: "columns" };
  const texts = rows.map(row => (row[column] || "").trim());
  const body = texts.length > 1 && texts[0] && !looksLikeValue(texts[0]) ? texts.slice(1) : texts;
  const rest = lines.slice(start), pairs = [], skipped = [];
  body.forEach((value, i) => { if (value && rest[i]) pairs.push([rest[i], value]); else if (value) skipped.push(value); });
  return { pairs, skipped };
};

const withNames = (rows, named, months, byName) => {
  const column = valueColumn(rows, named, months, byName);
  if (column === null) return { pairs: [], skipped: [], why: "columns" };
  const pairs = [], skipped = [], first = named.findIndex(Boolean);
  rows.forEach((row, i) => {
    const value = (row[column] || "").trim();
    if (i < first) return;   // headers
    if (named[i] && value) pairs.push([named[i], inMeasure(row, named[i], value)]);
    else if (value && looksLikeValue(value)) skipped.push(row[0].trim() || value);
  });
  return { pairs, skipped };
};

// 利润总额（亿元） on a line in 万元: the figure is in 亿元.
const inMeasure = (row, line, value) => {
  const own = row.map(cell => plain(cell).match(/\(([^()]{1,8})\)$/)?.[1]).find(Boolean);
  const converts = own && own !== line.measure && /^[-+]?[\d,.]+$/.test(plain(value)) && scaleOf(own).base === scaleOf(line.measure).base;
  return converts ? value + own : value;
};

// The column headed by the period; else the only one that holds values; null where one cannot tell.
const valueColumn = (rows, named, months, byName) => {
  if (rows[0].length === 1) return 0;
  const wanted = [...months.map(bare), "本月", "本期", "当月", "本月数", "本期数", "实际完成"];
  for (const row of rows.slice(0, 5)) {
    const found = row.findIndex(cell => wanted.includes(bare(cell)));
    if (found >= 0) return found;
  }
  const columns = rows[0].map((_, c) => c).filter(c => {
    const texts = rows.map(row => (row[c] || "").trim()).filter(Boolean);
    return texts.length && texts.filter(looksLikeValue).length * 2 > texts.length && !texts.every(t => byName.get(bare(t)));
  });
  return columns.length === 1 ? columns[0] : null;
};
