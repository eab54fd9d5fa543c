// What the reader has set. Every figure is drawn from it, and drawn again when it changes.

const DEFAULTS = Object.freeze(JSON.parse(find("defaults").textContent));
const state = { ...DEFAULTS, mode: "direct", drawn: walkThrough(DEFAULTS).z };
const observers = [];
const uniform = uniformGenerator(2014);

/** Change some of the state and draw everything that depends on it. */
function update(changes) {
  const parametersMoved = ["mu", "sigma"].some((name) => name in changes && changes[name] !== state[name]);
  Object.assign(state, changes);
  // A direct draw cannot be kept while its distribution moves: the generator has to be asked again.
  if (state.mode === "direct" && parametersMoved) state.drawn = directDraw(uniform, state.mu, state.sigma);
  for (const observe of observers) observe(changes);
}

/** The value of z that is on the screen. */
const shownZ = () => (state.mode === "direct" ? state.drawn : walkThrough(state).z);

/** One draw in the way that is switched on. */
function drawOnce() {
  if (state.mode === "direct") update({ drawn: directDraw(uniform, state.mu, state.sigma) });
  else update({ epsilon: standardNormal(uniform) });
}
