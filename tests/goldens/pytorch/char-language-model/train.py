"""Trains the network as the studio trained it.

python train.py begins with new weights, python train.py --from-exported with those of
model.safetensors. The trained weights go to trained.safetensors.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from data import Batch, Examples, epoch_batches, evaluation_batches
from model import CharacterLanguageModel, load_model

EPOCHS = 8
BATCH_SIZE = 32
LEARNING_RATE = 0.004
CLIP_NORM = 1.0
# Epochs without a gain, after which training ends.
PATIENCE = 3
SEED = 42


def choose_device() -> torch.device:
    """The fastest one that there is."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def build_model(from_exported: bool) -> nn.Module:
    """The exported network, or one with new weights."""
    if from_exported:
        return load_model()
    return CharacterLanguageModel()


def build_optimizer(model: nn.Module) -> torch.optim.Optimizer:
    parameters = [p for p in model.parameters() if p.requires_grad]
    return torch.optim.Adam(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)


def build_scheduler(optimizer: torch.optim.Optimizer, total_steps: int):
    """Linear warm-up, then half a cosine over all steps (Loshchilov & Hutter 2017)."""

    def factor(step: int) -> float:
        if step < 50:
            return (step + 1) / 50
        progress = min(1, (step - 50) / max(1, total_steps - 51))
        cosine = (1 + math.cos(math.pi * progress)) / 2
        return 0.05 + 0.95 * cosine

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def loss_of(outputs: Tensor, batch: Batch) -> Tensor:
    """Mean cross-entropy over the steps."""
    logits, targets = outputs.flatten(0, 1), batch.targets.flatten()
    return F.cross_entropy(logits, targets)


def compute_loss(model: nn.Module, batch: Batch) -> Tensor:
    """The batch's mean loss, a scalar."""
    return loss_of(model(batch.tokens), batch)


def clip_gradients(model: nn.Module) -> None:
    """Limits the norm over all parameters (Pascanu et al. 2013)."""
    nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)


def train_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch
) -> float:
    """One update. Returns the batch's mean loss before it."""
    optimizer.zero_grad()
    loss = compute_loss(model, batch)
    loss.backward()
    clip_gradients(model)
    optimizer.step()
    return loss.item()


@torch.no_grad()
def add_up(
    model: nn.Module, examples: Examples, batches: list[list[int]], device: torch.device
) -> Tensor:
    """Sums over batches, without dropout.

    Loss, predictions, right predictions.
    """
    model.eval()
    sums = torch.zeros(3, dtype=torch.float64)
    for numbers in batches:
        batch = examples.batch(numbers).to(device)
        outputs = model(batch.tokens)
        count = batch.predictions
        loss = loss_of(outputs, batch).item() * count
        correct = (outputs.argmax(dim=-1) == batch.targets).sum().item()
        sums += torch.tensor([loss, count, correct], dtype=torch.float64)
    return sums


def scores_of(sums: Tensor) -> dict[str, float]:
    """Mean loss, share of right predictions, and perplexity."""
    loss, count, correct = sums.tolist()
    return {
        "loss": loss / count,
        "accuracy": correct / count,
        "perplexity": math.exp(loss / count),
    }


def evaluate(
    model: nn.Module, examples: Examples, device: torch.device
) -> dict[str, float]:
    """Scores on all windows, without dropout."""
    batches = evaluation_batches(examples, BATCH_SIZE)
    return scores_of(add_up(model, examples, batches, device))


def describe(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in scores.items())


def fit(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    device: torch.device,
    epochs: int = EPOCHS,
    step=train_step,
    score=evaluate,
    report=print,
) -> None:
    """Trains until patience ends, and puts the best epoch's weights back.

    step and score are others where several processes train together.
    """
    train = Examples("train")
    validation = Examples("validation")
    total_steps = epochs * math.ceil(len(train) / BATCH_SIZE)
    scheduler = build_scheduler(optimizer, total_steps)
    best, best_weights, waited = math.inf, None, 0
    for epoch in range(1, epochs + 1):
        model.train()
        total, count = 0.0, 0
        for numbers in epoch_batches(train, BATCH_SIZE, SEED, epoch):
            batch = train.batch(numbers).to(device)
            loss = step(model, optimizer, batch)
            if not math.isfinite(loss):
                raise RuntimeError("The loss is not finite: lower the learning rate.")
            scheduler.step()
            total += loss * batch.predictions
            count += batch.predictions
        scores = score(model, validation, device)
        report(
            f"epoch {epoch}: training loss {total / count:.4f};"
            f" validation {describe(scores)}"
        )
        if scores["loss"] < best:
            best, waited = scores["loss"], 0
            weights = model.state_dict()
            best_weights = {name: value.clone() for name, value in weights.items()}
        else:
            waited += 1
            if waited >= PATIENCE:
                break
    if best_weights is not None:
        model.load_state_dict(best_weights)


def save_weights(model: nn.Module, path: Path) -> None:
    """Writes a file that load_model reads."""
    save_file({name: value.cpu() for name, value in model.state_dict().items()}, path)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from-exported", action="store_true")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=Path("trained.safetensors"))
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    device = choose_device()
    torch.manual_seed(SEED)
    model = build_model(args.from_exported).to(device)
    fit(model, build_optimizer(model), device, args.epochs)
    print(f"test {describe(evaluate(model, Examples('test'), device))}")
    save_weights(model, args.out)


if __name__ == "__main__":
    main()
