"""Trace and compile of the PPO update, in a fresh process."""

import sys

from peer import serve, use_one_core

use_one_core()

import jax

from minibatch import random_minibatch
from ppo_update import initial_state, update

state = jax.block_until_ready(initial_state(jax.random.key(0), int(sys.argv[1])))
batch = jax.block_until_ready(random_minibatch(int(sys.argv[2])))
serve(lambda _: jax.jit(update).lower(state, batch).compile())
