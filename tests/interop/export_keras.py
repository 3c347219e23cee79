"""Verifies exported Keras folders, trains them, and takes one step, in one process.

stdin:  {"verify": [folder, ..], "outputs": [..], "step": [..], "train": [..], "masks": [..]}
stdout: one JSON object a line, with the job and the folder that it is of.
"""

import contextlib
import gc
import importlib
import io
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file


def modules_of(folder):
    """An import function for the folder's own modules."""
    own = {path.stem for path in Path(folder).glob("*.py")}
    for name in own:
        sys.modules.pop(name, None)
    sys.path[0] = folder
    keras.backend.clear_session(free_memory=False)
    return importlib.import_module


def verify(folder):
    """What its verify.py finds."""
    return modules_of(folder)("verify").verify()


def outputs(folder):
    """The largest difference, without what else verify.py does."""
    load = modules_of(folder)
    recorded = load_file(f"{folder}/recorded.safetensors")
    network = load("model").load_model()
    theirs = network({tensor.name: recorded[tensor.name] for tensor in network.inputs})
    ours, theirs = recorded["outputs"], keras.ops.convert_to_numpy(theirs)
    if ours.ndim == 3:
        real = np.arange(ours.shape[1]) < recorded["lengths"][:, None]
        ours, theirs = ours[real], theirs[real]
    return {"difference": float(np.abs(ours - theirs).max() / np.abs(ours).max())}


def examples_of(tensors, per_step):
    """(row, target) of each row, as read_examples gives them."""
    rows = tensors.get("ids", tensors.get("features"))
    targets = tensors["targets"]
    for row, length, target in zip(rows, tensors["lengths"], targets):
        if rows.ndim == 2 and targets.ndim == 2:
            target = target[:length] if per_step else target[length - 1]
        yield row[:length], target


def step(folder):
    """One step of train.py: its loss and weights beside those of the engine."""
    load = modules_of(folder)
    model, data, train = load("model"), load("data"), load("train")
    network, expected = model.load_model(), model.load_model(
        f"{folder}/step/model.weights.h5"
    )
    before = network.get_weights()
    tensors = load_file(f"{folder}/step/batch.safetensors")
    per_step = len(network.output.shape) == 3
    batch = data.make_batch(list(examples_of(tensors, per_step)))
    loss_before = train.compute_loss(network, batch)
    loss = train.train_step(network, train.build_optimizer(), batch)
    after, ours = network.get_weights(), expected.get_weights()
    change = [o - b for o, b in zip(ours, before)]
    difference = [a - o for a, o in zip(after, ours)]
    return {
        "loss": loss,
        "loss_before": loss_before,
        "difference": norm(difference) / norm(change),
    }


def norm(arrays):
    """Euclidean, over all."""
    return float(np.sqrt(sum((array.astype("float64") ** 2).sum() for array in arrays)))


def train(folder):
    """What train.py prints, and whether its weights can be loaded."""
    load = modules_of(folder)
    program = load("train")
    weights = f"{folder}/trained.weights.h5"
    sys.argv = ["train.py", "--output", weights]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        program.main()
    load("model").load_model(weights)
    return {"printed": printed.getvalue()}


def masks(folder):
    """Whether the gates of each recurrent cell share their dropout masks."""
    network = modules_of(folder)("model").build_model()
    shared = []
    for layer in network.layers:
        for cell in [layer.cell] if hasattr(layer, "cell") else []:
            for draw in (cell.get_dropout_mask, cell.get_recurrent_dropout_mask):
                drawn = np.stack(
                    [np.asarray(m) for m in draw(np.ones((50, 8), "float32"))]
                )
                share = float((drawn[0] == 0).mean())
                shared.append(
                    {"same": bool((drawn == drawn[0]).all()), "dropped": share}
                )
    return {"shared": shared}


gc.freeze()
jobs = json.load(sys.stdin)
for job in (verify, outputs, step, train, masks):
    name = job.__name__
    # Tracing takes longer than a few calls; training runs as it does for people.
    tf.config.run_functions_eagerly(job is not train)
    for folder in jobs.get(name, []):
        try:
            result = job(folder)
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        print(
            json.dumps({"job": name, "folder": Path(folder).name, **result}), flush=True
        )
