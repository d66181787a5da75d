import type { MinimizeLbfgsOptions, Objective } from "../src/minimize-lbfgs.js";

/** A problem with bounds of Hock and Schittkowski (1981, Test Examples for Nonlinear Programming Codes). */
interface BoundedProblem extends MinimizeLbfgsOptions {
  readonly name: string;
  readonly objective: Objective;
  readonly start: readonly number[];
  readonly solution: readonly number[];
  readonly least: number;
}

const rosenbrock: Objective = ([a, b], gradient) => {
  const rest = b - a * a;
  gradient[0] = -400 * a * rest - 2 * (1 - a);
  gradient[1] = 200 * rest;
  return 100 * rest * rest + (1 - a) ** 2;
};

/**
 * The solutions of problem 2, global and local: 2a cos((arccos(1/b) + 2πk)/3) for a = √(598/1200), b = 400a³ and k = 0, 1,
 * by mpmath 1.3.0. Descent from the start that the book gives meets the local one first.
 */
const SECOND = { global: 1.2243707487363524, local: -1.2210262421071016 };

export const boundedProblems: readonly BoundedProblem[] = [
  { name: "1: Rosenbrock's", objective: rosenbrock, start: [-2, 1], lower: [-Infinity, -1.5], solution: [1, 1], least: 0 },
  {
    name: "2: Rosenbrock's with a bound in the way, from the other side",
    objective: rosenbrock,
    start: [2, 1],
    lower: [-Infinity, 1.5],
    solution: [SECOND.global, 1.5],
    least: 0.05042618789360708,
  },
  {
    name: "2, its local minimum",
    objective: rosenbrock,
    start: [-2, 1],
    lower: [-Infinity, 1.5],
    solution: [SECOND.local, 1.5],
    least: 4.941229317989185,
  },
  {
    name: "3",
    objective: ([a, b], gradient) => {
      gradient[0] = -2e-5 * (b - a);
      gradient[1] = 1 + 2e-5 * (b - a);
      return b + 1e-5 * (b - a) ** 2;
    },
    start: [10, 1],
    lower: [-Infinity, 0],
    gradientTolerance: 1e-12,
    solution: [0, 0],
    least: 0,
  },
  {
    name: "4",
    objective: ([a, b], gradient) => {
      gradient[0] = (a + 1) ** 2;
      gradient[1] = 1;
      return (a + 1) ** 3 / 3 + b;
    },
    start: [1.125, 0.125],
    lower: [1, 0],
    solution: [1, 0],
    least: 8 / 3,
  },
  {
    name: "5",
    objective: ([a, b], gradient) => {
      gradient[0] = Math.cos(a + b) + 2 * (a - b) - 1.5;
      gradient[1] = Math.cos(a + b) - 2 * (a - b) + 2.5;
      return Math.sin(a + b) + (a - b) ** 2 - 1.5 * a + 2.5 * b + 1;
    },
    start: [0, 0],
    lower: [-1.5, -3],
    upper: [4, 3],
    solution: [-Math.PI / 3 + 0.5, -Math.PI / 3 - 0.5],
    least: -Math.sqrt(3) / 2 - Math.PI / 3,
  },
  {
    name: "38: Colville's",
    objective: ([a, b, c, d], gradient) => {
      gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
      gradient[1] = 200 * (b - a * a) + 20.2 * (b - 1) + 19.8 * (d - 1);
      gradient[2] = -360 * c * (d - c * c) - 2 * (1 - c);
      gradient[3] = 180 * (d - c * c) + 20.2 * (d - 1) + 19.8 * (b - 1);
      const steep = 100 * (b - a * a) ** 2 + 90 * (d - c * c) ** 2;
      const quadratic = 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1);
      return steep + (1 - a) ** 2 + (1 - c) ** 2 + quadratic;
    },
    start: [-3, -1, -3, -1],
    lower: -10,
    upper: 10,
    solution: [1, 1, 1, 1],
    least: 0,
  },
  {
    name: "45: all at their upper bounds",
    objective: (x, gradient) => {
      for (let i = 0; i < 5; i++) gradient[i] = -x.reduce((product, value, j) => (j === i ? product : product * value), 1) / 120;
      return 2 - x.reduce((product, value) => product * value, 1) / 120;
    },
    start: [0.5, 1, 1.5, 2, 2.5],
    lower: 0,
    upper: [1, 2, 3, 4, 5],
    solution: [1, 2, 3, 4, 5],
    least: 1,
  },
  {
    name: "110, its solution by mpmath 1.3.0",
    objective: (x, gradient) => {
      const product = x.reduce((total, value) => total * value, 1);
      let sum = 0;
      x.forEach((value, i) => {
        const [low, high] = [Math.log(value - 2), Math.log(10 - value)];
        sum += low * low + high * high;
        gradient[i] = (2 * low) / (value - 2) - (2 * high) / (10 - value) - (0.2 * product ** 0.2) / value;
      });
      return sum - product ** 0.2;
    },
    start: new Array<number>(10).fill(9),
    lower: 2.001,
    upper: 9.999,
    solution: new Array<number>(10).fill(9.350265833069384),
    least: -45.77846970744627,
  },
];
