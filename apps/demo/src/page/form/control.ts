import { formatOption } from "@uphill/training";
import type { OptionDefinition } from "@uphill/training";

/** What a value is entered with. */
export interface Control {
  readonly element: HTMLInputElement | HTMLSelectElement;
  /** The value as `parseOption` reads it. */
  text(): string;
  show(value: OptionDefinition["default"]): void;
}

/** The control that suits an option: a check box, a list, or a text field with the keyboard that its values need. */
export function controlFor(definition: OptionDefinition): Control {
  switch (definition.kind) {
    case "boolean":
      return checkBox();
    case "choice":
      return list(definition);
    case "integer":
    case "number":
    case "integers":
    case "schedule":
    case "text":
      return textField(definition);
  }
}

function checkBox(): Control {
  const element = document.createElement("input");
  element.type = "checkbox";
  return { element, text: () => String(element.checked), show: (value) => (element.checked = value === true) };
}

function list(definition: Extract<OptionDefinition, { kind: "choice" }>): Control {
  const element = document.createElement("select");
  const choices = definition.nullable === true ? [...definition.choices, "none"] : definition.choices;
  element.append(...choices.map((choice) => new Option(choice, choice)));
  return { element, text: () => element.value, show: (value) => (element.value = formatOption(definition, value)) };
}

function textField(definition: OptionDefinition): Control {
  const element = document.createElement("input");
  element.type = "text";
  element.autocomplete = "off";
  element.spellcheck = false;
  // Only whole numbers: the others may be written 3e-4, linear:3e-4,0 or none.
  if (definition.kind === "integer" && definition.nullable !== true) element.inputMode = "numeric";
  return {
    element,
    text: () => element.value.trim(),
    show: (value) => (element.value = formatOption(definition, value)),
  };
}
