import { Command } from "commander";
import { checkEnvCommand } from "./commands/check-env.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { exportCommand } from "./commands/export.js";
import { listCommand } from "./commands/list.js";
import { quickstartCommand } from "./commands/quickstart.js";
import { resumeCommand } from "./commands/resume.js";
import { trainCommand } from "./commands/train.js";
import type { Context } from "./context.js";
import { throwMistakes } from "./options/mistakes.js";
import { version } from "./version.js";

/** The widest line of help, and the width where help does not go to a terminal. */
const HELP_WIDTH = 100;

/** The whole command, with its output going to the context. */
export function createProgram(context: Context): Command {
  const program = new Command("uphill")
    .description("Train policies, export them as verified ONNX files, and run those files.")
    .version(version, "--version", "print the version")
    .helpCommand(false);
  for (const makeCommand of [
    quickstartCommand,
    trainCommand,
    resumeCommand,
    exportCommand,
    evaluateCommand,
    listCommand,
    checkEnvCommand,
  ]) {
    program.addCommand(makeCommand(context));
  }
  for (const command of [program, ...descendants(program)]) prepare(command, context);
  return program;
}

function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((subcommand) => [subcommand, ...descendants(subcommand)]);
}

/** Errors are shown with their origin everywhere; before training there is more to say. */
function debugMeaning({ parent }: Command): string {
  const origin = "show where an error comes from; so does UPHILL_DEBUG=1";
  return parent?.name() === "train" ? `say what the untrained policy does, and ${origin}` : origin;
}

function prepare(command: Command, { stdout }: Context): void {
  throwMistakes(command, command.name() === "train" ? "algorithm" : "command");
  if (command.commands.length === 0) {
    command
      .option("--json", "print JSON, one object a line, and nothing else on standard output")
      .option("--debug", debugMeaning(command));
  }
  command.helpOption("--help", "show this help").configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: () => undefined,
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(stdout.columns ?? HELP_WIDTH, HELP_WIDTH),
    getOutHasColors: () => false,
  });
}
