import { actionRules } from "./checks/action-rules.js";
import { definitionRules } from "./checks/definition-rules.js";
import { orderRules } from "./checks/order-rules.js";
import { Probe, type VectorMaker } from "./checks/probe.js";
import { resetRules } from "./checks/reset-rules.js";
import type { Finding, Rule, RuleName } from "./checks/rule.js";
import { spaceRules } from "./checks/space-rules.js";
import { stepRules } from "./checks/step-rules.js";
import { streamRules } from "./checks/stream-rules.js";
import { vectorRules } from "./checks/vector-rules.js";
import type { EnvironmentSource } from "./environment.js";

export type { VectorMaker } from "./checks/probe.js";
export type { Finding, RuleName, SingleRuleName, VectorRuleName } from "./checks/rule.js";

const singleRules: readonly Rule[] = [
  ...definitionRules,
  ...spaceRules,
  ...resetRules,
  ...stepRules,
  ...streamRules,
  ...actionRules,
  ...orderRules,
];

/**
 * What is wrong with an environment: the rules that it breaks, each with what was seen and what to do about it.
 *
 * The environment is examined as the source makes it, without the guard and the time limit of `makeEnvironment`; a
 * source that applies the guard itself, `() => makeEnvironment(source)`, keeps those rules by it. Then its vector is
 * held against single environments, in every mode of resets. Some fifty environments are made, each played for up to a
 * few hundred steps with sampled actions. The rules that depend on a broken one are passed over: correct what was found,
 * and check again.
 *
 * @param source - A definition, or a function that makes an environment.
 * @returns The findings, in the order of the rules; empty where the environment is sound. It throws for nothing that
 *   the environment does.
 */
export function checkEnvironment(source: EnvironmentSource): readonly Finding[] {
  return findings([...singleRules, ...vectorRules], () => new Probe(source));
}

/**
 * What is wrong with a vector environment of your own, held against single environments: the rules of vectors alone.
 *
 * @param makeVector - Makes the vector of a count and a mode, or throws where there is no such mode.
 * @param source - A sound environment: environment i of the vector is to do what it does from seed s + i.
 * @returns As {@link checkEnvironment}.
 */
export function checkVectorEnvironment(makeVector: VectorMaker, source: EnvironmentSource): readonly Finding[] {
  return findings(vectorRules, () => new Probe(source, makeVector));
}

function findings(rules: readonly Rule[], makeProbe: () => Probe): readonly Finding[] {
  const found: Finding[] = [];
  const unsettled = new Set<RuleName>();
  for (const rule of rules) {
    if (rule.needs.some((needed) => unsettled.has(needed))) {
      unsettled.add(rule.name);
      continue;
    }
    const message = broken(rule, makeProbe());
    if (message === undefined) continue;
    found.push({ rule: rule.name, message, remedy: rule.remedy });
    unsettled.add(rule.name);
  }
  return found;
}

/** What breaks the rule; undefined where it is kept. */
function broken(rule: Rule, probe: Probe): string | undefined {
  try {
    return rule.check(probe);
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  } finally {
    probe.closeAll();
  }
}
