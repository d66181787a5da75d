import { NumericalError, OptionError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { failure } from "./failure.js";

test("an error about an option names the option", () => {
  const message = "minibatchSize: expected at most environments · rolloutSteps = 256, got 512";
  expect(failure(new OptionError(message))).toEqual({ kind: "failed", message, option: "minibatchSize" });
});

test("an error about anything else is its sentence", () => {
  const message = "ppo: expected finite losses and gradients, got valueLoss NaN in the iteration after step 512";
  expect(failure(new NumericalError(message))).toEqual({ kind: "failed", message });
});

test("a run that is too large says what would make it smaller", () => {
  const error = (() => {
    try {
      return new Float32Array(2 ** 50);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(failure(error).message).toMatch(/^The run does not fit into memory: choose fewer environments, .+\(.+\)\.$/u);
});

test("a defect keeps its class", () => {
  expect(failure(new TypeError("x is not a function")).message).toBe("TypeError: x is not a function");
  expect(failure("thrown text").message).toBe("thrown text");
});
