import { checkEnvironment, definitionOf } from "@uphill/envs";
import type { EnvironmentSource, Finding } from "@uphill/envs";
import { Command } from "commander";
import { exitCodes } from "../context.js";
import type { Context } from "../context.js";
import { loadEnvironment } from "../environment/load-environment.js";
import { nextCommand } from "../output/next-command.js";
import { Output } from "../output/output.js";

interface CheckEnvOptions {
  readonly export?: string;
  readonly json?: true;
}

/** `uphill check-env FILE`. */
export function checkEnvCommand(context: Context): Command {
  const command = new Command("check-env")
    .description("find what is wrong with an environment of your own")
    .argument("<FILE>", "a module that exports an environment definition, or a function that makes an environment")
    .option("--export <NAME>", "which export (default: the default export, or else the only one that could be meant)");
  return command.action(async (file: string) => checkEnv(context, file, command.opts<CheckEnvOptions>()));
}

async function checkEnv(context: Context, file: string, options: CheckEnvOptions): Promise<void> {
  const source = await loadEnvironment(file, options.export);
  const findings = checkEnvironment(source);
  const output = new Output(context, options);
  for (const finding of findings) output.item("finding", finding);
  if (findings.length > 0) context.exitCode = exitCodes.failed;
  const data = { command: "check-env", file, sound: findings.length === 0, findings: findings.length };
  output.result(data, findings.length === 0 ? soundLines(context, file, source) : findingLines(file, findings));
}

function soundLines(context: Context, file: string, source: EnvironmentSource): readonly string[] {
  const train = nextCommand(context, "train", "ppo", "--env", file);
  return [`${file}: ${definitionOf(source).id} is sound`, `next: ${train}`];
}

function findingLines(file: string, findings: readonly Finding[]): readonly string[] {
  const counted = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  return [
    `${file}: ${counted}; rules that depend on these were passed over, so check again when they are corrected`,
    ...findings.flatMap(({ rule, message, remedy }) => [`  ${rule}: ${message}`, `    remedy: ${remedy}`]),
  ];
}
