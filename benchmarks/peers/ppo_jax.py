"""PPO on CartPole-v1 with environment, rollout and updates in one jitted function, in the manner of PureJaxRL.

The microseconds that it answers with are those of one environment step; compilation comes before.
"""

import sys
import time

from peer import serve_measured, use_one_core

use_one_core()

import jax
import jax.numpy as jnp

from cart_pole import first_states, observe, step_environments
from ppo_update import apply, initial_state, update

environments, rollout_steps, minibatch, epochs, rollouts = map(int, sys.argv[1:6])
transitions = environments * rollout_steps


def act_and_step(carry, key):
    parameters, states = carry
    action_key, reset_key = jax.random.split(key)
    observation = observe(states)
    log_probabilities = jax.nn.log_softmax(apply(parameters["actor"], observation))
    action = jax.random.categorical(action_key, log_probabilities)
    states, terminated, truncated, final = step_environments(reset_key, states, action)
    seen = {
        "observation": observation,
        "action": action,
        "old_log_probability": jnp.take_along_axis(log_probabilities, action[:, None], 1)[:, 0],
        "value": apply(parameters["critic"], observation)[:, 0],
        "next_value": apply(parameters["critic"], final)[:, 0] * (1 - terminated),
        "done": jnp.maximum(terminated, truncated),
    }
    return (parameters, states), seen


def advantages(seen):
    def back(advantage, now):
        delta = 1 + 0.99 * now["next_value"] - now["value"]
        advantage = delta + 0.99 * 0.95 * (1 - now["done"]) * advantage
        return advantage, advantage

    return jax.lax.scan(back, jnp.zeros(environments), seen, reverse=True)[1]


def epoch(carry, key):
    state, batch = carry
    order = jax.random.permutation(key, transitions)
    shuffled = jax.tree.map(lambda x: x[order].reshape((transitions // minibatch, minibatch) + x.shape[1:]), batch)
    state, _ = jax.lax.scan(lambda s, b: update(s, b, entropy_weight=0.0), state, shuffled)
    return (state, batch), None


def iteration(carry, key):
    state, states = carry
    rollout_key, epochs_key = jax.random.split(key)
    (_, states), seen = jax.lax.scan(act_and_step, (state[0], states), jax.random.split(rollout_key, rollout_steps))
    advantage = advantages(seen)
    batch = {name: seen[name] for name in ("observation", "action", "old_log_probability")}
    batch |= {"advantage": advantage, "value_target": advantage + seen["value"]}
    batch = jax.tree.map(lambda x: x.reshape((transitions,) + x.shape[2:]), batch)
    (state, _), _ = jax.lax.scan(epoch, (state, batch), jax.random.split(epochs_key, epochs))
    return (state, states), seen["done"].sum()


def train(key):
    network_key, reset_key, key = jax.random.split(key, 3)
    carry = initial_state(network_key, 64), first_states(reset_key, environments)
    return jax.lax.scan(iteration, carry, jax.random.split(key, rollouts))


compiled = jax.jit(train).lower(jax.random.key(0)).compile()
seed = 0


def measured():
    global seed
    seed += 1
    start = time.perf_counter()
    jax.block_until_ready(compiled(jax.random.key(seed)))
    return 1e6 * (time.perf_counter() - start) / (rollouts * transitions)


serve_measured(measured)
