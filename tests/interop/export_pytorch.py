"""Runs exported PyTorch folders one after another in one process.

argv: folders. stdout: a line of JSON a folder: what verify.py says, and for a folder with
`step/` the loss of one train_step of train.py on that batch, with the largest difference of
the weights after it from ours, relative to the largest change of a weight.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

torch.set_num_threads(1)
OWN = ("model", "layers", "preprocessing", "data", "train", "train_ddp", "predict", "verify")


def enter(folder):
    """Imports find this folder's modules."""
    for name in OWN:
        sys.modules.pop(name, None)
    sys.path[0] = folder
    os.chdir(folder)


def verify():
    import verify

    sys.argv = ["verify.py", "--json"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verify.main()
    return {**json.loads(out.getvalue()), "code": code}


def batch_of(tensors):
    """Our batch as data.py's class."""
    import data

    fields = data.Batch._fields
    targets = tensors["targets"]
    if targets.dtype == torch.int32:
        targets = targets.long()
    if hasattr(data, "IGNORED"):
        real = torch.arange(targets.shape[1]) < tensors["lengths"][:, None]
        targets = targets.masked_fill(~real, data.IGNORED)
    elif "lengths" not in fields and targets.dim() == 2 and "tokens" in fields:
        import model

        shape = model.load_model()(tensors["ids"]).shape
        targets = targets if len(shape) == 3 else targets[:, -1]
    given = {
        "tokens": tensors.get("ids"),
        "features": tensors.get("features"),
        "lengths": tensors["lengths"].long(),
        "targets": targets,
        "persistence": torch.zeros_like(targets),
    }
    return data.Batch(*(given[field] for field in fields))


def step():
    import model
    import train

    network = model.load_model()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    batch = batch_of(load_file("step/batch.safetensors"))
    loss = train.train_step(network, train.build_optimizer(network), batch)
    after = load_file("step/model.safetensors")
    assert network.state_dict().keys() == after.keys()
    theirs = network.state_dict()
    change = max(float((after[name] - before[name]).abs().max()) for name in after)
    off = {name: float((theirs[name] - after[name]).abs().max()) / change for name in after}
    worst = max(off, key=lambda name: off[name])
    return {"loss": loss, "difference": off[worst], "worst": worst}


def main():
    for folder in sys.argv[1:]:
        enter(folder)
        result = {"folder": folder, "verify": verify()}
        if Path("step").exists():
            result["step"] = step()
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
