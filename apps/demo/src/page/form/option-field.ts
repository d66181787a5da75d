import { OptionError } from "@uphill/core-math";
import { parseOption } from "@uphill/training";
import type { OptionDefinition } from "@uphill/training";
import { afterPress } from "./after-press.js";
import { controlFor } from "./control.js";
import { besideField, helpOf, labelOf } from "./option-words.js";

/** A value that an option can have. */
type Value = OptionDefinition["default"];

/** One option as a row of the form: label, control, and what is wrong with the value. */
export class OptionField {
  /** The row. */
  readonly element = document.createElement("div");
  readonly #name: string;
  readonly #definition: OptionDefinition;
  readonly #control: ReturnType<typeof controlFor>;
  readonly #help = document.createElement("p");
  readonly #error = document.createElement("p");

  /**
   * @param name - The option's name in its schema.
   * @param definition - The option.
   */
  constructor(name: string, definition: OptionDefinition) {
    this.#name = name;
    this.#definition = definition;
    this.#control = controlFor(definition);
    const { element: control } = this.#control;
    const label = document.createElement("label");
    label.textContent = labelOf(name);
    label.htmlFor = control.id = `option-${name}`;
    this.#help.id = `${control.id}-help`;
    this.#help.className = "for-screen-readers";
    this.#error.id = `${control.id}-error`;
    this.#error.className = "field-error";
    this.#error.hidden = true;
    control.setAttribute("aria-describedby", `${this.#error.id} ${this.#help.id}`);
    control.addEventListener("change", () => afterPress(() => this.read()));
    this.element.className = "field";
    this.element.append(label, control, this.#error, this.#help);
  }

  /** What there is to know about the option. */
  get help(): string {
    return `${labelOf(this.#name)}. ${this.#help.textContent}`;
  }

  /** Begins with a value. @param environment - Whose value that is. */
  show(value: Value, environment: string): void {
    this.#control.show(value);
    this.#help.textContent = helpOf(this.#definition, value, environment);
    this.showError(undefined);
  }

  /** The value; undefined where it is not allowed, which the field then says. */
  read(): { readonly value: Value } | undefined {
    try {
      const value = parseOption(this.#name, this.#definition, this.#control.text());
      this.showError(undefined);
      return { value };
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      this.showError(error.message);
      return undefined;
    }
  }

  /** @param message - An error that begins with the option's name; undefined for none. */
  showError(message: string | undefined): void {
    this.#error.textContent = message === undefined ? "" : besideField(message);
    this.#error.hidden = message === undefined;
    this.#control.element.setAttribute("aria-invalid", String(message !== undefined));
  }

  /** Brings the control into view, opening what hides it, and gives it the keyboard. */
  focus(): void {
    const hidden = this.element.closest("details");
    if (hidden !== null) hidden.open = true;
    this.#control.element.focus();
  }
}
