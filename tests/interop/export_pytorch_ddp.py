"""One of the processes that train an exported folder together.

argv: a folder with `step/`. torchrun's variables are in the environment. Three updates, on
all rows of the batch, on five and on one (fewer than there are processes), with
train_ddp.py's share_step; rank 0 repeats them alone with train.py's train_step and prints
{"shared": losses, "alone": losses, "difference": of the weights, relative to their change}.
"""

import json
import sys

import torch
import torch.distributed as dist
from export_pytorch import batch_of, enter
from safetensors.torch import load_file
from torch.nn.parallel import DistributedDataParallel

torch.set_num_threads(1)


def updates(model, step, batch):
    import train

    optimizer = train.build_optimizer(model)
    wrapped = DistributedDataParallel(model) if step.__name__ == "share_step" else model
    parts = [batch, type(batch)(*(t[:5] for t in batch)), type(batch)(*(t[:1] for t in batch))]
    losses = [step(wrapped, optimizer, part) for part in parts]
    return losses, {name: value.clone() for name, value in model.state_dict().items()}


def main():
    enter(sys.argv[1])
    import model
    import train
    import train_ddp

    batch = batch_of(load_file("step/batch.safetensors"))
    dist.init_process_group("gloo")
    shared, weights = updates(model.load_model().train(), train_ddp.share_step, batch)
    if dist.get_rank() == 0:
        before = model.load_model().state_dict()
        alone, expected = updates(model.load_model().train(), train.train_step, batch)
        change = max(float((expected[n] - before[n]).abs().max()) for n in expected)
        off = max(float((weights[n] - expected[n]).abs().max()) for n in expected)
        print(json.dumps({"shared": shared, "alone": alone, "difference": off / change}))
    dist.destroy_process_group()


main()
