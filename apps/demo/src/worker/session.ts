import { StateError } from "@uphill/core-math";
import type { Command, Post, RunSettings } from "../protocol.js";
import { failure } from "./failure.js";
import { TrainingRun } from "./training-run.js";

/** Answers the page's commands with one run at a time. Errors become messages; nothing is thrown. */
export class Session {
  readonly #post: Post;
  #run: TrainingRun | undefined;

  /** @param post - Takes the messages. */
  constructor(post: Post) {
    this.#post = post;
  }

  /** Does what a command says. What takes time goes on afterwards, and posts as it proceeds. */
  handle(command: Command): void {
    try {
      this.#dispatch(command);
    } catch (error) {
      this.#post(failure(error));
    }
  }

  #dispatch(command: Command): void {
    switch (command.kind) {
      case "start":
        this.#start(command.settings);
        break;
      case "stop":
        this.#requireRun().stop();
        break;
      case "resume":
        this.#requireRun().train();
        break;
      case "play":
        this.#requireRun().play(command.steps);
        break;
      case "save":
        this.#requireRun().save(command.format);
        break;
    }
  }

  /** Begins a run. One that cannot begin leaves the one before as it was. */
  #start(settings: RunSettings): void {
    const before = this.#run;
    const run = new TrainingRun(settings, (message, transfer) => {
      if (this.#run === run) this.#post(message, transfer);
    });
    this.#run = run;
    this.#post({ kind: "started" });
    run.train(settings.steps);
    void before?.close();
  }

  #requireRun(): TrainingRun {
    if (this.#run === undefined) throw new StateError("command: expected start first, got none");
    return this.#run;
  }
}
