"""PPO's update in JAX, without a library for networks or optimisers."""

import jax
import jax.numpy as jnp


def network(key, sizes):
    keys = jax.random.split(key, len(sizes) - 1)
    return [
        (jax.random.orthogonal(k, max(m, n))[:m, :n] * jnp.sqrt(2.0), jnp.zeros(n))
        for k, m, n in zip(keys, sizes[:-1], sizes[1:])
    ]


def apply(layers, x):
    for weights, bias in layers[:-1]:
        x = jnp.tanh(x @ weights + bias)
    weights, bias = layers[-1]
    return x @ weights + bias


def initial_state(key, width):
    actor_key, critic_key = jax.random.split(key)
    actor = network(actor_key, (4, width, width, 2))
    actor[-1] = (actor[-1][0] * 0.01, actor[-1][1])
    parameters = {"actor": actor, "critic": network(critic_key, (4, width, width, 1))}
    # Two of them: a donated buffer may be given once only.
    first, second = jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters)
    return parameters, first, second, jnp.zeros((), jnp.int32)


def loss_of(parameters, batch, entropy_weight):
    log_probabilities = jax.nn.log_softmax(apply(parameters["actor"], batch["observation"]))
    log_probability = jnp.take_along_axis(log_probabilities, batch["action"][:, None], 1)[:, 0]
    value = apply(parameters["critic"], batch["observation"])[:, 0]
    advantage = batch["advantage"]
    advantage = (advantage - advantage.mean()) / (advantage.std(ddof=1) + 1e-8)
    ratio = jnp.exp(log_probability - batch["old_log_probability"])
    surrogate = jnp.minimum(ratio * advantage, jnp.clip(ratio, 0.8, 1.2) * advantage).mean()
    entropy = -(jnp.exp(log_probabilities) * log_probabilities).sum(1).mean()
    value_loss = jnp.square(value - batch["value_target"]).mean()
    return -surrogate - entropy_weight * entropy + 0.5 * value_loss


def update(state, batch, learning_rate=3e-4, entropy_weight=0.01):
    """Gradients, clipping of their norm at 0.5, Adam. Returns the next state and the loss."""
    parameters, first, second, count = state
    loss, gradients = jax.value_and_grad(loss_of)(parameters, batch, entropy_weight)
    norm = jnp.sqrt(sum(jnp.square(g).sum() for g in jax.tree.leaves(gradients)))
    gradients = jax.tree.map(lambda g: g * jnp.minimum(1.0, 0.5 / (norm + 1e-6)), gradients)
    count = count + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    first_scale, second_scale = 1 - 0.9**count, 1 - 0.999**count
    parameters = jax.tree.map(
        lambda p, m, v: p - learning_rate * (m / first_scale) / (jnp.sqrt(v / second_scale) + 1e-5),
        parameters,
        first,
        second,
    )
    return (parameters, first, second, count), loss
