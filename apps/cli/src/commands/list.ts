import type { EnvironmentDefinition, Space } from "@uphill/envs";
import { optionDescriptions } from "@uphill/training";
import { Command } from "commander";
import { algorithms } from "../algorithms.js";
import type { Context } from "../context.js";
import { environments } from "../environment/environments.js";
import { presetFlags } from "../options/presets.js";
import { Output } from "../output/output.js";
import { table } from "../output/table.js";

/** `uphill list`. */
export function listCommand(context: Context): Command {
  const command = new Command("list").description("list algorithms, environments and presets");
  return command.action(() => new Output(context, command.opts<{ json?: true }>()).result(listData(), listLines()));
}

function listData(): object {
  return {
    command: "list",
    algorithms: algorithms.map(({ name, summary, options, presets }) => ({
      name,
      summary,
      options: optionDescriptions(options),
      presets,
    })),
    environments: environments.map((definition) => {
      const { id, maxEpisodeSteps = null, rewardThreshold = null } = definition;
      return { id, ...spacesOf(definition), maxEpisodeSteps, rewardThreshold };
    }),
  };
}

function listLines(): readonly string[] {
  const rows = environments.map((definition) => {
    const { observationSpace, actionSpace } = spacesOf(definition);
    const { id, maxEpisodeSteps, rewardThreshold } = definition;
    return [id, spaceText(observationSpace), spaceText(actionSpace), text(maxEpisodeSteps), text(rewardThreshold)];
  });
  const presets = algorithms.flatMap(({ name, options, presets: named }) =>
    Object.entries(named).map(([environment, preset]) => [name, environment, presetFlags(options, preset)]),
  );
  return [
    "Algorithms",
    ...table(
      algorithms.map(({ name, summary }) => [name, summary]),
      2,
    ),
    "",
    "Environments",
    ...table([["id", "observation", "actions", "steps at most", "solved at"], ...rows], 2),
    "",
    "Presets",
    ...table(presets, 2),
  ];
}

function spacesOf(definition: EnvironmentDefinition): Readonly<Record<"observationSpace" | "actionSpace", Space>> {
  const environment = definition.make();
  const { observationSpace, actionSpace } = environment;
  environment.close?.();
  return { observationSpace, actionSpace };
}

function spaceText(space: Space): string {
  if (space.kind === "discrete") return `${space.n} choices`;
  if (space.kind !== "box") return `${space.counts.join(" × ")} choices`;
  return space.size === 1 ? "1 number" : `${space.size} numbers`;
}

function text(value: number | undefined): string {
  return value === undefined ? "–" : String(value);
}
