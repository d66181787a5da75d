import { UphillError } from "@uphill/core-math";
import type { OptionName } from "../run-options.js";
import { runOptions } from "../run-options.js";
import type { Message } from "../protocol.js";

/** What a run needs memory for. */
const TOO_LARGE = "The run does not fit into memory: choose fewer environments, shorter rollouts or narrower layers";

/**
 * An error as one sentence for the page.
 *
 * Uphill's own errors are such sentences already, and name the argument first: where that is an option of the form, the
 * message says so. A RangeError is what engines throw for an array that is too large. Anything else is a defect; its
 * class is kept, for whoever reports it.
 */
export function failure(error: unknown): Extract<Message, { kind: "failed" }> {
  if (error instanceof RangeError) return { kind: "failed", message: `${TOO_LARGE} (${error.message}).` };
  if (!(error instanceof UphillError)) return { kind: "failed", message: String(error) };
  const { message } = error;
  const option = Object.keys(runOptions).find((name) => message.startsWith(`${name}:`));
  return { kind: "failed", message, ...(option === undefined ? {} : { option: option as OptionName }) };
}
