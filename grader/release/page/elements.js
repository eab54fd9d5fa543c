// Text, numbers and SVG: the few helpers that every figure uses.

const find = (id) => document.getElementById(id);
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A number as one would write it by hand: four significant digits, a true minus sign, never -0. */
function short(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(digits)) + 0;
  return String(Math.abs(rounded) < 1e-9 ? 0 : rounded).replace("-", "−");
}

/** A factor inside a product: negative numbers stand in parentheses. */
const factor = (value, digits) => (value < 0 ? `(${short(value, digits)})` : short(value, digits));

/** A sum written out: 0.3 + 0.5, or 0.36 − 0.45. */
const sum = (first, second, digits) => `${short(first, digits)} ${second < 0 ? "−" : "+"} ${short(Math.abs(second), digits)}`;

const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
const attributes = (pairs) =>
  Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? Number(value.toFixed(2)) : value}"`)
    .join("");
const tag = (name, pairs, content = "") => `<${name}${attributes(pairs)}>${content}</${name}>`;

/** Text in a figure; `_x` writes x as a symbol, in italics. */
const text = (x, y, words, pairs = {}) =>
  tag("text", { x, y, ...pairs }, escaped(words).replace(/_(\p{L})/gu, '<tspan class="symbol">$1</tspan>'));
const line = (x1, y1, x2, y2, className) => tag("line", { x1, y1, x2, y2, class: className });
const curve = (points, className) =>
  tag("path", { d: points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""), class: className });

/** Numbers 1, 2 or 5 times a power of ten, about `wanted` of them, that lie in the interval. */
function ticks([low, high], wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((multiple) => multiple * power >= rough);
  const found = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) found.push(index * step);
  return found;
}

// Measuring makes the browser lay out the page, so each figure is measured once; `forgetWidths` when the page has another width.
const widths = new Map();
const forgetWidths = () => widths.clear();
function widthOf(svg) {
  if (!widths.get(svg)) widths.set(svg, svg.clientWidth);
  return Math.max(widths.get(svg), 240);
}

/** Scales and axes of a plot that is as wide as its place on the screen, so that its letters never shrink. */
function plot(svg, { x, y, height = 240, xLabel, yLabel, yTicks = 4, left = 44, top = 14 }) {
  const width = widthOf(svg);
  const [right, bottom] = [width - 12, height - 40];
  const toX = (value) => left + ((value - x[0]) / (x[1] - x[0])) * (right - left);
  const toY = (value) => bottom - ((value - y[0]) / (y[1] - y[0])) * (bottom - top);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.height = `${height}px`;
  const axes = [line(left, bottom, right, bottom, "axis")];
  for (const value of ticks(x, width / 90)) {
    axes.push(line(toX(value), bottom, toX(value), bottom + 5, "axis"), text(toX(value), bottom + 19, short(value), { class: "tick", "text-anchor": "middle" }));
  }
  for (const value of yTicks ? ticks(y, yTicks) : []) {
    axes.push(line(left, toY(value), right, toY(value), "grid"), text(left - 7, toY(value) + 4, short(value), { class: "tick", "text-anchor": "end" }));
  }
  axes.push(text(right, height - 4, xLabel, { class: "axis-label", "text-anchor": "end" }));
  if (yLabel) axes.push(text(left - 34, top - 2, yLabel, { class: "axis-label" }));
  return { toX, toY, left, right, top, bottom, axes: axes.join("") };
}

/** Pairs [from, to, count] of equal bins. */
function binned(values, [low, high], bins) {
  const counts = Array.from({ length: bins }, (_, index) => [low + ((high - low) * index) / bins, low + ((high - low) * (index + 1)) / bins, 0]);
  for (const value of values) {
    const index = Math.floor(((value - low) / (high - low)) * bins);
    if (index >= 0 && index < bins) counts[index][2] += 1;
  }
  return counts;
}

const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
const variance = (values) => {
  const middle = mean(values);
  return values.reduce((total, value) => total + (value - middle) ** 2, 0) / (values.length - 1);
};
