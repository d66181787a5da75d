import { stat } from "node:fs/promises";
import { definitionOf } from "@uphill/envs";
import { defineOptions, evaluatePolicy } from "@uphill/training";
import type { CheckpointName } from "@uphill/training/node";
import { Command } from "commander";
import type { Context } from "../context.js";
import { environmentNamed, environmentOption } from "../environment/environment-option.js";
import { addSchemaOptions, optionValues } from "../options/schema-options.js";
import { count, number, spread } from "../output/format.js";
import { Output } from "../output/output.js";
import { playFile } from "../policies/play-file.js";
import type { Episodes, PlayedEpisodes } from "../policies/play-file.js";
import { agentOf, openRun } from "../runs/run.js";
import { checkpointOption, chosenCheckpoint } from "./export.js";

const evaluateOptions = defineOptions({
  episodes: { kind: "integer", default: 100, range: { least: 1, most: 1_000_000 }, meaning: "episodes to play" },
  seed: {
    kind: "integer",
    default: 0,
    range: { least: 0, most: 2 ** 32 },
    meaning: "seed of the first episode; the next one has the next seed",
  },
});

interface EvaluateOptions {
  readonly env?: string;
  readonly checkpoint?: CheckpointName;
  readonly json?: true;
}

/** `uphill evaluate POLICY`. */
export function evaluateCommand(context: Context): Command {
  const command = new Command("evaluate")
    .description("play episodes with an ONNX file alone, in ONNX Runtime; or with the policy of a run")
    .argument("<POLICY>", "an ONNX file, or a run's folder")
    .addOption(environmentOption("default: the policy's"))
    .addOption(checkpointOption());
  addSchemaOptions(command, "Options:", evaluateOptions);
  return command.action(async (path: string) => {
    const options = command.opts<EvaluateOptions>();
    const episodes = optionValues(command, evaluateOptions);
    const played = (await isFolder(path))
      ? await playRun(path, options, episodes)
      : await playFile(path, async (id) => (await environmentNamed(options.env ?? id)).source, episodes);
    say(new Output(context, options), path, episodes, played);
  });
}

async function playRun(path: string, options: EvaluateOptions, episodes: Episodes): Promise<PlayedEpisodes> {
  const run = await openRun(path, options.env);
  const agent = await agentOf(run, await chosenCheckpoint(run, options.checkpoint));
  agent.close();
  return { evaluation: await evaluatePolicy(agent.policy, run.env, episodes), environment: definitionOf(run.env).id };
}

function say(output: Output, path: string, { episodes, seed }: Episodes, { evaluation, environment }: PlayedEpisodes): void {
  const { returns, lengths, meanReturn, standardDeviation, meanLength } = evaluation;
  const data = { policy: path, environment, episodes, seed, meanReturn, standardDeviation, meanLength };
  output.result({ command: "evaluate", ...data, returns: [...returns], lengths: [...lengths] }, [
    `${path} on ${environment}: return ${spread(meanReturn, standardDeviation)} over ${count(episodes)} ` +
      `${episodes === 1 ? "episode" : "episodes"} from seed ${seed}, mean length ${number(meanLength)} steps`,
  ]);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
