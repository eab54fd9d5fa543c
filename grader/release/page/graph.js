// The computational graph. Where things stand is a table with one column for wide and one for narrow screens; what they say follows the state.

const narrow = window.matchMedia("(max-width: 45rem)");
const LAYOUTS = {
  wide: {
    size: [1000, 486],
    nodes: {
      encoder: [70, 243, 120, 84],
      mu: [304, 66, 78],
      sigma: [304, 420, 78],
      kl: [304, 243, 116, 62],
      operation: [640, 243, 184, 80],
      epsilon: [640, 70, 70],
      z: [816, 243, 74],
      loss: [938, 243, 108, 84],
    },
    labels: {
      totalMu: [132, 88, "middle"],
      totalMuIs: [132, 108, "middle"],
      totalSigma: [132, 388, "middle"],
      totalSigmaIs: [132, 408, "middle"],
      localMu: [420, 86, "start"],
      backMu: [420, 107, "start"],
      localSigma: [420, 390, "start"],
      backSigma: [420, 411, "start"],
      klMu: [324, 148, "start"],
      klBackMu: [324, 168, "start"],
      klSigma: [324, 326, "start"],
      klBackSigma: [324, 346, "start"],
      gradZ: [876, 186, "middle"],
      leaf: [688, 66, "start"],
      leafMore: [688, 86, "start"],
      encoderSays: [70, 308, "middle"],
      encoderSaysMore: [70, 327, "middle"],
      blocked: [740, 314, "middle"],
      blockedMore: [740, 334, "middle"],
      objective: [990, 474, "end"],
    },
  },
  tall: {
    size: [340, 752],
    nodes: {
      encoder: [170, 36, 96, 52],
      mu: [52, 206, 66],
      sigma: [288, 206, 66],
      kl: [170, 206, 92, 54],
      operation: [184, 424, 160, 82],
      epsilon: [36, 424, 58],
      z: [184, 564, 64],
      loss: [184, 690, 110, 60],
    },
    labels: {
      totalMu: [6, 84, "start"],
      totalMuIs: [6, 102, "start"],
      totalSigma: [334, 84, "end"],
      totalSigmaIs: [334, 102, "end"],
      localMu: [4, 358, "start"],
      backMu: [4, 376, "start"],
      localSigma: [338, 358, "end"],
      backSigma: [338, 376, "end"],
      klMu: [170, 256, "middle"],
      klBackMu: [170, 274, "middle"],
      klSigma: [170, 300, "middle"],
      klBackSigma: [170, 318, "middle"],
      gradZ: [208, 634, "start"],
      leaf: [4, 482, "start"],
      leafMore: [4, 500, "start"],
      encoderSays: [338, 26, "end"],
      encoderSaysMore: [338, 44, "end"],
      blocked: [162, 502, "end"],
      blockedMore: [162, 521, "end"],
      objective: [336, 744, "end"],
    },
  },
};

// Each edge once: forward it runs from the first to the second, backward the other way.
const EDGES = [
  { from: "encoder", to: "mu" },
  { from: "encoder", to: "sigma" },
  { from: "mu", to: "operation", draw: true },
  { from: "sigma", to: "operation", draw: true },
  { from: "epsilon", to: "operation", leaf: true },
  { from: "operation", to: "z" },
  { from: "z", to: "loss" },
  { from: "mu", to: "kl", kl: true },
  { from: "sigma", to: "kl", kl: true },
];

/** The point where the straight way from a node's middle to another point leaves the node. */
function border([x, y, width, height], [towardsX, towardsY]) {
  const [dx, dy] = [towardsX - x, towardsY - y];
  const reach = height ? Math.min(width / 2 / Math.abs(dx || 1e-9), height / 2 / Math.abs(dy || 1e-9)) : width / 2 / Math.hypot(dx, dy);
  return [x + dx * reach, y + dy * reach];
}

/** An arrow beside the line between two nodes: forward and backward arrows run next to each other. */
function arrowPath(from, to, side) {
  const [start, end] = [border(from, to), border(to, from)];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const along = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  const [offsetX, offsetY] = [-along[1] * side, along[0] * side];
  const point = ([x, y], gap) => `${(x + offsetX + along[0] * gap).toFixed(1)} ${(y + offsetY + along[1] * gap).toFixed(1)}`;
  return `M${point(start, 4)}L${point(end, -7)}`;
}

/** What stands beside the nodes and edges, and in which role: a local gradient, a gradient that flows, or a word. */
function graphLabels() {
  const at = walkThrough(state);
  const direct = state.mode === "direct";
  const none = (words) => [words, "stopped"];
  // A narrow screen has no room for a fourth digit; the table below the figure has them all.
  const digits = narrow.matches ? 3 : 4;
  const number = (value) => short(value, digits);
  const times = (first, second) => `${factor(first, digits)} · ${factor(second, digits)} = ${number(first * second)}`;
  const labels = {
    localMu: direct ? none("no ∂_z/∂_μ:") : ["∂_z/∂_μ = 1", "local"],
    localSigma: direct ? none("no ∂_z/∂_σ:") : [`∂_z/∂_σ = _ε = ${number(state.epsilon)}`, "local"],
    backMu: direct ? none("nothing arrives") : [times(state.gradZ, 1), "gradient"],
    backSigma: direct ? none("nothing arrives") : [times(state.gradZ, state.epsilon), "gradient"],
    gradZ: [`∂_L/∂_z = ${number(state.gradZ)}`, "gradient"],
    klMu: [`∂KL/∂_μ = ${number(at.klGradMu)}`, "local of-kl"],
    klBackMu: [`× _β = ${number(state.beta * at.klGradMu)}`, "gradient of-kl"],
    klSigma: [`∂KL/∂_σ = ${number(at.klGradSigma)}`, "local of-kl"],
    klBackSigma: [`× _β = ${number(state.beta * at.klGradSigma)}`, "gradient of-kl"],
    ...total("Mu", "μ", direct ? null : at.gradMu, state.beta * at.klGradMu, digits),
    ...total("Sigma", "σ", direct ? null : at.gradSigma, state.beta * at.klGradSigma, digits),
    encoderSays: [direct ? "hears nothing" : "learns from", direct ? "stopped" : "gradient"],
    encoderSaysMore: [direct ? "of the decoder" : "the decoder", direct ? "stopped" : "gradient"],
    objective: ["loss = _L + _β · KL", "word of-kl"],
  };
  if (direct) {
    labels.blocked = none("The way back ends:");
    labels.blockedMore = none("a draw has no slope.");
  } else {
    labels.leaf = ["a leaf: no parameters,", "word"];
    labels.leafMore = ["needs no gradient", "word"];
  }
  return labels;
}

/** The gradient that leaves mu or sigma for the encoder, in two lines: what came through z plus what the KL term adds, and the total. */
function total(name, symbol, throughZ, fromKl, digits) {
  const number = (value) => short(value, digits);
  const withKl = find("show-kl").checked;
  const [lines, role] =
    throughZ === null
      ? [withKl ? [`_${symbol} : 0 through _z,`, `KL alone: ${number(fromKl)}`] : [`_${symbol} : no gradient`, ""], "stopped"]
      : [withKl ? [`_${symbol} : ${sum(throughZ, fromKl, digits)}`, `= ${number(throughZ + fromKl)}`] : [`_${symbol} : ${number(throughZ)}`, ""], "gradient"];
  return { [`total${name}`]: [lines[0], role], [`total${name}Is`]: [lines[1], role] };
}

function drawGraph() {
  const svg = find("graph");
  const layout = LAYOUTS[narrow.matches ? "tall" : "wide"];
  const { nodes } = layout;
  const direct = state.mode === "direct";
  const at = walkThrough(state);
  const parts = [];
  for (const edge of EDGES) {
    if (direct && edge.leaf) continue;
    const [from, to] = [nodes[edge.from], nodes[edge.to]];
    const key = `${edge.from}-${edge.to}`;
    const group = edge.kl ? " of-kl" : "";
    parts.push(tag("path", { d: arrowPath(from, to, 5), class: `forward${group}`, "data-forward": key, "marker-end": "url(#forward-head)" }));
    if (edge.leaf) continue;
    const stopped = direct && edge.draw;
    const encoderOnlyKl = direct && edge.from === "encoder" ? " faint" : "";
    parts.push(
      tag("path", {
        d: arrowPath(to, from, 5),
        class: stopped ? "backward stopped" : `backward${group}${encoderOnlyKl}`,
        "data-backward": key,
        ...(stopped ? {} : { "marker-end": "url(#backward-head)" }),
      }),
    );
  }
  const node = (name, className, title, value) => {
    const [x, y, width, height] = nodes[name];
    const shape = height
      ? tag("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 10 })
      : tag("circle", { cx: x, cy: y, r: width / 2 });
    const lines = value === undefined ? [[title, 5]] : [[title, -3], [value, 17]];
    parts.push(tag("g", { class: `node ${className}`, "data-node": name }, shape + lines.map(([words, dy], index) => text(x, y + dy, words, { class: index ? "value" : "name", "text-anchor": "middle" })).join("")));
  };
  node("encoder", "network", "encoder");
  node("mu", "number", "_μ", short(state.mu));
  node("sigma", "number", "_σ", short(state.sigma));
  node("kl", "term of-kl", "KL", short(at.kl));
  if (direct) node("operation", "die", "draw _z from", "N(_μ, _σ²)");
  else node("operation", "arithmetic", "_μ + _σ · _ε", `${short(state.mu)} + ${short(state.sigma)} · ${factor(state.epsilon)}`);
  if (!direct) node("epsilon", "noise", "_ε", short(state.epsilon));
  node("z", "number", "_z", short(shownZ()));
  node("loss", "term", "decoder", "loss _L");
  for (const [name, [words, role]] of Object.entries(graphLabels())) {
    const [x, y, anchor] = layout.labels[name];
    parts.push(text(x, y, words, { class: `label ${role}`, "text-anchor": anchor, "data-label": name }));
  }
  if (direct) parts.push(breakMark(nodes.operation));
  svg.setAttribute("viewBox", `0 0 ${layout.size.join(" ")}`);
  svg.classList.toggle("without-kl", !find("show-kl").checked);
  svg.querySelector("#drawing").innerHTML = parts.join("");
  svg.querySelector("title").textContent = direct ? "Computational graph with direct sampling" : "Computational graph with the reparameterization trick";
  svg.querySelector("desc").textContent = summary();
}

/** The cross at the side of the draw where the gradient runs into it. */
function breakMark([x, y, width, height]) {
  const [crossX, crossY] = narrow.matches ? [x, y + height / 2 + 1] : [x + width / 2 + 1, y];
  const arm = 11;
  return tag(
    "g",
    { class: "break", "data-break": "true", transform: `translate(${crossX} ${crossY})` },
    tag("circle", { r: 17 }) + line(-arm / 1.4, -arm / 1.4, arm / 1.4, arm / 1.4, "") + line(-arm / 1.4, arm / 1.4, arm / 1.4, -arm / 1.4, ""),
  );
}

/** The figure in a sentence or two, for everyone and for screen readers. */
function summary() {
  const at = walkThrough(state);
  const withKl = find("show-kl").checked;
  if (state.mode === "direct") {
    const kl = withKl
      ? ` All that μ and σ still feel is the KL term, ${short(state.beta * at.klGradMu)} and ${short(state.beta * at.klGradSigma)}: a pull towards 0 and 1 that never saw the data.`
      : "";
    return `Direct sampling: the gradient ${short(state.gradZ)} comes back from the decoder as far as the draw, and stops: whoever nudges μ and asks again gets some other number, so there is no slope to multiply by. Nothing reaches μ, σ or the encoder${withKl ? " on this way" : ""}.${kl}`;
  }
  const kl = withKl ? ` With the KL term the totals are ${short(at.totalMu)} and ${short(at.totalSigma)}.` : "";
  return `The trick: the gradient ${short(state.gradZ)} passes through z = μ + σε. μ receives\u00a0${short(state.gradZ)}\u00a0·\u00a01\u00a0=\u00a0${short(at.gradMu)}, σ receives\u00a0${short(state.gradZ)}\u00a0·\u00a0${factor(state.epsilon)}\u00a0=\u00a0${short(at.gradSigma)}, and the encoder can learn from it.${kl}`;
}
