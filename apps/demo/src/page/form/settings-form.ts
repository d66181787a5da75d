import type { EnvironmentDefinition } from "@uphill/envs";
import { firstOptions, runOptions, startingOptions } from "../../run-options.js";
import type { OptionName, RunOptions } from "../../run-options.js";
import { OptionField } from "./option-field.js";

/** The parts of the page that the form fills. */
export interface FormElements {
  /** Holds the options; disabled while a run is under way. */
  readonly fieldset: HTMLFieldSetElement;
  readonly first: HTMLElement;
  /** Options that few people change. */
  readonly others: HTMLElement;
  /** Says what the option under the pointer or the keyboard is. */
  readonly help: HTMLElement;
}

const names = Object.keys(runOptions) as OptionName[];

/** The options of a run as a form, generated from their schema. */
export class SettingsForm {
  readonly #elements: FormElements;
  readonly #fields: ReadonlyMap<OptionName, OptionField>;
  readonly #usualHelp: string;

  /** @param elements - See {@link FormElements}. */
  constructor(elements: FormElements) {
    this.#elements = elements;
    this.#usualHelp = elements.help.textContent;
    this.#fields = new Map(names.map((name) => [name, new OptionField(name, runOptions[name])]));
    for (const [name, field] of this.#fields) {
      (firstOptions.includes(name) ? elements.first : elements.others).append(field.element);
      for (const event of ["focusin", "pointerenter"]) field.element.addEventListener(event, () => this.#explain(field));
    }
    for (const event of ["focusout", "pointerleave"]) elements.fieldset.addEventListener(event, () => this.#explain(undefined));
  }

  /** Begins with what suits an environment. */
  show(environment: EnvironmentDefinition): void {
    const options = startingOptions(environment);
    this.#fields.forEach((field, name) => field.show(options[name], environment.id));
  }

  /** All options; undefined where one is not allowed, which its field then says and gets the keyboard. */
  read(): RunOptions | undefined {
    const read = names.map((name) => [name, this.#fields.get(name)?.read()] as const);
    const wrong = read.find(([, result]) => result === undefined);
    if (wrong !== undefined) {
      this.#fields.get(wrong[0])?.focus();
      return undefined;
    }
    return Object.fromEntries(read.map(([name, result]) => [name, result?.value])) as unknown as RunOptions;
  }

  /** Says beside an option what the worker found wrong with it. */
  showError(name: OptionName, message: string): void {
    this.#fields.get(name)?.showError(message);
    this.#fields.get(name)?.focus();
  }

  #explain(field: OptionField | undefined): void {
    const { help } = this.#elements;
    help.textContent = field?.help ?? this.#usualHelp;
    help.classList.toggle("idle", field === undefined);
  }

  /** @param enabled - Whether options can be changed. */
  enable(enabled: boolean): void {
    this.#elements.fieldset.disabled = !enabled;
  }
}
