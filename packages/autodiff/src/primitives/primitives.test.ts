import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, evaluate, float32, grad, input, jvp, sameShape, topologicalOrder, webAssembly } from "../index.js";
import type { NamedFeeds, NumericArray, PrimitiveName, Tensor } from "../index.js";
import { primitiveCases } from "../testing/primitive-cases.js";
import type { PrimitiveCase } from "../testing/primitive-cases.js";
import { primitives } from "./table.js";

const names = Object.keys(primitives) as PrimitiveName[];
const array = (value: number | NumericArray): ArrayLike<number> => (typeof value === "number" ? [value] : value);
const elements = (feeds: NamedFeeds, name: string): number[] => {
  const feed = feeds[name];
  if (typeof feed === "number") return [feed];
  return Array.from("data" in feed ? feed.data : feed);
};
const moved = (feeds: NamedFeeds, name: string, data: readonly number[]): NamedFeeds => {
  const feed = feeds[name];
  return { ...feeds, [name]: typeof feed === "object" && "data" in feed ? { data, shape: feed.shape } : data };
};

/** A scalar that weighs every element of the result differently, so that no derivative cancels. */
function weighted(result: Tensor): Tensor {
  const flat = result.dtype === "int32" ? result.toFloat() : result;
  return flat.add(0.5).square().mul(flat.mul(0.3).add(1)).sum();
}

function directional({ feeds, differentiable }: PrimitiveCase): Record<string, number[]> {
  return Object.fromEntries(
    differentiable.map((tensor, k) => [
      tensor.name!,
      elements(feeds, tensor.name!).map((_, i) => (((i * 7 + k * 3) % 5) - 2) / 2 + 0.25),
    ]),
  );
}

describe("every primitive", () => {
  test.each(names)("%s: the cases really use it", (name) => {
    const used = fc.sample(primitiveCases[name], 20).filter(({ result }) =>
      topologicalOrder([result]).some(({ primitive }) => primitive === name),
    );
    expect(used.length).toBeGreaterThan(5);
  });

  test.each(names)("%s: reverse mode against central differences in float64", (name) => {
    fc.assert(
      fc.property(primitiveCases[name], (example) => {
        const { feeds, differentiable } = example;
        const loss = weighted(example.result);
        const gradients = grad(loss, differentiable);
        differentiable.forEach((tensor, k) => {
          expect(sameShape(gradients[k].shape, tensor.shape)).toBe(true);
          const analytic = array(evaluate({ gradient: gradients[k], loss }, feeds).gradient);
          const point = elements(feeds, tensor.name!);
          const h = 1e-5;
          point.forEach((x, i) => {
            const at = (value: number) => evaluate(loss, moved(feeds, tensor.name!, point.with(i, value))) as number;
            const numeric = (at(x - 2 * h) - 8 * at(x - h) + 8 * at(x + h) - at(x + 2 * h)) / (12 * h);
            // The difference quotient itself carries an error of about 1e-16 / h of the loss.
            const scale = Math.max(1, Math.abs(numeric), Math.abs(evaluate(loss, feeds) as number));
            expect(Math.abs(analytic[i] - numeric) / scale).toBeLessThan(1e-8);
          });
        });
      }),
      { numRuns: 25 },
    );
  });

  test.each(names.filter((name) => name !== "customGradient" && name !== "hostOperation"))("%s: ⟨Jv, u⟩ = ⟨v, Jᵀu⟩", (name) => {
    fc.assert(
      fc.property(primitiveCases[name], (example) => {
        const { feeds, differentiable } = example;
        const loss = weighted(example.result);
        const directions = directional(example);
        const tangents = differentiable.map((tensor) => input(`d${tensor.name!}`, tensor.shape));
        const allFeeds: Record<string, NamedFeeds[string]> = { ...feeds };
        differentiable.forEach((tensor) => {
          allFeeds[`d${tensor.name!}`] = moved(feeds, tensor.name!, directions[tensor.name!])[tensor.name!];
        });
        const [forward] = jvp([loss], differentiable, tangents);
        const left = evaluate({ forward, loss }, allFeeds).forward as number;
        let right = 0;
        grad(loss, differentiable).forEach((gradient, k) => {
          const g = array(evaluate({ gradient, loss }, feeds).gradient);
          directions[differentiable[k].name!].forEach((d, i) => (right += d * g[i]));
        });
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(left)));
      }),
      { numRuns: 25 },
    );
  });

  const executors = [float32, webAssembly()];
  test.each(names.flatMap((name) => executors.map((backend) => ({ name, backend }))))("$name: $backend.name agrees with the interpreter", ({ name, backend }) => {
    fc.assert(
      fc.property(primitiveCases[name], ({ result, feeds }) => {
        const truth = array(evaluate(result, feeds));
        const inputs = Object.fromEntries(
          topologicalOrder([result]).flatMap((t) => (t.primitive === "input" ? [[t.name!, t] as const] : [])),
        );
        const program = compile({ inputs, outputs: { result }, backend });
        program.execute(feeds);
        const actual = program.view("result");
        expect(actual.length).toBe(truth.length);
        for (let i = 0; i < truth.length; i++) {
          expect(Math.abs(actual[i] - truth[i])).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(truth[i])));
        }
      }),
      { numRuns: 50 },
    );
  });
});
