"""One PPO update as one jitted function, its state donated."""

import sys

from peer import serve, use_one_core

use_one_core()

import jax

from minibatch import random_minibatch
from ppo_update import initial_state, update

width, minibatch = int(sys.argv[1]), int(sys.argv[2])
state = initial_state(jax.random.key(0), width)
batch = random_minibatch(minibatch)
compiled = jax.jit(update, donate_argnums=0)


def step(repeats):
    global state
    for _ in range(repeats):
        state, _ = compiled(state, batch)
    jax.block_until_ready(state)


serve(step)
