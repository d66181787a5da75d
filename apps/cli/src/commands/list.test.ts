import { expect, it } from "vitest";
import { algorithms } from "../algorithms.js";
import { environments } from "../environment/environments.js";
import { uphill, uphillJson } from "../../test/uphill.js";

it("lists every algorithm, environment and preset", async () => {
  const { exitCode, stdout } = await uphill("list");
  expect(exitCode).toBe(0);
  for (const { name, summary, presets } of algorithms) {
    expect(stdout).toMatch(new RegExp(`  ${name} +${summary}\n`, "u"));
    for (const preset of Object.keys(presets)) expect(stdout).toMatch(new RegExp(`${name} +${preset} +--`, "u"));
  }
  for (const { id } of environments) expect(stdout).toContain(`  ${id} `);
});

it("lists as JSON: spaces of environments, and options as help shows them", async () => {
  const [result] = await uphillJson("list");
  expect(result["environments"]).toContainEqual({
    id: "CartPole-v1",
    observationSpace: expect.objectContaining({ kind: "box", shape: [4] }),
    actionSpace: { kind: "discrete", n: 2 },
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
  });
  const [ppo] = result["algorithms"] as { name: string; options: { flag: string }[] }[];
  expect(ppo.name).toBe("ppo");
  expect(ppo.options.map(({ flag }) => flag)).toContain("--learning-rate");
});
