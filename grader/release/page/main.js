// Wires the controls to the figures.

const TABS = ["graph-tab", "inverse-tab"];

function selectTab(id, focus = false) {
  for (const name of TABS) {
    const [tab, selected] = [find(name), name === id];
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    find(tab.getAttribute("aria-controls")).hidden = !selected;
    if (selected && focus) tab.focus();
  }
  drawAll(); // what was hidden had no width to be drawn for
}

function drawAll() {
  forgetWidths();
  drawGraph();
  drawPulses();
  drawNudge();
  drawHistograms();
  drawTraining();
  drawVariance();
  drawInverse();
}

let announcement;
/** Tell screen readers what the graph shows once the slider has come to rest, not at every pixel of its way. */
function announce() {
  find("summary").textContent = summary();
  clearTimeout(announcement);
  announcement = setTimeout(() => (find("announcement").textContent = summary()), 600);
}

function showMode() {
  find(`mode-${state.mode}`).checked = true;
  document.body.dataset.mode = state.mode;
  const direct = state.mode === "direct";
  for (const kind of ["slider", "number"]) find(`controls-epsilon-${kind}`).disabled = direct;
  find("draw").textContent = direct ? "Draw another z" : "Draw another ε";
}

const showControls = buildControls(find("controls"), PARAMETERS, (name) => state[name], (name, value) => update({ [name]: value }));
buildNumbers();

observers.push((changes) => {
  showControls();
  showMode();
  drawGraph();
  if (!animation.running) drawPulses();
  showNumbers();
  announce();
  if ("mu" in changes || "sigma" in changes) {
    clearDraws();
    restartTraining();
    estimateGradients();
    askAgain();
    trainingWords();
    drawHistograms();
    drawTraining();
    drawVariance();
  }
  drawNudge();
});

for (const mode of ["direct", "trick"]) {
  // The switch keeps the number on the screen: the same z, once as a draw and once as arithmetic.
  find(`mode-${mode}`).addEventListener("change", () => update({ mode, drawn: walkThrough(state).z }));
}
find("show-kl").addEventListener("change", () => update({}));
find("draw").addEventListener("click", () => {
  drawOnce();
  draws[state.mode].push(shownZ());
  drawHistograms();
});
find("reset").addEventListener("click", () => {
  update({ ...DEFAULTS });
  update({ drawn: walkThrough(state).z });
});
find("animate").addEventListener("click", () => setAnimation(!animation.running));
reducedMotion.addEventListener("change", () => setAnimation(!reducedMotion.matches));

for (const button of document.querySelectorAll("[data-nudge]")) {
  button.addEventListener("click", () => {
    askAgain(button.dataset.nudge);
    drawNudge();
  });
}
for (const button of document.querySelectorAll("[data-draws]")) {
  button.addEventListener("click", () => {
    addDraws(Number(button.dataset.draws));
    drawHistograms();
  });
}
find("clear-draws").addEventListener("click", () => {
  clearDraws();
  drawHistograms();
});

const showTarget = buildControls(
  find("target"),
  [{ name: "target", symbol: "target", words: "where the decoder wants z", min: -3, max: 3 }],
  () => training.target,
  (_, value) => {
    training.target = value;
    showTarget();
    restartTraining();
    estimateGradients();
    drawTraining();
    trainingWords();
    drawVariance();
  },
);
find("train").addEventListener("click", () => (training.running ? (training.running = false) : runTraining()));
find("train-step").addEventListener("click", () => {
  training.running = false;
  if (training.trick.length > STEPS) restartTraining();
  trainingStep();
  drawTraining();
  trainingWords();
});
find("train-restart").addEventListener("click", () => {
  restartTraining();
  drawTraining();
  trainingWords();
});
find("estimate").addEventListener("click", () => {
  estimateGradients();
  drawVariance();
});

for (const name of TABS) {
  find(name).addEventListener("click", () => selectTab(name));
  find(name).addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -TABS.indexOf(name), End: TABS.length - 1 - TABS.indexOf(name) }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    selectTab(TABS[(TABS.indexOf(name) + step + TABS.length) % TABS.length], true);
  });
}
find("distribution").innerHTML = Object.entries(DISTRIBUTIONS)
  .map(([name, { title }], index) => `<label><input type="radio" name="distribution" value="${name}"${index ? "" : " checked"}> ${title}</label>`)
  .join("");
find("distribution").addEventListener("change", (event) => {
  chooseDistribution(event.target.value);
  drawInverse();
});
find("inverse-parameter").addEventListener("change", (event) => {
  inverse.parameter = Number(event.target.value);
  drawInverse();
});
find("inverse-draw").addEventListener("click", () => {
  for (let index = 0; index < 100; index += 1) inverse.draws.push(uniform());
  drawInverse();
});
find("inverse-clear").addEventListener("click", () => {
  inverse.draws = [];
  drawInverse();
});

chooseDistribution(inverse.name);
// Far enough from the mean to have somewhere to walk to.
training.target = Math.round((state.mu + 1.5) * 2) / 2;
showTarget();
askAgain();
restartTraining();
estimateGradients();
addDraws(0);
showMode();
showNumbers();
announce();
trainingWords();
selectTab(location.hash === "#inverse-cdfs" ? "inverse-tab" : "graph-tab");
addEventListener("hashchange", () => selectTab(location.hash === "#inverse-cdfs" ? "inverse-tab" : "graph-tab"));
addEventListener("resize", drawAll);
// On paper both tabs are there, and need to be drawn for its width.
addEventListener("beforeprint", () => {
  for (const name of TABS) find(find(name).getAttribute("aria-controls")).hidden = false;
  drawAll();
});
addEventListener("afterprint", () => selectTab(TABS.find((name) => find(name).getAttribute("aria-selected") === "true")));
if (animation.running) setAnimation(true);
else find("animate").textContent = "Play the animation";
document.body.dataset.ready = "true";
