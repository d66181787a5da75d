import { expect, test } from "vitest";
import { fileName } from "./file-name.js";

const provenance = { environment: "CartPole-v1", algorithm: "ppo", seed: 3, steps: 50_176 };

test("a name says what is in the file", () => {
  expect(fileName(provenance, "onnx")).toBe("CartPole-v1-ppo-seed-3-50176-steps.onnx");
  expect(fileName(provenance, "checkpoint")).toBe("CartPole-v1-ppo-seed-3-50176-steps.safetensors");
});

test("an environment's name brings no folder and no space with it", () => {
  expect(fileName({ ...provenance, environment: "../my env/2" }, "onnx")).toBe("..-my-env-2-ppo-seed-3-50176-steps.onnx");
});
