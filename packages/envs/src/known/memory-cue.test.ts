import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentContract } from "../../test/environment-contract.js";
import { makeEnvironment } from "../make.js";
import { memoryCue } from "./memory-cue.js";

test("the cue is seen once, the question comes after the delay, and the answer to the cue pays", () => {
  const environment = makeEnvironment(memoryCue({ delay: 2 }));
  const [cue, asked] = environment.reset({ seed: 0 });
  expect([Math.abs(cue), asked]).toEqual([1, 0]);
  expect([...environment.step(0).observation]).toEqual([0, 0]);
  expect([...environment.step(1).observation]).toEqual([0, 1]);
  expect(environment.step(cue > 0 ? 1 : 0)).toMatchObject({ reward: 1, terminated: true });
});

environmentContract(memoryCue({ delay: 3 }));

test("who remembers earns 1, who does the opposite −1, and who always answers alike 0 on average", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), (delay, seed) => {
      const returns = (answer: (cue: number) => number): number[] => {
        const environment = makeEnvironment(memoryCue({ delay }));
        return Array.from({ length: 200 }, (_, episode) => {
          const [cue] = environment.reset(episode === 0 ? { seed } : {});
          let earned = 0;
          for (let t = 0; t <= delay; t++) earned += environment.step(answer(cue)).reward;
          return earned;
        });
      };
      expect(new Set(returns((cue) => (cue > 0 ? 1 : 0)))).toEqual(new Set([1]));
      expect(new Set(returns((cue) => (cue > 0 ? 0 : 1)))).toEqual(new Set([-1]));
      // Five standard deviations of a mean of 200 signs.
      const constant = returns(() => 1).reduce((sum, earned) => sum + earned) / 200;
      expect(Math.abs(constant)).toBeLessThan(5 / Math.sqrt(200));
    }),
    { numRuns: 10 },
  );
});

test.each([0, 1.5, -1, Number.NaN, 2e6])("a delay of %s is refused", (delay) => {
  expect(() => memoryCue({ delay })).toThrow(OptionError);
});
