import { expect, test } from "vitest";
import { compile, input, Store, webAssembly } from "../index.js";
import { enableRelaxedSimd } from "./enable-relaxed-simd.js";

test("programs use fused multiply-add where the engine has it, unless they are deterministic", () => {
  const enabled = enableRelaxedSimd();
  expect(enableRelaxedSimd()).toBe(enabled);
  const [a, b] = [input("a", [1, 2]), input("b", [2, 1])];
  // (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴, or 0 where the square is rounded before it is added.
  const feeds = { a: [1, 1 + 2 ** -12], b: [-(1 + 2 ** -11), 1 + 2 ** -12] };
  const [fused, rounded] = [false, true].map((deterministic) => {
    const store = new Store({ backend: webAssembly({ deterministic }) });
    return compile({ inputs: { a, b }, outputs: { y: a.matmul(b).sum() }, store }).run(feeds).y;
  });
  expect(rounded).toBe(0);
  expect(fused).toBe(enabled ? 2 ** -24 : 0);
});
