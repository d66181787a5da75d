import { hostOperation } from "../index.js";
import type { HostArray, HostOperation, Tensor } from "../index.js";

/** Σ_{j ≤ i} x_j along the last axis, from its start or from its end; each is the other's derivative. */
const sumsFrom = (start: boolean): HostOperation => ({
  name: start ? "prefixSums" : "suffixSums",
  shape: ([shape]) => shape,
  compute: ([x], out) => sumRows(x, out, start),
  reverse: (_, cotangent) => [hostOperation(start ? suffixSums : prefixSums, [cotangent])],
});

const [prefixSums, suffixSums] = [sumsFrom(true), sumsFrom(false)];

function sumRows(x: HostArray, out: HostArray, start: boolean): void {
  const length = x.shape[x.shape.length - 1];
  for (let row = 0; row < x.data.length; row += length) {
    let sum = 0;
    for (let k = 0; k < length; k++) {
      const i = start ? row + k : row + length - 1 - k;
      sum += x.data[i];
      out.data[i] = sum;
    }
  }
}

/** The running sum of a tensor's last axis. */
export function runningSum(x: Tensor): Tensor {
  return hostOperation(prefixSums, [x]);
}

/** √x by the host, differentiated through its own result: ½ / √x. */
const hostSquareRoot: HostOperation = {
  name: "hostSquareRoot",
  shape: ([shape]) => shape,
  compute: ([x], out) => x.data.forEach((value, i) => (out.data[i] = Math.sqrt(value))),
  reverse: (_, cotangent, result) => [cotangent.div(result).mul(0.5)],
};

/** √x. */
export function rootOnHost(x: Tensor): Tensor {
  return hostOperation(hostSquareRoot, [x]);
}
