export { categorical } from "./categorical.js";
export type { Categorical, CategoricalParameters } from "./categorical.js";
export { diagonalNormal } from "./diagonal-normal.js";
export type { DiagonalNormal, DiagonalNormalParameters } from "./diagonal-normal.js";
export type { Distribution, SampleWithLogProbability } from "./distribution.js";
export { fillNoise } from "./noise.js";
export type { Noise } from "./noise.js";
