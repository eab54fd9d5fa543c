// Random numbers with a seed of their own, so that everyone who opens the page and presses the same buttons sees the same draws.

/** Return a function that yields uniform numbers in (0, 1): the generator sfc32 of Chris Doty-Humphrey, 53 bits at a time, never 0. */
function uniformGenerator(seed) {
  let [a, b, c, counter] = [0, seed | 0, 0x9e3779b9 | 0, 1];
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp += 1) bits();
  return () => ((bits() >>> 5) * 67108864 + (bits() >>> 6) + 0.5) / 9007199254740992;
}

/** Standard normal noise by Marsaglia's polar method. It knows no parameters: that is the whole trick. */
function standardNormal(uniform) {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/**
 * A draw from N(mu, sigma^2) that asks the distribution itself: throw darts at its density and keep the first that lands below the curve.
 * No formula leads from mu and sigma to the result; they only decide which darts are kept.
 */
function directDraw(uniform, mu, sigma) {
  for (;;) {
    const z = mu + (2 * uniform() - 1) * 8 * sigma;
    if (uniform() * normalDensity(mu, mu, sigma) < normalDensity(z, mu, sigma)) return z;
  }
}
