import { compile, grad, input, Store, variable } from "@uphill/autodiff";
import type { Tensor, Update, Variable } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptimizerOptions } from "../src/index.js";
import { expectClose } from "./close.js";

/** An optimiser with its own options bound. */
export type Optimizer = (parameters: readonly Variable[], gradients: readonly Tensor[], options: OptimizerOptions) => Update[];

/** What the contract needs to know of an optimiser. */
export interface Subject {
  /** Name of the optimiser, which is also the first part of its variables' names. */
  readonly kind: string;
  readonly optimizer: Optimizer;
  /** The formula by hand in float64: changes θ in place by the gradient at step t = 1, 2, …; keeps its own state. */
  readonly byHand: (learningRate: number) => (theta: number[], gradient: readonly number[], t: number) => void;
  /** Names of the variables for one parameter called "theta". */
  readonly variables: readonly string[];
  /** A learning rate that brings the quadratic of the contract within 1e-3 in 2,000 steps. */
  readonly convergentRate: number;
}

const size = 3;
const element = fc.double({ min: -10, max: 10, noNaN: true });
const vector = fc.array(element, { minLength: size, maxLength: size }).map((values) => [...Float32Array.from(values)]);
const path = fc.record({ initial: vector, gradients: fc.array(vector, { minLength: 1, maxLength: 30 }) });

/** A program that applies the gradient it is fed. */
function stepper(subject: Subject, learningRate: number, initial: ArrayLike<number>, store = new Store()) {
  const theta = variable("theta", [size], initial);
  const gradient = input("gradient", [size]);
  const updates = subject.optimizer([theta], [gradient], { learningRate });
  return { theta, store, program: compile({ inputs: { gradient }, updates, store }) };
}

/** The values of all variables of a store, by name. */
function snapshot(store: Store): Record<string, number[]> {
  return Object.fromEntries(store.variables().map((one) => [one.name, [...store.read(one)]]));
}

/** The laws of every optimiser. */
export function optimizerContract(subject: Subject): void {
  describe(`${subject.kind} is an optimiser`, () => {
    formulaLaws(subject);
    guardLaws(subject);
    stateLaws(subject);
    refusals(subject);
  });
}

function formulaLaws(subject: Subject): void {
  test("the first step is the formula's", () => {
    fc.assert(
      fc.property(vector, vector, (initial, gradient) => {
        const { theta, store, program } = stepper(subject, 0.1, initial);
        program.execute({ gradient });
        const expected = [...initial];
        subject.byHand(0.1)(expected, gradient, 1);
        expectClose(store.read(theta), expected, 1e-6);
      }),
    );
  });

  test("many steps follow the formula in float64", () => {
    fc.assert(
      fc.property(path, ({ initial, gradients }) => {
        const { theta, store, program } = stepper(subject, 0.01, initial);
        const [expected, step] = [[...initial], subject.byHand(0.01)];
        gradients.forEach((gradient, index) => {
          program.execute({ gradient });
          step(expected, gradient, index + 1);
        });
        expectClose(store.read(theta), expected, 1e-5);
      }),
    );
  });

  test("it finds the minimum of a quadratic", () => {
    const target = [1, -2, 0.5];
    const theta = variable("theta", [size], 0);
    const loss = theta.sub(variable("target", [size], target)).square().mul(variable("curvature", [size], [0.5, 1, 2])).sum();
    const [learningRate, store] = [input("learningRate", []), new Store()];
    const updates = subject.optimizer([theta], grad(loss, [theta]), { learningRate });
    const program = compile({ inputs: { learningRate }, outputs: { loss }, updates, store });
    const steps = 2000;
    for (let k = 0; k < steps; k++) program.execute({ learningRate: subject.convergentRate * (1 - k / steps) });
    expectClose(store.read(theta), target, 1e-3);
  });

  test("a learning rate of 0 moves nothing", () => {
    const { theta, store, program } = stepper(subject, 0, [1, 2, 3]);
    program.execute({ gradient: [1, -1, 1e6] });
    expect([...store.read(theta)]).toEqual([1, 2, 3]);
    expect(program.updatesApplied).toBe(true);
  });

  test("a fed learning rate gives the bits of a number", () => {
    const [theta, gradient, learningRate] = [variable("theta", [size], 1), input("gradient", [size]), input("rate", [])];
    const store = new Store();
    const updates = subject.optimizer([theta], [gradient], { learningRate });
    const fed = compile({ inputs: { gradient, learningRate }, updates, store });
    const fixed = stepper(subject, 0.125, [1, 1, 1]);
    for (const scale of [1, -3, 0.5]) {
      fed.execute({ gradient: [scale, 2 * scale, -scale], learningRate: 0.125 });
      fixed.program.execute({ gradient: [scale, 2 * scale, -scale] });
    }
    expect(snapshot(store)).toEqual(snapshot(fixed.store));
  });

  test("parameters do not touch each other", () => {
    const parameters = ["a", "b"].map((name) => variable(name, [size], 1));
    const inputs = { a: input("a", [size]), b: input("b", [size]) };
    const store = new Store();
    const updates = subject.optimizer(parameters, [inputs.a, inputs.b], { learningRate: 0.1 });
    const together = compile({ inputs, updates, store });
    const alone = stepper(subject, 0.1, [1, 1, 1]);
    for (const scale of [1, 2, -1]) {
      together.execute({ a: [1e3, -scale, 7], b: [scale, 1, 0.1] });
      alone.program.execute({ gradient: [scale, 1, 0.1] });
    }
    expect(store.read(parameters[1])).toEqual(alone.store.read(alone.theta));
  });
}

function guardLaws(subject: Subject): void {
  test.each([Number.NaN, Infinity, -Infinity, 1e25])("a gradient of %s changes nothing, then or later", (bad) => {
    const [disturbed, undisturbed] = [stepper(subject, 0.1, [1, 2, 3]), stepper(subject, 0.1, [1, 2, 3])];
    for (const one of [disturbed, undisturbed]) one.program.execute({ gradient: [1, -1, 2] });
    const before = snapshot(disturbed.store);
    disturbed.program.execute({ gradient: [1, bad, 1] });
    expect(disturbed.program.updatesApplied).toBe(false);
    expect(snapshot(disturbed.store)).toEqual(before);
    for (const one of [disturbed, undisturbed]) one.program.execute({ gradient: [3, 1, -2] });
    expect(disturbed.program.updatesApplied).toBe(true);
    expect(snapshot(disturbed.store)).toEqual(snapshot(undisturbed.store));
  });

  test("a learning rate of NaN changes nothing", () => {
    const [theta, learningRate, store] = [variable("theta", [1], 1), input("rate", []), new Store()];
    const updates = subject.optimizer([theta], [variable("gradient", [1], 1)], { learningRate });
    const program = compile({ inputs: { learningRate }, updates, store });
    const before = snapshot(store);
    program.execute({ learningRate: Number.NaN });
    expect(program.updatesApplied).toBe(false);
    expect(snapshot(store)).toEqual(before);
  });

  test("a gradient norm that is given is the guard", () => {
    const [theta, gradientNorm, store] = [variable("theta", [1], 1), input("norm", []), new Store()];
    const updates = subject.optimizer([theta], [variable("gradient", [1], 1)], { learningRate: 0.1, gradientNorm });
    const program = compile({ inputs: { gradientNorm }, updates, store });
    program.execute({ gradientNorm: Infinity });
    expect([program.updatesApplied, ...store.read(theta)]).toEqual([false, 1]);
    program.execute({ gradientNorm: 1 });
    expect(program.updatesApplied).toBe(true);
    expect(store.read(theta)[0]).toBeLessThan(1);
  });
}

function stateLaws(subject: Subject): void {
  test("its state is variables, named after optimiser and parameter", () => {
    const { store } = stepper(subject, 0.1, [1, 2, 3]);
    expect(Object.keys(snapshot(store)).sort()).toEqual([...subject.variables, "theta"].sort());
    const theta = variable("theta", [size], 0);
    const updates = subject.optimizer([theta], [theta], { learningRate: 1, name: "critic/optimizer" });
    const own = updates.map((update) => update.variable.name).filter((name) => name !== "theta");
    expect(own.sort()).toEqual(subject.variables.map((name) => name.replace(subject.kind, "critic/optimizer")).sort());
  });

  test("a copied store goes on to the same bits", () => {
    fc.assert(
      fc.property(path, ({ initial, gradients }) => {
        const { theta, store, program } = stepper(subject, 0.1, initial);
        for (const gradient of gradients) program.execute({ gradient });
        const copy = store.copy();
        const gradient = input("gradient", [size]);
        const updates = subject.optimizer([theta], [gradient], { learningRate: 0.1 });
        // A process that resumes makes its variables anew and takes their values by name.
        const resumed = compile({ inputs: { gradient }, updates });
        for (const one of resumed.store.variables()) resumed.store.write(one, copy.read(copy.find(one.name)!));
        for (const next of gradients) {
          program.execute({ gradient: next });
          resumed.execute({ gradient: next });
        }
        expect(snapshot(resumed.store)).toEqual(snapshot(store));
      }),
    );
  });
}

function refusals(subject: Subject): void {
  const [theta, gradient] = [variable("theta", [2], 0), input("gradient", [2])];
  const make =
    (parameters: unknown, gradients: unknown, options: object = { learningRate: 0.1 }) =>
    () =>
      subject.optimizer(parameters as Variable[], gradients as Tensor[], options as OptimizerOptions);
  const { kind } = subject;

  test("parameters and gradients that do not match are refused", () => {
    expect(make([], [])).toThrow(`${kind} parameters: expected a list of at least one variable, got []`);
    expect(make([theta], [])).toThrow(`${kind} gradients: expected a list of 1 tensors, got []`);
    expect(make([gradient], [gradient])).toThrow(`${kind} parameters[0]: expected a variable, got a Tensor`);
    expect(make([theta], [3])).toThrow(`${kind} gradients[0]: expected a float32 tensor, got 3`);
    expect(make([theta], [input("g", [3])])).toThrow(`${kind} gradients[0]: expected shape [2] of "theta", got [3]`);
    expect(make([theta], [input("g", [3])])).toThrow(ShapeError);
    const twice = [theta, theta];
    expect(() => compile({ inputs: { gradient }, updates: make(twice, [gradient, gradient])() })).toThrow(OptionError);
  });

  test("a wrong learning rate, norm or name is refused", () => {
    for (const learningRate of [-1, Number.NaN, Infinity, "0.1", undefined]) {
      expect(make([theta], [gradient], { learningRate })).toThrow(`${kind} learningRate: expected a finite number ≥ 0, got`);
    }
    expect(make([theta], [gradient], { learningRate: gradient })).toThrow(`${kind} learningRate: expected a scalar, got shape [2]`);
    expect(make([theta], [gradient], { learningRate: 1, gradientNorm: 1 })).toThrow(`${kind} gradientNorm: expected a float32 tensor`);
    expect(make([theta], [gradient], { learningRate: 1, name: "" })).toThrow(`${kind} name: expected a non-empty string, got ""`);
    expect(() => subject.optimizer([theta], [gradient], null as never)).toThrow(`${kind} options: expected an object, got null`);
  });
}

