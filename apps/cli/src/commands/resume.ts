import { defineOptions } from "@uphill/training";
import type { Agent } from "@uphill/training";
import { Command } from "commander";
import type { Context } from "../context.js";
import { environmentOption } from "../environment/environment-option.js";
import { addSchemaOptions, optionValues } from "../options/schema-options.js";
import { count } from "../output/format.js";
import { Output } from "../output/output.js";
import { runOptions } from "../runs/run-options.js";
import { agentOf, newAgent, openRun } from "../runs/run.js";
import type { Run } from "../runs/run.js";
import { superviseTraining, trainingData, trainingLines } from "../runs/supervise-training.js";

const resumeOptions = defineOptions({
  steps: {
    kind: "integer",
    default: null,
    nullable: true,
    range: { least: 1 },
    meaning: "environment steps to train for from here, in place of what is left of the budget",
  },
  checkpointEvery: runOptions.checkpointEvery,
});

/** `uphill resume RUN`. */
export function resumeCommand(context: Context): Command {
  const command = new Command("resume")
    .description("go on with a run that was stopped or killed, to the same bits as if it never had been")
    .argument("<RUN>", "the run's folder")
    .addOption(environmentOption("default: the run's"));
  addSchemaOptions(command, "Options:", resumeOptions);
  return command.action(async (path: string) => resume(context, path, command));
}

async function resume(context: Context, path: string, command: Command): Promise<void> {
  const settings = optionValues(command, resumeOptions);
  const { env, json } = command.opts<{ env?: string; json?: true }>();
  const run = await openRun(path, env);
  const agent = await latestAgent(run);
  await run.folder.rewind(agent.steps);
  const output = new Output(context, { json });
  output.note(`resuming ${path} at ${count(agent.steps)} steps`);
  const end = await superviseTraining(
    run,
    agent,
    { context, output },
    {
      steps: settings.steps ?? unstartedBudget(run, agent),
      stopAtGoal: settings.steps === null,
      checkpointEveryMs: 1000 * settings.checkpointEvery,
    },
  );
  if (end.report === undefined && end.reason !== "interrupted") {
    const why = end.reason === "goal" ? "the goal is reached" : "the budget is used up";
    output.note(`nothing is left to do: ${why}; --steps N trains for N more`);
  }
  output.result({ command: "resume", ...trainingData(run, agent, end) }, trainingLines(context, run, end));
}

/** The agent to go on with: a new one, if the run was killed before its first checkpoint. */
async function latestAgent(run: Run): Promise<Agent> {
  if (await run.folder.hasCheckpoint()) return agentOf(run, "latest");
  return newAgent(run);
}

/** The whole budget, for an agent that was never told of it. */
function unstartedBudget({ config }: Run, { steps, targetSteps }: Agent): number | undefined {
  return steps === 0 && targetSteps === 0 ? config.steps : undefined;
}
