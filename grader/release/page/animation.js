// Pulses that run through the graph: values forward, then gradients backward. One clock, one table of who runs when.

const PERIOD = 6.4;
const FLIGHTS = [
  { path: "forward", key: "encoder-mu", from: 0, to: 0.7 },
  { path: "forward", key: "encoder-sigma", from: 0, to: 0.7 },
  { path: "forward", key: "mu-operation", from: 0.7, to: 1.4 },
  { path: "forward", key: "sigma-operation", from: 0.7, to: 1.4 },
  { path: "forward", key: "epsilon-operation", from: 0.7, to: 1.4 },
  { path: "forward", key: "mu-kl", from: 0.7, to: 1.4 },
  { path: "forward", key: "sigma-kl", from: 0.7, to: 1.4 },
  { path: "forward", key: "operation-z", from: 1.5, to: 1.9 },
  { path: "forward", key: "z-loss", from: 2, to: 2.4 },
  { path: "backward", key: "z-loss", from: 2.8, to: 3.3 },
  { path: "backward", key: "operation-z", from: 3.4, to: 3.9 },
  { path: "backward", key: "mu-operation", from: 4, to: 4.9 },
  { path: "backward", key: "sigma-operation", from: 4, to: 4.9 },
  { path: "backward", key: "mu-kl", from: 4, to: 4.9 },
  { path: "backward", key: "sigma-kl", from: 4, to: 4.9 },
  { path: "backward", key: "encoder-mu", from: 5, to: 5.9 },
  { path: "backward", key: "encoder-sigma", from: 5, to: 5.9 },
];

const animation = { running: !reducedMotion.matches, seconds: 2.6, before: 0 };

function drawPulses() {
  const svg = find("graph");
  const dots = [];
  for (const { path, key, from, to } of FLIGHTS) {
    const progress = (animation.seconds - from) / (to - from);
    if (progress < 0 || progress > 1) continue;
    const way = svg.querySelector(`[data-${path}="${key}"]`);
    // Where the graph is broken nothing runs on; where only the KL term is left, nothing runs if that is hidden.
    if (!way || way.classList.contains("stopped") || getComputedStyle(way).visibility === "hidden") continue;
    if (way.classList.contains("faint") && !find("show-kl").checked) continue;
    const eased = progress * progress * (3 - 2 * progress);
    const { x, y } = way.getPointAtLength(way.getTotalLength() * eased);
    dots.push(tag("circle", { cx: x, cy: y, r: way.classList.contains("faint") ? 4 : 6.5, class: `pulse ${path}` }));
  }
  svg.querySelector("#pulses").innerHTML = dots.join("");
  const hit = animation.seconds > 3.85 && animation.seconds < 4.5 && animation.running;
  svg.querySelector("[data-break]")?.classList.toggle("hit", hit);
}

function animate(now) {
  const step = Math.min((now - animation.before) / 1000, 0.1);
  animation.before = now;
  if (!animation.running) return;
  animation.seconds = (animation.seconds + step) % PERIOD;
  if (!document.hidden) drawPulses();
  requestAnimationFrame(animate);
}

function setAnimation(running) {
  animation.running = running;
  const button = find("animate");
  button.textContent = running ? "Pause the animation" : "Play the animation";
  if (running) {
    animation.before = performance.now();
    requestAnimationFrame(animate);
  } else {
    find("graph").querySelector("#pulses").innerHTML = "";
  }
}
