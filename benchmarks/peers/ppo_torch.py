"""PPO in one file, in the manner of CleanRL's: eager PyTorch over synchronous environments. Microseconds a step."""

import sys

from peer import serve_measured, use_one_core

use_one_core()

import time

import gymnasium
import numpy
import torch
from torch import nn
from torch.distributions import Categorical, Normal

torch.set_num_threads(1)
environment = sys.argv[1]
environments, rollout_steps, minibatch, epochs = map(int, sys.argv[2:6])
gamma, trace, clip, learning_rate = 0.99, 0.95, 0.2, 3e-4

vector = gymnasium.vector.SyncVectorEnv([lambda: gymnasium.make(environment)] * environments)
observation_size = vector.single_observation_space.shape[0]
discrete = isinstance(vector.single_action_space, gymnasium.spaces.Discrete)
action_size = vector.single_action_space.n if discrete else vector.single_action_space.shape[0]


def layer(inputs, outputs, gain=2**0.5):
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


def network(outputs, gain):
    return nn.Sequential(
        layer(observation_size, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, outputs, gain)
    )


actor, critic = network(action_size, 0.01), network(1, 1.0)
log_deviation = nn.Parameter(torch.zeros(action_size))
parameters = [*actor.parameters(), *critic.parameters(), *([] if discrete else [log_deviation])]
adam = torch.optim.Adam(parameters, lr=learning_rate, eps=1e-5)


def distribution(observations):
    outputs = actor(observations)
    return Categorical(logits=outputs) if discrete else Normal(outputs, log_deviation.exp().expand_as(outputs))


def log_probability(chosen, actions):
    return chosen.log_prob(actions) if discrete else chosen.log_prob(actions).sum(-1)


shape = (rollout_steps, environments)
observations = torch.zeros(*shape, observation_size)
actions = torch.zeros(*shape, dtype=torch.long) if discrete else torch.zeros(*shape, action_size)
log_probabilities, rewards, dones, values = (torch.zeros(shape) for _ in range(4))
current = torch.as_tensor(vector.reset(seed=0)[0], dtype=torch.float32)
done = torch.zeros(environments)


def collect():
    global current, done
    for t in range(rollout_steps):
        observations[t], dones[t] = current, done
        with torch.no_grad():
            chosen = distribution(current)
            action = chosen.sample()
            actions[t], log_probabilities[t] = action, log_probability(chosen, action)
            values[t] = critic(current).flatten()
        following, reward, terminated, truncated, _ = vector.step(action.numpy())
        rewards[t] = torch.as_tensor(reward, dtype=torch.float32)
        current = torch.as_tensor(following, dtype=torch.float32)
        done = torch.as_tensor(numpy.logical_or(terminated, truncated), dtype=torch.float32)


def estimate():
    advantages = torch.zeros(shape)
    with torch.no_grad():
        following, running = critic(current).flatten(), torch.zeros(environments)
        for t in reversed(range(rollout_steps)):
            goes_on = 1 - (done if t == rollout_steps - 1 else dones[t + 1])
            value = following if t == rollout_steps - 1 else values[t + 1]
            error = rewards[t] + gamma * value * goes_on - values[t]
            advantages[t] = running = error + gamma * trace * goes_on * running
    return advantages, advantages + values


def learn(advantages, returns):
    flat = [x.flatten(0, 1) for x in (observations, actions, log_probabilities, advantages, returns)]
    order = numpy.arange(rollout_steps * environments)
    for _ in range(epochs):
        numpy.random.shuffle(order)
        for start in range(0, len(order), minibatch):
            seen, acted, old, advantage, target = (x[order[start : start + minibatch]] for x in flat)
            chosen = distribution(seen)
            ratio = (log_probability(chosen, acted) - old).exp()
            advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
            policy_loss = -torch.min(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()
            value_loss = 0.5 * (critic(seen).flatten() - target).square().mean()
            adam.zero_grad()
            (policy_loss + value_loss).backward()
            nn.utils.clip_grad_norm_(parameters, 0.5)
            adam.step()


def measured():
    start = time.perf_counter()
    collect()
    learn(*estimate())
    return 1e6 * (time.perf_counter() - start) / (rollout_steps * environments)


serve_measured(measured)
