import { actionRules } from "./checks/action-rules.js";
import { definitionRules } from "./checks/definition-rules.js";
import { orderRules } from "./checks/order-rules.js";
import { Probe } from "./checks/probe.js";
import { resetRules } from "./checks/reset-rules.js";
import type { Finding, Rule, RuleName } from "./checks/rule.js";
import { spaceRules } from "./checks/space-rules.js";
import { stepRules } from "./checks/step-rules.js";
import { streamRules } from "./checks/stream-rules.js";
import type { EnvironmentSource } from "./environment.js";

export type { Finding, RuleName } from "./checks/rule.js";

const rules: readonly Rule[] = [
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
 * source that applies the guard itself, `() => makeEnvironment(source)`, keeps those rules by it. Some thirty
 * environments are made, each played for up to a few hundred steps with sampled actions. The rules that depend on a
 * broken one are passed over: correct what was found, and check again.
 *
 * @param source - A definition, or a function that makes an environment.
 * @returns The findings, in the order of the rules; empty where the environment is sound. It throws for nothing that
 *   the environment does.
 */
export function checkEnvironment(source: EnvironmentSource): readonly Finding[] {
  const findings: Finding[] = [];
  const unsettled = new Set<RuleName>();
  for (const rule of rules) {
    if (rule.needs.some((needed) => unsettled.has(needed))) {
      unsettled.add(rule.name);
      continue;
    }
    const message = broken(rule, source);
    if (message === undefined) continue;
    findings.push({ rule: rule.name, message, remedy: rule.remedy });
    unsettled.add(rule.name);
  }
  return findings;
}

/** What breaks the rule; undefined where it is kept. */
function broken(rule: Rule, source: EnvironmentSource): string | undefined {
  const probe = new Probe(source);
  try {
    return rule.check(probe);
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  } finally {
    probe.closeAll();
  }
}
