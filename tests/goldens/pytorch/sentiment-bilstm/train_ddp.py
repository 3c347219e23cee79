"""Trains on several GPUs or machines: each process takes a share of every batch.

On one machine with four GPUs:

    torchrun --nproc_per_node=4 train_ddp.py

On two machines, started on both in one line:

    torchrun --nnodes=2 --nproc_per_node=4 --rdzv_backend=c10d
        --rdzv_endpoint=FIRST_MACHINE:29500 train_ddp.py

BATCH_SIZE is that of all processes together, so that the updates are train.py's.
"""

from __future__ import annotations

import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from data import Batch, Examples, evaluation_batches
from train import (
    BATCH_SIZE,
    SEED,
    add_up,
    build_model,
    build_optimizer,
    clip_gradients,
    compute_loss,
    describe,
    fit,
    parse_arguments,
    save_weights,
    scores_of,
)


def share_step(
    model: DistributedDataParallel, optimizer: torch.optim.Optimizer, batch: Batch
) -> float:
    """A share of an update. Returns the whole batch's mean loss before it."""
    rank, processes = dist.get_rank(), dist.get_world_size()
    rows = len(batch.targets)
    # A process without a row of its own computes one that counts nothing.
    share = batch.share(rank, processes) if rank < rows else batch.share(0, rows)
    counted = share.predictions if rank < rows else 0
    optimizer.zero_grad()
    # DistributedDataParallel averages gradients over the processes. Weighted like this,
    # the average of the shares' means is the mean of the whole batch.
    weight = counted * processes / batch.predictions
    loss = compute_loss(model, share) * weight
    loss.backward()
    clip_gradients(model)
    optimizer.step()
    mean = loss.detach() / processes
    dist.all_reduce(mean)
    return mean.item()


def share_scores(
    model: DistributedDataParallel, examples: Examples, device: torch.device
) -> dict[str, float]:
    """Scores of all rows: the processes share the batches and add up."""
    batches = evaluation_batches(examples, BATCH_SIZE)
    share = batches[dist.get_rank() :: dist.get_world_size()]
    sums = add_up(model.module, examples, share, device).to(device)
    dist.all_reduce(sums)
    return scores_of(sums)


def main() -> None:
    args = parse_arguments()
    cuda = torch.cuda.is_available()
    dist.init_process_group("nccl" if cuda else "gloo")
    rank = dist.get_rank()
    device = torch.device("cpu")
    if cuda:
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    torch.manual_seed(SEED)
    model = build_model(args.from_exported).to(device)
    parallel = DistributedDataParallel(model)
    # Each process drops units of its own.
    torch.manual_seed(SEED + 1 + rank)
    report = print if rank == 0 else lambda text: None
    fit(
        parallel,
        build_optimizer(model),
        device,
        args.epochs,
        step=share_step,
        score=share_scores,
        report=report,
    )
    report(f"test {describe(share_scores(parallel, Examples('test'), device))}")
    if rank == 0:
        save_weights(model, args.out)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
