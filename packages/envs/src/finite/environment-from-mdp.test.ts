import { OptionError, Random } from "@uphill/core-math";
import { chainMdp, finiteMdp, type FiniteMdp, gridWorld, randomMdp } from "@uphill/tabular";
import fc from "fast-check";
import { expect, test } from "vitest";
import { finiteContract, processContract } from "../../test/finite-contract.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { environmentFromMdp } from "./environment-from-mdp.js";

const grid = environmentFromMdp(
  { id: "Grid-v0", maxEpisodeSteps: 50 },
  gridWorld({ map: ["S.G", "..."], slip: 0.2, stepReward: -0.1, gamma: 0.9 }),
);

test("a grid world is played to its goal", () => {
  const firm = environmentFromMdp({ id: "Firm-v0" }, gridWorld({ map: ["S.G"], gamma: 0.9 }));
  const environment = makeEnvironment(firm);
  expect([...environment.reset({ seed: 0 })]).toEqual([0]);
  expect(environment.step(1)).toMatchObject({ reward: 0, terminated: false });
  expect(environment.step(1)).toMatchObject({ reward: 1, terminated: true, observation: Float32Array.of(2) });
});

finiteContract(grid);
processContract(environmentFromMdp({ id: "Chain-v0" }, chainMdp({ states: 4, slip: 0.3, gamma: 0.5 })));

test("its process is the one that it came from", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (seed, states, actions) => {
      const mdp = randomMdp({ states, actions, gamma: 0.7, random: new Random(seed) });
      expect(environmentFromMdp({ id: "Random-v0" }, mdp).mdp(0.7)).toEqual(mdp);
    }),
  );
});

test("steps occur as often as their probabilities say", () => {
  const mdp = randomMdp({ states: 4, actions: 2, gamma: 0.7, random: new Random(5) });
  const count = 20_000;
  const vector = makeVectorEnvironment(environmentFromMdp({ id: "Random-v0" }, mdp), count);
  vector.reset({ seed: 1 });
  const from = vector.observations.slice();
  vector.step(new Int32Array(count).fill(1));
  const [started, seen] = [new Float64Array(4), new Float64Array(16)];
  for (let i = 0; i < count; i++) {
    started[from[i]] += 1;
    seen[from[i] * 4 + vector.observations[i]] += 1;
  }
  expect(vector.rewards).toEqual(Float64Array.from(from, (state) => mdp.reward[state * 2 + 1]));
  for (let s = 0; s < 4; s++) {
    // Five standard deviations of a mean of 0s and 1s.
    expect(Math.abs(started[s] / count - mdp.initial[s])).toBeLessThan(2.5 / Math.sqrt(count));
    for (let to = 0; to < 4; to++) {
      const probability = mdp.transition[(s * 2 + 1) * 4 + to];
      expect(Math.abs(seen[s * 4 + to] / started[s] - probability)).toBeLessThan(2.5 / Math.sqrt(started[s]));
    }
  }
});

test("a process that starts at its end: the first step terminates", () => {
  const mdp = finiteMdp({ states: 1, actions: 1, transition: [1], reward: [0], initial: [1], gamma: 0 });
  const environment = makeEnvironment(environmentFromMdp({ id: "Nothing-v0" }, mdp));
  environment.reset();
  expect(environment.step(0)).toMatchObject({ reward: 0, terminated: true });
});

test("what is no process", () => {
  expect(() => environmentFromMdp({ id: "None-v0" }, {} as unknown as FiniteMdp)).toThrow(
    new OptionError("mdp: expected what finiteMdp of @uphill/tabular returns, got an object"),
  );
  expect(() => environmentFromMdp({ id: "" }, grid.mdp(0))).toThrow(OptionError);
});
