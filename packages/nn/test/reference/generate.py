"""Writes optimizers.json, clipping.json and orthogonal.json: python generate.py (PyTorch and NumPy).

Each file names the versions that wrote it. PyTorch runs in float64 from float32 values.
"""

import json
import pathlib

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent
RUN = f"generate.py, PyTorch {torch.__version__.split('+')[0]} on CPU, NumPy {numpy.__version__}"

OPTIMIZERS = [
    ("adam", {}, torch.optim.Adam, {"lr": 1e-3}),
    (
        "adam",
        {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-5},
        torch.optim.Adam,
        {"lr": 1e-2, "betas": (0.8, 0.95), "eps": 1e-5},
    ),
    ("sgd", {}, torch.optim.SGD, {"lr": 1e-2}),
    ("sgd", {"momentum": 0.9}, torch.optim.SGD, {"lr": 1e-2, "momentum": 0.9}),
    (
        "sgd",
        {"momentum": 0.9, "nesterov": True},
        torch.optim.SGD,
        {"lr": 1e-2, "momentum": 0.9, "nesterov": True},
    ),
    ("rmsProp", {}, torch.optim.RMSprop, {"lr": 1e-3, "alpha": 0.99, "eps": 1e-5}),
    (
        "rmsProp",
        {"decay": 0.9, "epsilon": 1e-8},
        torch.optim.RMSprop,
        {"lr": 1e-2, "alpha": 0.9, "eps": 1e-8},
    ),
]
STATES = {"exp_avg": "firstMoment", "exp_avg_sq": "secondMoment", "square_avg": "secondMoment", "momentum_buffer": "velocity"}


def float32(values):
    return numpy.asarray(values, dtype=numpy.float32).astype(numpy.float64)


def write(name, content):
    lines = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
    (FOLDER / name).write_text("{" + lines + "}\n")


def optimizers(rng):
    initial = float32(rng.standard_normal(5))
    gradients = float32(rng.standard_normal((12, 5)) * [1e-6, 1e-3, 1, 30, 1000])
    cases = []
    for optimizer, options, make, arguments in OPTIMIZERS:
        parameter = torch.tensor(initial, requires_grad=True)
        step = make([parameter], **arguments)
        trajectory = []
        for gradient in gradients:
            parameter.grad = torch.tensor(gradient)
            step.step()
            trajectory.append(parameter.tolist())
        held = step.state[parameter]
        state = {ours: held[theirs].tolist() for theirs, ours in STATES.items() if held.get(theirs) is not None}
        cases.append(
            {
                "optimizer": optimizer,
                "options": {"learningRate": arguments["lr"], **options},
                "parameters": trajectory,
                "state": state,
            }
        )
    write(
        "optimizers.json",
        {"source": RUN, "initial": initial.tolist(), "gradients": gradients.tolist(), "cases": cases},
    )


def clipping(rng):
    cases = []
    for scale, max_norm in [(1, 0.5), (0.01, 0.5), (100, 10), (1, 3), (1e-9, 1e-7)]:
        values = [float32(rng.standard_normal(shape) * scale) for shape in [(2, 3), (3,), ()]]
        parameters = [torch.zeros(value.shape, dtype=torch.float64, requires_grad=True) for value in values]
        for parameter, value in zip(parameters, values):
            parameter.grad = torch.tensor(value)
        norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        cases.append(
            {
                "maxNorm": max_norm,
                "gradients": [value.ravel().tolist() for value in values],
                "norm": norm.item(),
                "clipped": [parameter.grad.flatten().tolist() for parameter in parameters],
            }
        )
    write("clipping.json", {"source": RUN, "shapes": [[2, 3], [3], []], "cases": cases})


def orthogonal():
    """Q of the QR decomposition with R's diagonal positive; the stream is that of Random(seed)."""
    cases = []
    for seed, inputs, outputs, gain in [(1, 4, 3, 1.0), (2, 3, 4, 2**0.5), (3, 5, 5, 0.01)]:
        rng = numpy.random.Generator(numpy.random.PCG64(numpy.random.SeedSequence(seed)))
        short, long = min(inputs, outputs), max(inputs, outputs)
        q, r = numpy.linalg.qr(rng.standard_normal((short, long)).T)
        q = q * numpy.sign(numpy.diag(r))
        kernel = gain * (q if inputs >= outputs else q.T)
        cases.append({"seed": seed, "inputs": inputs, "outputs": outputs, "gain": gain, "kernel": kernel.ravel().tolist()})
    write("orthogonal.json", {"source": RUN, "cases": cases})


if __name__ == "__main__":
    rng = numpy.random.default_rng(20260101)
    optimizers(rng)
    clipping(rng)
    orthogonal()
