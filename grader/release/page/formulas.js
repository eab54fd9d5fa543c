// The arithmetic of the page, in the handout's symbols. The tests compare every value with the reference to twelve digits.

/** Forward and backward pass of one latent dimension, by the names of the handout's walk-through. */
function walkThrough({ mu, sigma, epsilon, gradZ, beta }) {
  const gradMu = gradZ * 1;
  const gradSigma = gradZ * epsilon;
  const klGradMu = mu;
  const klGradSigma = sigma - 1 / sigma;
  return {
    z: mu + sigma * epsilon,
    gradMu,
    gradSigma,
    kl: 0.5 * (mu * mu + sigma * sigma - 1) - Math.log(sigma),
    klGradMu,
    klGradSigma,
    totalMu: gradMu + beta * klGradMu,
    totalSigma: gradSigma + beta * klGradSigma,
  };
}

function normalDensity(z, mu, sigma) {
  const standard = (z - mu) / sigma;
  return Math.exp(-0.5 * standard * standard) / (sigma * Math.sqrt(2 * Math.PI));
}

/**
 * Two estimates of d/dmu E[(z - target)^2] from the same draw: the pathwise one differentiates the loss along z = mu + sigma epsilon, the
 * score function weighs the loss by d/dmu log p(z) = epsilon / sigma.
 */
const gradientEstimates = ({ mu, sigma }, target, epsilon) => {
  const distance = mu + sigma * epsilon - target;
  return { pathwise: 2 * distance, score: distance * distance * (epsilon / sigma) };
};

/** Mean and variances of the two, from the moments 1, 3, 15 of epsilon^2, epsilon^4, epsilon^6. */
function exactMoments({ mu, sigma }, target) {
  const offset = mu - target;
  return {
    mean: 2 * offset,
    pathwise: 4 * sigma ** 2,
    score: offset ** 4 / sigma ** 2 + 14 * offset ** 2 + 15 * sigma ** 2,
  };
}

/**
 * The four distributions of the second tab: CDF, density, and dF/dparameter. Their inverses are an exercise, so they are not written down here:
 * `solve` finds z by bisection, and the pathwise derivative follows by implicit differentiation.
 */
const DISTRIBUTIONS = {
  exponential: {
    title: "exponential",
    parameters: [{ name: "rate", symbol: "λ", words: "rate", value: 1.5, min: 0.2, max: 4, positive: true }],
    cdf: (z, rate) => (z <= 0 ? 0 : -Math.expm1(-rate * z)),
    pdf: (z, rate) => (z < 0 ? 0 : rate * Math.exp(-rate * z)),
    cdfGradients: (z, rate) => [z * Math.exp(-rate * z)],
    formula: "<i>F</i>(<i>z</i>) = 1 − e<sup>−λ<i>z</i></sup>",
    window: [0, 4],
  },
  logistic: {
    title: "logistic",
    parameters: [
      { name: "loc", symbol: "m", words: "location", value: 0.5, min: -3, max: 3 },
      { name: "scale", symbol: "s", words: "scale", value: 0.8, min: 0.2, max: 2, positive: true },
    ],
    cdf: (z, loc, scale) => 1 / (1 + Math.exp(-(z - loc) / scale)),
    pdf: (z, loc, scale) => 1 / (scale * (2 + 2 * Math.cosh((z - loc) / scale))),
    cdfGradients: (z, loc, scale) => {
      const density = 1 / (scale * (2 + 2 * Math.cosh((z - loc) / scale)));
      return [-density, (-density * (z - loc)) / scale];
    },
    formula: "<i>F</i>(<i>z</i>) = 1 / (1 + e<sup>−(<i>z</i> − <i>m</i>)/<i>s</i></sup>)",
    window: [-6, 6],
  },
  laplace: {
    title: "Laplace",
    parameters: [
      { name: "loc", symbol: "m", words: "location", value: 0.5, min: -3, max: 3 },
      { name: "scale", symbol: "s", words: "scale", value: 0.8, min: 0.2, max: 2, positive: true },
    ],
    cdf: (z, loc, scale) => (z <= loc ? 0.5 * Math.exp((z - loc) / scale) : 1 - 0.5 * Math.exp(-(z - loc) / scale)),
    pdf: (z, loc, scale) => Math.exp(-Math.abs(z - loc) / scale) / (2 * scale),
    cdfGradients: (z, loc, scale) => {
      const density = Math.exp(-Math.abs(z - loc) / scale) / (2 * scale);
      return [-density, (-density * (z - loc)) / scale];
    },
    formula: "<i>F</i>(<i>z</i>) = ½ e<sup>(<i>z</i> − <i>m</i>)/<i>s</i></sup> up to <i>m</i>, 1 − ½ e<sup>−(<i>z</i> − <i>m</i>)/<i>s</i></sup> from there",
    window: [-6, 6],
  },
  kumaraswamy: {
    title: "Kumaraswamy",
    parameters: [
      { name: "a", symbol: "a", words: "first shape", value: 2, min: 0.5, max: 5, positive: true },
      { name: "b", symbol: "b", words: "second shape", value: 3, min: 0.5, max: 5, positive: true },
    ],
    cdf: (z, a, b) => (z <= 0 ? 0 : z >= 1 ? 1 : -Math.expm1(b * Math.log1p(-(z ** a)))),
    pdf: (z, a, b) => (z <= 0 || z >= 1 ? 0 : a * b * z ** (a - 1) * (1 - z ** a) ** (b - 1)),
    cdfGradients: (z, a, b) => {
      const power = z ** a;
      return [b * (1 - power) ** (b - 1) * power * Math.log(z), -((1 - power) ** b) * Math.log1p(-power)];
    },
    formula: "<i>F</i>(<i>z</i>) = 1 − (1 − <i>z</i><sup><i>a</i></sup>)<sup><i>b</i></sup>",
    window: [0, 1],
  },
};

/** The z with F(z) = u, to the last digit that F can tell apart. */
function solve(distribution, u, parameters) {
  let [low, high] = distribution.window;
  while (distribution.cdf(low, ...parameters) > u) low = 2 * low - high;
  while (distribution.cdf(high, ...parameters) < u) high = 2 * high - low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (distribution.cdf(middle, ...parameters) < u) low = middle;
    else high = middle;
  }
}

/** dz/dparameter with u held fixed: -(dF/dparameter) / p(z). */
function pathwiseDerivatives(distribution, z, parameters) {
  const density = distribution.pdf(z, ...parameters);
  return distribution.cdfGradients(z, ...parameters).map((slope) => -slope / density + 0);
}
