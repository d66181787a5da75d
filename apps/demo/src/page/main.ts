import "uplot/dist/uPlot.min.css";
import "./style/style.css";
import { environmentOf, environments } from "../environments.js";
import type { Message } from "../protocol.js";
import { startingOptions } from "../run-options.js";
import { connect } from "./connection.js";
import { elementOf } from "./elements.js";
import { SettingsForm } from "./form/settings-form.js";
import { Plots } from "./plots/plots.js";
import { initialState, nextState } from "./run-state.js";
import type { Request } from "./run-state.js";
import { RunView } from "./run-view.js";
import { saveFile } from "./save-file.js";
import { Stage } from "./stage/stage.js";

const choice = elementOf("environment", HTMLSelectElement);
choice.replaceChildren(...environments.map(({ id }) => new Option(id, id)));

const send = connect(receive);
const view = new RunView();
const plots = new Plots((id) => elementOf(id, HTMLElement));
const form = new SettingsForm({
  fieldset: elementOf("options", HTMLFieldSetElement),
  first: elementOf("first-options", HTMLElement),
  others: elementOf("other-options", HTMLElement),
  help: elementOf("help", HTMLElement),
});
const stage = new Stage(
  {
    canvas: elementOf("stage", HTMLCanvasElement),
    caption: elementOf("stage-caption", HTMLElement),
    toggle: elementOf("stage-toggle", HTMLButtonElement),
  },
  environmentOf(choice.value),
  (steps) => send({ kind: "play", steps }),
);
let state = initialState;

choice.addEventListener("change", chooseEnvironment);
elementOf("settings", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  act();
});
elementOf("restart", HTMLButtonElement).addEventListener("click", start);
elementOf("save-onnx", HTMLButtonElement).addEventListener("click", () => send({ kind: "save", format: "onnx" }));
elementOf("save-checkpoint", HTMLButtonElement).addEventListener("click", () =>
  send({ kind: "save", format: "checkpoint" }),
);
chooseEnvironment();

/** Does what the main button says. */
function act(): void {
  switch (state.phase) {
    case "ready":
    case "finished":
      start();
      break;
    case "training":
      request({ kind: "stop" });
      break;
    case "stopped":
      request({ kind: "resume" });
      break;
    case "starting":
    case "stopping":
      break;
  }
}

function start(): void {
  const options = form.read();
  if (options === undefined) return;
  const { steps, seed, ...rest } = options;
  update({ kind: "start", steps });
  send({ kind: "start", settings: { environment: choice.value, steps, seed, options: rest } });
}

function request(command: Extract<Request, { kind: "stop" | "resume" }>): void {
  update(command);
  send(command);
}

function receive(message: Message): void {
  update(message);
  switch (message.kind) {
    case "started":
      begin();
      break;
    case "reports":
      plots.add(message.reports);
      break;
    case "played":
      stage.receive(message.moments);
      break;
    case "saved":
      saveFile(message.name, message.bytes);
      break;
    case "failed":
      if (message.option !== undefined) form.showError(message.option, message.message);
      break;
    case "warned":
    case "paused":
    case "evaluated":
      break;
  }
}

/** Shows a run that has begun in the place of the one before. */
function begin(): void {
  const environment = environmentOf(choice.value);
  plots.reset(state.targetSteps, environment.rewardThreshold);
  stage.show(environment);
  stage.play();
}

function update(event: Request | Message): void {
  state = nextState(state, event);
  view.show(state);
  form.enable(state.phase === "ready" || state.phase === "stopped" || state.phase === "finished");
}

/** Another environment is another problem: its own options, and nothing of the run before. */
function chooseEnvironment(): void {
  const environment = environmentOf(choice.value);
  form.show(environment);
  stage.show(environment);
  plots.reset(startingOptions(environment).steps, environment.rewardThreshold);
  update({ kind: "clear" });
}
