"""One PPO update as PyTorch users write it: eager, one Adam over both networks."""

import sys

from peer import serve, use_one_core

use_one_core()

import torch
from torch import nn

torch.set_num_threads(1)
width, minibatch = int(sys.argv[1]), int(sys.argv[2])


def network(outputs):
    return nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, outputs))


torch.manual_seed(0)
actor, critic = network(2), network(1)
parameters = [*actor.parameters(), *critic.parameters()]
optimizer = torch.optim.Adam(parameters, lr=3e-4, eps=1e-5)
observation = torch.randn(minibatch, 4)
action = torch.randint(2, (minibatch,))
old_log_probability = torch.full((minibatch,), -0.6931)
raw_advantage = torch.randn(minibatch)
value_target = torch.randn(minibatch)


def update():
    distribution = torch.distributions.Categorical(logits=actor(observation))
    advantage = (raw_advantage - raw_advantage.mean()) / (raw_advantage.std() + 1e-8)
    ratio = torch.exp(distribution.log_prob(action) - old_log_probability)
    surrogate = torch.min(ratio * advantage, torch.clamp(ratio, 0.8, 1.2) * advantage).mean()
    value_loss = nn.functional.mse_loss(critic(observation).flatten(), value_target)
    loss = -surrogate - 0.01 * distribution.entropy().mean() + 0.5 * value_loss
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()


def step(repeats):
    for _ in range(repeats):
        update()


serve(step)
