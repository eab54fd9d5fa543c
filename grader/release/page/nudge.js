// The definition of a derivative as an experiment: nudge one parameter, look how far z moved, divide.

const NUDGE = 0.01;
const nudged = { parameter: "mu", points: [], answer: null };

/** Ask the distribution again for each of many values of the parameter, and for one value a nudge away from the current one. */
function askAgain(parameter = nudged.parameter) {
  nudged.parameter = parameter;
  const [low, high] = nudgeWindow();
  const draw = (value) => (parameter === "mu" ? directDraw(uniform, value, state.sigma) : directDraw(uniform, state.mu, value));
  nudged.points = Array.from({ length: 81 }, (_, index) => low + ((high - low) * index) / 80).map((value) => [value, draw(value)]);
  nudged.answer = { before: draw(state[parameter]), after: draw(state[parameter] + NUDGE) };
}

function nudgeWindow() {
  const middle = state[nudged.parameter];
  const half = nudged.parameter === "mu" ? 1.5 : Math.min(1.5, middle * 0.9);
  return [middle - half, middle + half];
}

function drawNudge() {
  const { parameter } = nudged;
  const symbol = parameter === "mu" ? "μ" : "σ";
  const [low, high] = nudgeWindow();
  const along = (value) => walkThrough({ ...state, [parameter]: value }).z;
  const reach = 3 * (parameter === "mu" ? state.sigma : high) + (parameter === "mu" ? high - state.mu : 0);
  const range = [Math.min(state.mu - reach, along(low), along(high)), Math.max(state.mu + reach, along(low), along(high))];
  for (const [id, isDirect] of [["nudge-direct", true], ["nudge-trick", false]]) {
    const frame = plot(find(id), { x: [low, high], y: range, xLabel: symbol, yLabel: "z" });
    const now = line(frame.toX(state[parameter]), frame.top, frame.toX(state[parameter]), frame.bottom, "marker");
    const marks = isDirect
      ? nudged.points.map(([value, z]) => tag("circle", { cx: frame.toX(value), cy: frame.toY(Math.min(Math.max(z, range[0]), range[1])), r: 3, class: "dot" })).join("")
      : curve([[frame.toX(low), frame.toY(along(low))], [frame.toX(high), frame.toY(along(high))]], "path-of-z") +
        tag("circle", { cx: frame.toX(state[parameter]), cy: frame.toY(along(state[parameter])), r: 5.5, class: "dot" });
    find(id).innerHTML = frame.axes + now + marks;
  }
  const { before, after } = nudged.answer;
  const quotient = (first, second) => (second - first) / NUDGE;
  const words = (first, second, value) =>
    `<span class="symbol">z</span> at ${short(state[parameter])}: <b class="forward">${short(first)}</b>; at ${short(state[parameter] + NUDGE)}: <b class="forward">${short(second)}</b>. Change divided by nudge: <b class="${value === null ? "stopped" : "backward"}">${short(quotient(first, second))}</b>`;
  find("nudge-direct-answer").innerHTML = `${words(before, after, null)}: chance, not a slope. Ask again and it is another number.`;
  const [here, there] = [along(state[parameter]), along(state[parameter] + NUDGE)];
  const slope = parameter === "mu" ? "always 1" : `ε = ${short(state.epsilon)}, as long as ε is held`;
  find("nudge-trick-answer").innerHTML = `${words(here, there, 1)}: ${slope}. That is the derivative.`;
}
