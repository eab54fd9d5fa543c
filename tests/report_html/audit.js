// What a page must not do to its readers: a list of sentences, empty if all is well.
const problems = [];
const parse = (color) => {
  const canvas = parse.canvas ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = (top, below) => top.slice(0, 3).map((value, k) => value * top[3] + below[k] * (1 - top[3]));
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = (element) => {
  const layers = [];
  for (let node = element; node; node = node.parentElement) layers.push(parse(getComputedStyle(node).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
};
const seen = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || ["SCRIPT", "STYLE", "TITLE"].includes(element.tagName)) continue;
  if (!element.checkVisibility() || element.closest(".hidden, .skip")) continue;
  const style = getComputedStyle(element);
  const ink = parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
  const ground = background(element);
  const key = `${ink}/${ground}`;
  if (seen.has(key)) continue;
  seen.add(key);
  const [light, dark] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 40)}`);
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  const next = Number(heading.tagName[1]);
  if (next > level + 1) problems.push(`heading ${heading.textContent.trim()} jumps from ${level} to ${next}`);
  level = next;
}
if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
if (!document.documentElement.lang || !document.title) problems.push("no language or title");
for (const table of document.querySelectorAll("table")) {
  if (!table.caption || !table.caption.textContent.trim()) problems.push("a table has no caption");
  for (const head of table.querySelectorAll("th")) if (!head.scope) problems.push(`no scope: ${head.textContent}`);
}
for (const picture of document.querySelectorAll("svg")) {
  if (picture.getAttribute("aria-hidden") !== "true" && !(picture.getAttribute("role") === "img" && (picture.getAttribute("aria-label") || picture.querySelector("title")))) {
    problems.push("a picture has no name");
  }
}
for (const pane of document.querySelectorAll("div")) {
  if (getComputedStyle(pane).overflowY === "auto" && pane.tabIndex !== 0) problems.push("a pane cannot be scrolled with the keyboard");
}
for (const field of document.querySelectorAll("input")) if (!field.labels.length) problems.push("a field has no label");
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
if (new Set(ids).size !== ids.length) problems.push(`an id stands twice: ${ids.find((id, place) => ids.indexOf(id) !== place)}`);
for (const link of document.querySelectorAll("a[href^='#']")) {
  if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) problems.push(`a link leads nowhere: ${link.hash}`);
}
const width = document.documentElement.scrollWidth;
if (width > window.innerWidth) problems.push(`the page is ${width} px wide`);
return problems;
