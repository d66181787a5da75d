import { OptionError } from "@uphill/core-math";
import { unknownNameError } from "@uphill/training";
import type { Command, CommanderError } from "commander";

/** Thrown where a command line was answered by help or the version, and nothing else is to be done. */
export class Answered extends Error {}

/**
 * Makes a command throw one clear error for each mistake on its command line, rather than end the process. A name that
 * does not exist is answered with the nearest one that does.
 *
 * @param command - The command; its subcommands need it too.
 * @param subcommands - What its subcommands are: `command`, `algorithm`.
 */
export function throwMistakes(command: Command, subcommands = "command"): void {
  command.exitOverride((error) => {
    throw mistakeOf(error, command, subcommands);
  });
}

function mistakeOf(error: CommanderError, command: Command, subcommands: string): Error {
  switch (error.code) {
    case "commander.help":
    case "commander.helpDisplayed":
    case "commander.version":
      return error.exitCode === 0 ? new Answered() : missingCommand(command, subcommands);
    case "commander.unknownOption":
      return unknownNameError(/'(.*)'/u.exec(error.message)?.[1] ?? "", flagsOf(command));
    case "commander.unknownCommand":
      return unknownNameError(command.args[0] ?? "", namesOf(command), subcommands);
    case "commander.excessArguments":
      return excessArgument(command);
    default:
      return new OptionError(`${pathOf(command)}: ${error.message.replace(/^error: /u, "").replace(/\.$/u, "")}`);
  }
}

function missingCommand(command: Command, subcommands: string): OptionError {
  const names = namesOf(command).join(", ");
  return new OptionError(`${subcommands}: expected one of ${names}, got none; --help says more`);
}

function excessArgument(command: Command): OptionError {
  const extra = command.args[command.registeredArguments.length];
  const swallowed = command.options.find((option) => String(command.getOptionValue(option.attributeName())).startsWith("--"));
  const why = swallowed === undefined ? "" : `; ${swallowed.long} took ${JSON.stringify(command.getOptionValue(swallowed.attributeName()))} for its value`;
  return new OptionError(`${pathOf(command)}: expected no more arguments, got ${JSON.stringify(extra)}${why}`);
}

function flagsOf(command: Command): readonly string[] {
  return [...command.options.map(({ long }) => long), "--help"].filter((flag) => typeof flag === "string");
}

function namesOf(command: Command): readonly string[] {
  return command.commands.map((subcommand) => subcommand.name());
}

/** Such as `train ppo`; `command` for the program itself. */
function pathOf(command: Command): string {
  if (command.parent === null) return "command";
  return command.parent.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
