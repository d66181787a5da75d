import fc from "fast-check";
import { expect, test } from "vitest";
import { Corridor } from "../../test/corridor.js";
import { limitedEnvironment } from "./limited-environment.js";

test("the third step of three is truncated", () => {
  const environment = limitedEnvironment(new Corridor(), 3);
  environment.reset({ seed: 1 });
  expect([1, 0, 1].map((action) => environment.step(action).truncated)).toEqual([false, false, true]);
});

test("steps are counted from each reset, and the rest of the step is left alone", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(7), { maxLength: 40 }),
      (seed, limit, schedule) => {
        const [limited, plain] = [limitedEnvironment(new Corridor(), limit), new Corridor()];
        expect(limited.reset({ seed })).toEqual(plain.reset({ seed }));
        let elapsed = 0;
        for (const choice of schedule) {
          const step = plain.step(choice % 2);
          elapsed += 1;
          expect(limited.step(choice % 2)).toEqual({ ...step, truncated: elapsed >= limit });
          if (elapsed < limit && !step.terminated && choice > 1) continue;
          expect(limited.reset()).toEqual(plain.reset());
          elapsed = 0;
        }
      },
    ),
  );
});

test("a step may terminate and be truncated together", () => {
  const inner = new Corridor();
  inner.step = () => ({ observation: Float32Array.of(0, 0), reward: 0, terminated: true, truncated: false });
  const environment = limitedEnvironment(inner, 1);
  environment.reset();
  expect(environment.step(0)).toMatchObject({ terminated: true, truncated: true });
});
