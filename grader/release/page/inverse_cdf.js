// The second tab: any distribution whose CDF can be solved for z. u on the vertical axis goes over the curve down to z.

const inverse = { name: "exponential", u: 0.7, parameter: 0, values: {}, draws: [] };
const chosen = () => DISTRIBUTIONS[inverse.name];
const chosenValues = () => chosen().parameters.map(({ name }) => inverse.values[name]);
let showInverseControls = () => {};

function chooseDistribution(name) {
  inverse.name = name;
  inverse.parameter = 0;
  inverse.draws = [];
  inverse.values = { u: inverse.u, ...Object.fromEntries(chosen().parameters.map((parameter) => [parameter.name, parameter.value])) };
  const u = { name: "u", symbol: "u", words: "uniform noise, held fixed", min: 0.01, max: 0.99, probability: true };
  showInverseControls = buildControls(find("inverse-controls"), [u, ...chosen().parameters], (key) => inverse.values[key], setInverse);
  find("inverse-parameter").innerHTML = chosen()
    .parameters.map(({ symbol, words }, index) => `<label><input type="radio" name="inverse-parameter" value="${index}"${index ? "" : " checked"}> <span class="symbol">${symbol}</span> <span class="words">${words}</span></label>`)
    .join("");
}

function setInverse(name, value) {
  inverse.values[name] = value;
  if (name === "u") inverse.u = value;
  else inverse.draws = [];
  showInverseControls();
  drawInverse();
}

function drawInverse() {
  const distribution = chosen();
  const values = chosenValues();
  const z = solve(distribution, inverse.u, values);
  const parameter = distribution.parameters[inverse.parameter];
  const derivatives = pathwiseDerivatives(distribution, z, values);
  drawCurve(distribution, values, z, parameter, derivatives[inverse.parameter]);
  drawSlope(distribution, values, z, parameter, derivatives[inverse.parameter]);
  const entries = [["z = F⁻¹(u)", z, "forward"], ["p(z), the density there", distribution.pdf(z, ...values), "forward"]];
  distribution.parameters.forEach(({ symbol }, index) => entries.push([`∂z/∂${symbol}, pathwise`, derivatives[index], "backward"]));
  find("inverse-numbers").innerHTML = entries
    .map(([words, value, role]) => `<div><dt>${words}</dt><dd class="${role}" data-value="${value}">${short(value, 6)}</dd></div>`)
    .join("");
  find("inverse-formula").innerHTML = distribution.formula;
  find("inverse-words").textContent = `u = ${short(inverse.u)} leads to z = ${short(z)}. With u held fixed, raising ${parameter.symbol} a little moves z by ${short(derivatives[inverse.parameter])} times as much.`;
}

/** The value a nudge away that the dashed curve is drawn for: large enough to see, and still allowed. */
const ghostValue = (parameter, value) => value + (parameter.max - parameter.min) * 0.08;
const replaced = (values, index, value) => values.map((old, position) => (position === index ? value : old));

function drawCurve(distribution, values, z, parameter, derivative) {
  const svg = find("inverse-curve");
  const [low, high] = distribution.window;
  const range = [Math.min(low, z - 0.1 * (high - low)), Math.max(high, z + 0.1 * (high - low))];
  if (inverse.name === "kumaraswamy") range.splice(0, 2, 0, 1);
  if (inverse.name === "exponential") range[0] = 0;
  const frame = plot(svg, { x: range, y: [0, 1], xLabel: "z", yLabel: "u", height: 340 });
  const grid = Array.from({ length: 241 }, (_, index) => range[0] + ((range[1] - range[0]) * index) / 240);
  const shape = (parameters, className) => curve(grid.map((at) => [frame.toX(at), frame.toY(distribution.cdf(at, ...parameters))]), className);
  const ghost = replaced(values, inverse.parameter, ghostValue(parameter, values[inverse.parameter]));
  const moved = solve(distribution, inverse.u, ghost);
  const [x, y, bottom] = [frame.toX(z), frame.toY(inverse.u), frame.bottom];
  const rug = inverse.draws
    .map((u) => {
      const [drawX, drawY] = [frame.toX(solve(distribution, u, values)), frame.toY(u)];
      return line(frame.left - 1, drawY, frame.left + 8, drawY, "rug") + (drawX <= frame.right ? line(drawX, bottom + 1, drawX, bottom - 8, "rug") : "");
    })
    .join("");
  svg.innerHTML =
    frame.axes +
    rug +
    shape(ghost, "cdf ghost") +
    shape(values, "cdf") +
    tag("path", { d: `M${frame.left} ${y}L${x} ${y}L${x} ${bottom - 2}`, class: "route", "marker-end": "url(#forward-head)" }) +
    (moved <= range[1] && moved >= range[0] && Math.abs(frame.toX(moved) - x) > 1
      ? tag("path", { d: `M${x} ${y}L${frame.toX(moved)} ${y}`, class: "shift" }) + line(frame.toX(moved), y, frame.toX(moved), bottom, "drop")
      : "") +
    tag("circle", { cx: x, cy: y, r: 5.5, class: "dot" }) +
    tag("circle", { cx: frame.left, cy: y, r: 5.5, class: "dot" }) +
    text(frame.left + 10, y - 9, `u = ${short(inverse.u, 3)}`, { class: "label forward-text" }) +
    text(x + (x > frame.right - 90 ? -9 : 9), bottom - 12, `z = ${short(z, 3)}`, { class: "label forward-text", "text-anchor": x > frame.right - 90 ? "end" : "start" }) +
    text(frame.right, frame.toY(1) + 22, `dashed: ${parameter.symbol} raised to ${short(ghost[inverse.parameter], 3)}`, { class: "label gradient", "text-anchor": "end" });
  svg.dataset.derivative = derivative;
}

/** z as a function of one parameter with u held fixed; the pathwise derivative is the slope of its tangent. */
function drawSlope(distribution, values, z, parameter, derivative) {
  const svg = find("inverse-slope");
  const here = values[inverse.parameter];
  const half = Math.min((parameter.max - parameter.min) / 3, parameter.positive ? here * 0.8 : Infinity);
  const range = [here - half, here + half];
  const grid = Array.from({ length: 81 }, (_, index) => range[0] + ((range[1] - range[0]) * index) / 80);
  const along = grid.map((value) => solve(distribution, inverse.u, replaced(values, inverse.parameter, value)));
  const tangent = (value) => z + derivative * (value - here);
  const reach = Math.max(Math.max(...along) - Math.min(...along), 0.2);
  const vertical = [Math.min(...along) - 0.15 * reach, Math.max(...along) + 0.15 * reach];
  const frame = plot(svg, { x: range, y: vertical, xLabel: parameter.symbol, yLabel: "z", height: 260, left: 48 });
  const part = half * 0.55;
  svg.innerHTML =
    frame.axes +
    curve(grid.map((value, index) => [frame.toX(value), frame.toY(along[index])]), "path-of-z") +
    curve([[frame.toX(here - part), frame.toY(tangent(here - part))], [frame.toX(here + part), frame.toY(tangent(here + part))]], "tangent") +
    tag("circle", { cx: frame.toX(here), cy: frame.toY(z), r: 5.5, class: "dot" }) +
    text(frame.right, frame.top + 12, `slope ∂z/∂${parameter.symbol} = ${short(derivative)}`, { class: "label gradient", "text-anchor": "end" });
}
