// The same distribution either way: draws of both kinds against the density.

const BINS = 32;
const draws = { direct: [], trick: [] };

function addDraws(count) {
  for (let index = 0; index < count; index += 1) {
    draws.direct.push(directDraw(uniform, state.mu, state.sigma));
    draws.trick.push(walkThrough({ ...state, epsilon: standardNormal(uniform) }).z);
  }
}

function clearDraws() {
  draws.direct = [];
  draws.trick = [];
}

function drawHistograms() {
  const range = [state.mu - 4 * state.sigma, state.mu + 4 * state.sigma];
  const peak = normalDensity(state.mu, state.mu, state.sigma);
  for (const kind of ["direct", "trick"]) {
    const svg = find(`histogram-${kind}`);
    const values = draws[kind];
    const frame = plot(svg, { x: range, y: [0, peak * 1.35], xLabel: "z", yTicks: 0, left: 12, height: 220 });
    const width = (range[1] - range[0]) / BINS;
    const bars = binned(values, range, BINS).map(([from, to, count]) => {
      const density = values.length ? Math.min(count / values.length / width, peak * 1.35) : 0;
      return tag("rect", {
        x: frame.toX(from) + 0.5,
        y: frame.toY(density),
        width: Math.max(frame.toX(to) - frame.toX(from) - 1, 1),
        height: frame.bottom - frame.toY(density),
        class: "bar",
        "data-count": count,
      });
    });
    const density = Array.from({ length: 161 }, (_, index) => range[0] + ((range[1] - range[0]) * index) / 160);
    const shape = curve(density.map((z) => [frame.toX(z), frame.toY(normalDensity(z, state.mu, state.sigma))]), "density");
    svg.innerHTML = frame.axes + bars.join("") + shape;
    svg.dataset.draws = values.length;
    find(`histogram-${kind}-words`).textContent =
      values.length > 1
        ? `${values.length} draws: mean ${short(mean(values), 3)}, standard deviation ${short(Math.sqrt(variance(values)), 3)}.`
        : `${values.length} draws so far.`;
  }
}
