// The figure as a table: every number of the walk-through with the formula it comes from.

const QUANTITIES = [
  { name: "z", where: "forward", formula: "<mi>z</mi><mo>=</mo><mi>μ</mi><mo>+</mo><mi>σ</mi><mi>ε</mi>", read: (at) => (state.mode === "direct" ? state.drawn : at.z) },
  { name: "gradMu", where: "to μ, through z", formula: "<mfrac><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo><mi>z</mi></mrow></mfrac><mo>·</mo><mn>1</mn>", blocked: true },
  { name: "gradSigma", where: "to σ, through z", formula: "<mfrac><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo><mi>z</mi></mrow></mfrac><mo>·</mo><mi>ε</mi>", blocked: true },
  { name: "kl", where: "the KL term", formula: "<mfrac><mn>1</mn><mn>2</mn></mfrac><mo>(</mo><msup><mi>μ</mi><mn>2</mn></msup><mo>+</mo><msup><mi>σ</mi><mn>2</mn></msup><mo>−</mo><mn>1</mn><mo>−</mo><mi>log</mi><mspace width='0.17em'/><msup><mi>σ</mi><mn>2</mn></msup><mo>)</mo>" },
  { name: "klGradMu", where: "to μ, through KL", formula: "<mi>μ</mi>" },
  { name: "klGradSigma", where: "to σ, through KL", formula: "<mi>σ</mi><mo>−</mo><mfrac><mn>1</mn><mi>σ</mi></mfrac>" },
  { name: "totalMu", where: "total for μ", formula: "<mtext>through</mtext><mspace width='0.25em'/><mi>z</mi><mo>+</mo><mi>β</mi><mo>·</mo><mtext>through KL</mtext>", read: (at) => (state.mode === "direct" ? state.beta * at.klGradMu : at.totalMu) },
  { name: "totalSigma", where: "total for σ", formula: "<mtext>through</mtext><mspace width='0.25em'/><mi>z</mi><mo>+</mo><mi>β</mi><mo>·</mo><mtext>through KL</mtext>", read: (at) => (state.mode === "direct" ? state.beta * at.klGradSigma : at.totalSigma) },
];

function buildNumbers() {
  find("numbers").innerHTML = QUANTITIES.map(
    ({ name, where, formula }) =>
      `<tr><th scope="row">${where}</th><td><math>${formula}</math></td><td class="exact" data-quantity="${name}"></td></tr>`,
  ).join("");
}

function showNumbers() {
  const at = walkThrough(state);
  for (const { name, read, blocked } of QUANTITIES) {
    const cell = document.querySelector(`[data-quantity="${name}"]`);
    const stopped = blocked && state.mode === "direct";
    const value = read ? read(at) : at[name];
    cell.textContent = stopped ? "none: stopped at the draw" : short(value, 12);
    cell.classList.toggle("stopped", Boolean(stopped));
    // All the digits there are, for whoever wants to compare them with a program of their own.
    if (stopped) delete cell.dataset.value;
    else cell.dataset.value = value;
  }
}
