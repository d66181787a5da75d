import { input } from "@uphill/autodiff";
import type { Contender } from "./contender.js";
import { normals } from "./normals.js";
import { onnxContender } from "./onnx.js";

const SIZE = 256;

/** Floating-point operations of one calibration product. */
export const calibrationOperations = 2 * SIZE ** 3;

let made: Promise<Contender> | undefined;

/**
 * What every time is compared with: the product of two 256×256 matrices by onnxruntime-node on one core, which is about
 * as fast as this machine computes at the moment.
 */
export function calibration(): Promise<Contender> {
  made ??= makeCalibration();
  return made;
}

async function makeCalibration(): Promise<Contender> {
  const [a, b] = [input("a", [SIZE, SIZE]), input("b", [SIZE, SIZE])];
  const feed = (seed: number) => ({ data: normals(seed, SIZE * SIZE), shape: [SIZE, SIZE] });
  const contender = await onnxContender("calibration", {
    inputs: { a, b },
    outputs: { product: a.matmul(b) },
    feeds: { a: feed(1), b: feed(2) },
  });
  await contender.run(20, 0);
  return contender;
}
