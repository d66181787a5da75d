import { requireInteger, requireNumber } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { orthonormalVectors } from "./internal/orthonormal-vectors.js";

/**
 * Initial values of a kernel.
 *
 * @param random - The stream to draw from.
 * @param inputs - Rows of the kernel: the layer's inputs, ≥ 1.
 * @param outputs - Columns of the kernel: the layer's outputs, ≥ 1.
 * @param gain - Factor on all values; 1 by default.
 * @returns [inputs, outputs], row-major.
 * @throws OptionError if a size is no positive integer or the gain is not finite.
 */
export type Initializer = (random: Random, inputs: number, outputs: number, gain?: number) => Float32Array;

/** The names of {@link initializers}. */
export type InitializerName = "orthogonal" | "lecunNormal" | "lecunUniform" | "zeros";

/**
 * A random matrix with orthonormal columns (rows, where there are more columns than rows), times the gain:
 * WᵀW = gain² I, or WWᵀ = gain² I. Drawn uniformly among them.
 *
 * Gram–Schmidt on a standard normal matrix: the Q of its QR decomposition with a positive diagonal of R,
 * which is what makes it uniform (Mezzadri 2007). Proposed by Saxe, McClelland and Ganguli 2014.
 * Arguments and errors as {@link Initializer}.
 */
export const orthogonal: Initializer = (random, inputs, outputs, gain = 1) => {
  const kernel = emptyKernel("orthogonal", inputs, outputs, gain);
  const tall = inputs >= outputs;
  const vectors = orthonormalVectors(random, Math.min(inputs, outputs), Math.max(inputs, outputs));
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) kernel[i * outputs + j] = gain * (tall ? vectors[j][i] : vectors[i][j]);
  }
  return kernel;
};

/**
 * Independent normals of mean 0 and standard deviation gain / √inputs, so that an output of unit inputs has
 * variance gain² (LeCun, Bottou, Orr and Müller 1998, equation 16; not truncated, as some libraries do).
 * Arguments and errors as {@link Initializer}.
 */
export const lecunNormal: Initializer = (random, inputs, outputs, gain = 1) => {
  const kernel = emptyKernel("lecunNormal", inputs, outputs, gain);
  const standardDeviation = gain / Math.sqrt(inputs);
  for (let i = 0; i < kernel.length; i++) kernel[i] = standardDeviation * random.standardNormal();
  return kernel;
};

/**
 * Independent uniforms on [−a, a), a = gain √(3 / inputs): of the same variance as {@link lecunNormal}.
 * Arguments and errors as {@link Initializer}.
 */
export const lecunUniform: Initializer = (random, inputs, outputs, gain = 1) => {
  const kernel = emptyKernel("lecunUniform", inputs, outputs, gain);
  const bound = gain * Math.sqrt(3 / inputs);
  for (let i = 0; i < kernel.length; i++) kernel[i] = random.uniform(-bound, bound);
  return kernel;
};

/** Zeros; draws nothing. Arguments and errors as {@link Initializer}. */
export const zeros: Initializer = (_, inputs, outputs, gain = 1) => emptyKernel("zeros", inputs, outputs, gain);

/** The initialisers by name, so that options can say which as data. */
export const initializers: Readonly<Record<InitializerName, Initializer>> = {
  orthogonal,
  lecunNormal,
  lecunUniform,
  zeros,
};

function emptyKernel(name: InitializerName, inputs: number, outputs: number, gain: number): Float32Array {
  requireInteger(`${name} inputs`, inputs, { least: 1 });
  requireInteger(`${name} outputs`, outputs, { least: 1 });
  requireNumber(`${name} gain`, gain);
  return new Float32Array(inputs * outputs);
}
