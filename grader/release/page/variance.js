// The pathwise gradient against the score-function gradient: same objective, same mean, very different noise.

const SAMPLES = 2000;
const ESTIMATORS = [
  { name: "pathwise", title: "pathwise (the trick)" },
  { name: "score", title: "score function" },
];
let estimates = { pathwise: [], score: [] };

/** Each noise is used for both estimators, so that they differ in nothing else. */
function estimateGradients() {
  const pairs = Array.from({ length: SAMPLES }, () => gradientEstimates(state, training.target, standardNormal(uniform)));
  estimates = { pathwise: pairs.map((pair) => pair.pathwise), score: pairs.map((pair) => pair.score) };
}

function drawVariance() {
  const exact = exactMoments(state, training.target);
  const spread = 3 * Math.sqrt(Math.max(exact.score, exact.pathwise));
  const range = [exact.mean - spread, exact.mean + spread];
  for (const { name } of ESTIMATORS) {
    const svg = find(`variance-${name}`);
    const frame = plot(svg, { x: range, y: [0, 1.1], xLabel: "estimate of ∂E[L]/∂μ from one draw", yTicks: 0, left: 12, height: 150 });
    const bars = binned(estimates[name], range, 60);
    const most = Math.max(...bars.map(([, , count]) => count), 1);
    const deviation = Math.sqrt(exact[name]);
    const whisker = frame.top + 4;
    svg.innerHTML =
      frame.axes +
      bars
        .map(([from, to, count]) =>
          tag("rect", { x: frame.toX(from) + 0.5, y: frame.toY(count / most), width: Math.max(frame.toX(to) - frame.toX(from) - 1, 1), height: frame.bottom - frame.toY(count / most), class: "bar backward" }),
        )
        .join("") +
      line(frame.toX(exact.mean), frame.top - 6, frame.toX(exact.mean), frame.bottom, "marker") +
      line(frame.toX(exact.mean - deviation), whisker, frame.toX(exact.mean + deviation), whisker, "whisker");
    const row = find(`variance-${name}-row`).children;
    row[1].textContent = short(mean(estimates[name]), 3);
    row[2].textContent = short(variance(estimates[name]), 3);
    row[3].textContent = short(exact[name], 3);
  }
  const ratio = exact.score / exact.pathwise;
  const words =
    ratio >= 1
      ? `Here the score function needs ${short(ratio, 3)} times as many draws for the same certainty.`
      : `Here, for once, the score function is the calmer one: its variance is ${short(ratio, 3)} of the pathwise gradient's.`;
  find("variance-words").textContent = `Both aim at ${short(exact.mean)}. ${words}`;
}
