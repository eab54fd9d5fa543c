// Gradient descent on (z - target)^2, one draw a step, both ways at once and with the same noise budget.

const STEPS = 150;
const RATE = 0.02;
const training = { target: 2, trick: [], direct: [], running: false };

/** Set both means back to where the slider is. */
function restartTraining() {
  training.running = false;
  training.trick = [state.mu];
  training.direct = [state.mu];
}

function trainingStep() {
  const step = (mu, gradMu) => mu - RATE * gradMu;
  const [trick, direct] = [training.trick.at(-1), training.direct.at(-1)];
  // Through z = mu + sigma epsilon the derivative of (z - target)^2 arrives at mu as 2 (z - target) · 1.
  training.trick.push(step(trick, gradientEstimates({ mu: trick, sigma: state.sigma }, training.target, standardNormal(uniform)).pathwise));
  // A direct draw gives a z and a loss as well, but dz/dmu does not exist: autograd hands over a zero, and the step is no step.
  directDraw(uniform, direct, state.sigma);
  training.direct.push(step(direct, 0));
}

function drawTraining() {
  const svg = find("training");
  const values = [...training.trick, state.mu, training.target];
  const margin = 0.35;
  const frame = plot(svg, { x: [0, STEPS], y: [Math.min(...values) - margin, Math.max(...values) + margin], xLabel: "step", yLabel: "mean μ", height: 260, left: 48 });
  const targetY = frame.toY(training.target);
  const path = (track) => curve(track.map((mu, index) => [frame.toX(index), frame.toY(mu)]), "");
  const end = (track, name, words) => {
    const [x, y] = [frame.toX(track.length - 1), frame.toY(track.at(-1))];
    const onTheRight = x > (frame.left + frame.right) / 2;
    return (
      tag("circle", { cx: x, cy: y, r: 6, class: `runner ${name}` }) +
      text(onTheRight ? x - 4 : x + 12, y + (name === "direct" ? 20 : onTheRight ? 36 : 5), words, { class: `track-name ${name}`, "text-anchor": onTheRight ? "end" : "start" })
    );
  };
  svg.innerHTML =
    frame.axes +
    line(frame.left, targetY, frame.right, targetY, "target") +
    text(frame.left + 8, targetY - 7, "target", { class: "target-name" }) +
    tag("g", { class: "track direct" }, path(training.direct)) +
    tag("g", { class: "track trick" }, path(training.trick)) +
    end(training.direct, "direct", "direct sampling") +
    end(training.trick, "trick", "the trick");
  const step = training.trick.length - 1;
  svg.dataset.step = step;
  svg.dataset.trick = training.trick.at(-1);
  svg.dataset.direct = training.direct.at(-1);
  find("train").textContent = training.running ? "Pause" : step >= STEPS ? "Run again" : step ? "Go on" : "Train";
}

function trainingWords() {
  const step = training.trick.length - 1;
  const [trick, direct] = [short(training.trick.at(-1), 3), short(training.direct.at(-1), 3)];
  find("training-words").textContent = step
    ? `After ${step} steps: with the trick μ is ${trick} (target ${short(training.target)}); with direct sampling μ is ${direct}, where it began.`
    : "Not started. Both means begin where the slider μ stands.";
}

function runTraining() {
  if (training.trick.length > STEPS) restartTraining();
  training.running = true;
  if (reducedMotion.matches) while (training.trick.length <= STEPS) trainingStep();
  const frame = () => {
    if (training.running && training.trick.length <= STEPS) {
      trainingStep();
      drawTraining();
      requestAnimationFrame(frame);
    } else {
      training.running = false;
      drawTraining();
      trainingWords();
    }
  };
  frame();
}
