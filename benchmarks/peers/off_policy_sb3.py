"""One gradient step of Stable-Baselines3's SAC or TD3 on Pendulum-v1, batch 256; TD3's policy moves at every second one."""

import sys

from peer import serve, use_one_core

use_one_core()

import torch
from stable_baselines3 import SAC, TD3

torch.set_num_threads(1)
algorithm, width = sys.argv[1], int(sys.argv[2])
model = {"sac": SAC, "td3": TD3}[algorithm](
    "MlpPolicy",
    "Pendulum-v1",
    policy_kwargs={"net_arch": [width, width]},
    batch_size=256,
    buffer_size=2000,
    learning_starts=1000,
    seed=0,
    device="cpu",
)
# Fills the buffer, and learns once.
model.learn(1001)


def step(repeats):
    model.train(gradient_steps=repeats, batch_size=256)


serve(step)
