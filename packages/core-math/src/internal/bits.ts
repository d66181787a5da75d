const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Where the word with sign, exponent and the first 20 fraction bits lies on this machine. */
const HIGH = /* @__PURE__ */ highWordIndex();

/** The high 32 bits of a double: sign, 11 bits of exponent, the first 20 bits of its fraction. */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH];
}

function highWordIndex(): number {
  double[0] = 1;
  return words[1] === 0 ? 0 : 1;
}
