"""Recurrent layers in PyTorch: outputs and every gradient, for comparison with our kernels.

Reads a JSON list of cases from stdin and writes a JSON list of results to stdout, both described in
recurrent.test.ts (TorchCase, TorchResult). Everything is computed in float64. Arrays are flat, row
major. Weights come and go in PyTorch's own layout and gate order.
"""

import json
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def leaf(values, *shape):
    return torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_()


class GruResetBefore:
    """nn.GRU's interface for the GRU of Cho et al. (2014), v1, which nn.GRU doesn't have:
    n = tanh(W_in x + b_in + W_hn (r * h)). Written with torch operations and their autograd."""

    def __init__(self, cells, directions, lengths):
        self.cells, self.directions, self.lengths = cells, directions, lengths

    def direction(self, x, h, w_ih, w_hh, b_ih, backwards):
        steps, units = x.shape[1], h.shape[1]
        outputs = [None] * steps
        for t in reversed(range(steps)) if backwards else range(steps):
            gates = x[:, t] @ w_ih.T + (0 if b_ih is None else b_ih)
            r, z = (
                torch.sigmoid(gates[:, s] + h @ w_hh[s].T)
                for s in (slice(0, units), slice(units, 2 * units))
            )
            n = torch.tanh(gates[:, 2 * units :] + (r * h) @ w_hh[2 * units :].T)
            real = (t < self.lengths).unsqueeze(1)
            h = torch.where(real, (1 - z) * n + z * h, h)
            outputs[t] = torch.where(real, h, torch.zeros_like(h))
        return torch.stack(outputs, 1), h

    def __call__(self, x, h0, backwards=False):
        final = []
        for first in range(0, len(self.cells), self.directions):
            parts = []
            for d in range(self.directions):
                w_ih, w_hh, *biases = self.cells[first + d]
                sequence, h = self.direction(
                    x, h0[first + d], w_ih, w_hh, biases[0] if biases else None, backwards or d == 1
                )
                parts.append(sequence)
                final.append(h)
            x = torch.cat(parts, 2)
        return x, torch.stack(final)


def flipped(x, lengths):
    """Each row's real steps in reverse order; padding stays where it is."""
    steps = torch.arange(x.shape[1]).expand(x.shape[0], -1)
    index = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return x.gather(1, index.unsqueeze(2).expand_as(x))


def run_module(case, cells, x, states, lengths):
    kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[case["cell"]]
    options = {"nonlinearity": case["activation"]} if case["cell"] == "rnn" else {}
    module = kind(
        case["features"],
        case["units"],
        num_layers=len(cells) // case["directions"],
        bidirectional=case["directions"] == 2,
        bias=len(cells[0]) == 4,
        batch_first=True,
        **options,
    )
    parameters = [weight for cell in cells for weight in cell]
    for own, given in zip(module.parameters(), parameters):
        assert own.shape == given.shape, (own.shape, given.shape)
        own.data = given.data
    if case["reverse"]:
        x = flipped(x, lengths)
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    sequence, final = module(packed, tuple(states) if case["cell"] == "lstm" else states[0])
    sequence, _ = pad_packed_sequence(sequence, batch_first=True, total_length=case["timeSteps"])
    if case["reverse"]:
        sequence = flipped(sequence, lengths)
    return sequence, list(final) if case["cell"] == "lstm" else [final], list(module.parameters())


def run(case):
    batch, steps, features = case["batch"], case["timeSteps"], case["features"]
    units, directions = case["units"], case["directions"]
    lengths = torch.tensor(case["lengths"])
    x = leaf(case["input"], batch, steps, features)
    cells = []
    for i, cell in enumerate(case["cells"]):
        width = features if i < directions else units * directions
        cells.append([leaf(cell["w_ih"], -1, width), leaf(cell["w_hh"], -1, units)])
        cells[-1] += [leaf(cell[name], -1) for name in ("b_ih", "b_hh") if name in cell]
    states = [leaf(state, len(cells), batch, units) for state in case["states"]]

    if case["cell"] == "gru" and not case["resetAfter"]:
        sequence, h = GruResetBefore(cells, directions, lengths)(x, states[0], case["reverse"])
        final = [h]
        parameters = [weight for cell in cells for weight in cell]
    else:
        sequence, final, parameters = run_module(case, cells, x, states, lengths)

    loss = torch.zeros(())
    for output, weights in zip([sequence, *final], case["upstream"]):
        if weights is not None:
            loss = loss + (output * torch.tensor(weights, dtype=torch.float64).reshape(output.shape)).sum()
    loss.backward()

    def flat(tensor):
        return (torch.zeros(1) if tensor is None else tensor).detach().flatten().tolist()

    def gradient(tensor):
        return flat(torch.zeros_like(tensor) if tensor.grad is None else tensor.grad)

    names = ["w_ih", "w_hh", "b_ih", "b_hh"][: len(cells[0])]
    gradients = iter(map(gradient, parameters))
    return {
        "sequence": flat(sequence),
        "states": [flat(state) for state in final],
        "input": gradient(x),
        "cells": [{name: next(gradients) for name in names} for _ in cells],
        "initial": [gradient(state) for state in states],
    }


print(json.dumps([run(case) for case in json.load(sys.stdin)]))
