// Numbers as the page shows them while one types. The server reads again and has the last word.

const HALF = /[！-～]/g;
export const plain = text => text
  .replace(HALF, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  .replace(/[\u3000\u00a0\u2009\u202f]/g, " ").replace(/[\u200b-\u200d\ufeff\u00ad]/g, "")
  .replace(/\u2212/g, "-").trim();

const SCALES = { 十: 1, 百: 2, 千: 3, 万: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8, 十亿: 9, 百亿: 10 };
export const scaleOf = measure => {
  const found = Object.keys(SCALES).sort((a, b) => b.length - a.length).find(s => measure.startsWith(s));
  return found ? { power: SCALES[found], base: measure.slice(found.length) } : { power: 0, base: measure };
};

// An exact decimal: digits as BigInt, times ten to the power of -places.
const exact = text => {
  const [, sign, whole, part = ""] = text.match(/^(-?)(\d*)\.?(\d*)$/) || [];
  if (whole === undefined || !(whole + part)) return null;
  return { digits: BigInt(sign + (whole + part)), places: part.length };
};
const raised = (n, places) => n.digits * 10n ** BigInt(places - n.places);
export const textOf = n => {
  const size = (n.digits < 0n ? -n.digits : n.digits).toString().padStart(n.places + 1, "0");
  const whole = size.slice(0, size.length - n.places), part = n.places ? size.slice(-n.places).replace(/0+$/, "") : "";
  return (n.digits < 0n ? "-" : "") + whole + (part ? "." + part : "");
};
export const add = (a, b) => {
  const x = exact(a), y = exact(b), places = Math.max(x.places, y.places);
  return textOf({ digits: raised(x, places) + raised(y, places), places });
};

// The number that a text means in a measure, as canonical text; null where only the server can tell.
export const valueOf = (text, measure) => {
  const found = plain(text).match(/^([+-]?)(\d{1,3}(?:,\d{3})+|\d+|)(\.\d*)?\s*(.*)$/);
  if (!found) return null;
  const [, sign, whole, part = "", rest] = found;
  const digits = (sign === "-" ? "-" : "") + whole.replaceAll(",", "") + (part === "." ? "" : part);
  const n = exact(digits);
  if (!n) return null;
  const shift = shiftOf(rest, measure);
  if (shift === null) return null;
  return textOf(shift >= 0
    ? { digits: n.digits * 10n ** BigInt(Math.max(0, shift - n.places)), places: Math.max(0, n.places - shift) }
    : { digits: n.digits, places: n.places - shift });
};
const shiftOf = (own, measure) => {
  if (!own || own === measure) return 0;
  const from = scaleOf(own), to = scaleOf(measure);
  return from.power && (from.base === "" || from.base === to.base) ? from.power - to.power
    : from.base === to.base ? from.power - to.power : null;
};

// 四舍五入, half away from zero, on the printed number.
export const halfUp = (x, places) => {
  const scale = 10 ** places, size = Math.abs(Number(x.toFixed(9)));
  return Math.sign(x) * Math.floor(size * scale + 0.5 + 1e-7) / scale;
};
export const grouped = (text, decimals) => {
  const n = exact(text);
  const places = Math.max(decimals, n.places);
  const size = (n.digits < 0n ? -n.digits : n.digits) * 10n ** BigInt(places - n.places);
  const all = size.toString().padStart(places + 1, "0");
  const whole = all.slice(0, all.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  return (n.digits < 0n ? "−" : "") + whole + (places ? "." + all.slice(-places) : "");
};
const fixed = (x, places) => halfUp(x, places).toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places }).replace("-", "−");

// The calculated columns for a figure, in words: what the server will say after saving.
export const live = (line, value, say, scale) => {
  const dash = { cumulative: line.accrued !== "0" ? grouped(line.accrued, line.decimals) : "—", attainment: "—", gap: "—", side: null, width: null };
  if (value === null || line.kind === "grade") return dash;
  const cumulative = add(value, line.accrued || "0");
  const shown = { ...dash, cumulative: grouped(cumulative, line.decimals) };
  const share = attainment(line, Number(cumulative));
  if (share !== null) shown.attainment = fixed(share * 100, 1);
  if ((line.kind === "pace" || line.kind === "zero") && share !== null && line.gone !== null) return { ...shown, ...pace((share - line.gone) * 100, say, scale) };
  if (line.target !== null && (line.kind === "ceiling" || line.kind === "level")) {
    const met = line.kind === "ceiling" ? Number(value) <= Number(line.target) : Number(value) >= Number(line.target);
    return { ...shown, gap: say(met ? "met" : "unmet"), side: met ? "ahead" : "behind" };
  }
  return shown;
};
const attainment = (line, cumulative) => {
  const target = line.target === null ? null : Number(line.target);
  if (line.kind === "zero") {
    const opening = line.opening === null ? null : Number(line.opening);
    return opening === null || opening <= (target || 0) ? null : (opening - cumulative) / (opening - (target || 0));
  }
  return (line.kind === "pace" || line.kind === "level") && target > 0 ? cumulative / target : null;
};
const pace = (gap, say, scale) => {
  const size = halfUp(Math.abs(gap), 1);
  if (size === 0) return { gap: say("even"), side: "", width: 0 };
  return { gap: say(gap > 0 ? "ahead" : "behind", { n: size.toFixed(1) }), side: gap > 0 ? "ahead" : "behind", width: Math.min(1, Math.abs(gap) / scale) };
};
