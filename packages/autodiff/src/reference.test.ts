import { describe, expect, test } from "vitest";
import reference from "../test/reference/autodiff.json" with { type: "json" };
import { compile, constant, evaluate, float32, grad, input, jvp, logSoftmax, stopGradient, variable, vjp } from "./index.js";
import type { NumericArray, Tensor } from "./index.js";

// PyTorch 1.13 in float64: an MLP's loss, gradient, Hessian-vector product, and the Fisher-vector product
// of its output as categorical logits, for six activations.

const activations: Record<string, (x: Tensor) => Tensor> = {
  tanh: (x) => x.tanh(),
  relu: (x) => x.relu(),
  sigmoid: (x) => x.sigmoid(),
  softplus: (x) => x.softplus(),
  elu: (x) => x.elu(),
  gelu_tanh: (x) => x.gelu(),
};

const flat = (nested: unknown): number[] => (nested as unknown[]).flat(Infinity) as number[];

function expectClose(actual: number | NumericArray, expected: unknown, tolerance: number): void {
  const values = typeof actual === "number" ? [actual] : actual;
  const truth = Array.isArray(expected) ? flat(expected) : [expected as number];
  const scale = Math.max(...truth.map(Math.abs));
  expect(values.length).toBe(truth.length);
  truth.forEach((value, i) => expect(Math.abs(values[i] - value) / scale).toBeLessThan(tolerance));
}

describe.each(reference)("$activation $dims", (example) => {
  const parameters = example.parameters.map((_, index) => {
    const [inputs, outputs] = example.dims.slice(index >> 1);
    return input(`p${index}`, index % 2 === 0 ? [inputs, outputs] : [outputs]);
  });
  const direction = parameters.map((p, index) => input(`v${index}`, p.shape));
  const x = input("x", ["batch", example.dims[0]]);
  const y = input("y", ["batch", example.dims.at(-1)!]);
  const feeds: Record<string, number[]> = { x: flat(example.x), y: flat(example.y) };
  example.parameters.forEach((values, index) => (feeds[`p${index}`] = flat(values)));
  example.vector.forEach((values, index) => (feeds[`v${index}`] = flat(values)));

  let output: Tensor = x;
  for (let layer = 0; 2 * layer < parameters.length; layer++) {
    output = output.matmul(parameters[2 * layer]).add(parameters[2 * layer + 1]);
    if (2 * layer + 2 < parameters.length) output = activations[example.activation](output);
  }
  const loss = output.sub(y).square().mean();
  const gradient = grad(loss, parameters);

  test("loss and gradient", () => {
    expectClose(evaluate(loss, feeds), example.mse, 1e-10);
    gradient.forEach((g, index) => expectClose(evaluate(g, feeds), example.mse_gradient[index], 1e-10));
  });

  test("Hessian-vector product, reverse over reverse and forward over reverse", () => {
    const inner = gradient.map((g, index) => g.mul(direction[index]).sum()).reduce((a, b) => a.add(b));
    grad(inner, parameters).forEach((hv, index) => expectClose(evaluate(hv, feeds), example.mse_hessian_vector[index], 1e-10));
    jvp(gradient, parameters, direction).forEach((hv, index) =>
      expectClose(evaluate(hv, feeds), example.mse_hessian_vector[index], 1e-10),
    );
  });

  test("Fisher-vector product: the Hessian of KL(stopped ‖ moving), and Jᵀ F J v", () => {
    const logits = logSoftmax(output);
    const old = stopGradient(logits);
    const kl = old.exp().mul(old.sub(logits)).sum(-1).mean();
    const hessian = jvp(grad(kl, parameters), parameters, direction);
    const [moved] = jvp([output], parameters, direction);
    const p = logits.exp();
    const batch = constant(1).broadcastTo(["batch"]).add(x.sum(1).mul(0)).sum();
    const fisher = p.mul(moved.sub(p.mul(moved).sum(-1, true))).div(batch);
    const product = vjp([output], parameters, [fisher]);
    parameters.forEach((_, index) => {
      expectClose(evaluate(hessian[index], feeds), example.categorical_fisher_vector[index], 1e-10);
      expectClose(evaluate(product[index], feeds), example.categorical_fisher_vector[index], 1e-10);
    });
  });

  test("in float32, as one program over variables", () => {
    const weights = parameters.map((p, index) => variable(`w${index}`, p.shape as number[], feeds[`p${index}`]));
    let predicted: Tensor = x;
    for (let layer = 0; 2 * layer < weights.length; layer++) {
      predicted = predicted.matmul(weights[2 * layer]).add(weights[2 * layer + 1]);
      if (2 * layer + 2 < weights.length) predicted = activations[example.activation](predicted);
    }
    const error = predicted.sub(y).square().mean();
    const outputs = Object.fromEntries(grad(error, weights).map((g, index) => [`g${index}`, g]));
    const results = compile({ inputs: { x, y }, outputs: { error, ...outputs }, backend: float32 }).run({
      x: feeds["x"],
      y: feeds["y"],
    }) as Record<string, number | NumericArray>;
    expectClose(results["error"], example.mse, 1e-5);
    weights.forEach((_, index) => expectClose(results[`g${index}`], example.mse_gradient[index], 1e-5));
  });
});
