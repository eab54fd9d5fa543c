// Sliders with a number field beside each: the slider for trying, the field for any number exactly.

const PARAMETERS = [
  { name: "mu", symbol: "μ", words: "mean", min: -3, max: 3 },
  { name: "sigma", symbol: "σ", words: "standard deviation", min: 0.05, max: 3, positive: true },
  { name: "epsilon", symbol: "ε", words: "the noise that was drawn", min: -3, max: 3 },
  { name: "gradZ", symbol: "∂L/∂z", words: "what the decoder hands back", min: -2, max: 2 },
  { name: "beta", symbol: "β", words: "weight of the KL term", min: 0, max: 4, notNegative: true },
];

/**
 * Build a slider and a number field for each parameter.
 * @param place element that receives them
 * @param parameters name, symbol, words, min, max, and what numbers are allowed
 * @param read (name) => value to show
 * @param write (name, value) => void, called with every allowed number
 * @returns a function that shows the current values
 */
function buildControls(place, parameters, read, write) {
  const prefix = place.id;
  place.innerHTML = parameters
    .map(({ name, symbol, words }) => {
      const id = `${prefix}-${name}`;
      return `<div class="control" id="${id}">
        <label for="${id}-slider"><span class="symbol">${symbol}</span> <span class="words">${words}</span></label>
        <input type="range" id="${id}-slider" step="0.01">
        <input type="number" id="${id}-number" step="any" inputmode="decimal" aria-label="${symbol}, ${words}, exact number" aria-describedby="${id}-problem">
        <p class="problem" id="${id}-problem" hidden></p>
      </div>`;
    })
    .join("");
  const complaint = ({ positive, notNegative, probability }, value) => {
    if (!Number.isFinite(value)) return "Write a number, such as 0.8.";
    if (probability && !(value > 0 && value < 1)) return "This must lie between 0 and 1.";
    if (positive && value <= 0) return "This must be greater than 0.";
    if (notNegative && value < 0) return "This must not be negative.";
    if (Math.abs(value) > 1e6) return "At most a million, please.";
    return "";
  };
  for (const parameter of parameters) {
    const id = `${prefix}-${parameter.name}`;
    const [slider, number, problem] = [find(`${id}-slider`), find(`${id}-number`), find(`${id}-problem`)];
    slider.min = Math.min(parameter.min, read(parameter.name));
    slider.max = Math.max(parameter.max, read(parameter.name));
    slider.addEventListener("input", () => write(parameter.name, Number(slider.value)));
    number.addEventListener("input", () => {
      const value = number.value.trim() === "" ? NaN : Number(number.value);
      const wrong = complaint(parameter, value);
      number.setAttribute("aria-invalid", String(Boolean(wrong)));
      problem.hidden = !wrong;
      problem.textContent = wrong;
      if (!wrong) write(parameter.name, value);
    });
    number.addEventListener("blur", () => {
      number.setAttribute("aria-invalid", "false");
      problem.hidden = true;
      show();
    });
  }
  function show() {
    for (const { name } of parameters) {
      const [slider, number] = [find(`${prefix}-${name}-slider`), find(`${prefix}-${name}-number`)];
      const value = read(name);
      slider.value = value;
      slider.setAttribute("aria-valuetext", short(value));
      // Whoever is typing "-0." must not see it turned into "0".
      if (number !== document.activeElement) number.value = Number(value.toPrecision(6));
    }
  }
  show();
  return show;
}
