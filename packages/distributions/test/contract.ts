import { describe } from "vitest";
import { derivativeLaws } from "./contract/derivatives.js";
import { divergenceLaws } from "./contract/divergence.js";
import { informationLaws } from "./contract/information.js";
import { integralLaws } from "./contract/integrals.js";
import { precisionLaws } from "./contract/precision.js";
import { refusals } from "./contract/refusals.js";
import { samplingLaws } from "./contract/sampling.js";
import { shapeLaws } from "./contract/shapes.js";
import { supportLaws } from "./contract/support.js";
import { has } from "./harness.js";
import type { Subject } from "./harness.js";

/** The laws of every distribution. Each family's test file runs them. */
export function distributionContract(subject: Subject): void {
  describe(`${subject.name} is a distribution`, () => {
    shapeLaws(subject);
    supportLaws(subject);
    samplingLaws(subject);
    if (subject.grid !== undefined) integralLaws(subject, subject.grid);
    if (has(subject, "kl")) divergenceLaws(subject);
    informationLaws(subject);
    derivativeLaws(subject);
    precisionLaws(subject);
    refusals(subject);
  });
}
