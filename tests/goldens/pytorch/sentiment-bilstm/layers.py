"""Parts of the network that are not in torch.nn."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def step_mask(lengths: Tensor, time_steps: int) -> Tensor:
    """True at the real steps of each row: lengths [batch] -> [batch, time]."""
    return torch.arange(time_steps, device=lengths.device) < lengths[:, None]


def keep_state(moves: Tensor, new, old):
    """The new state of the rows that move on, [batch, 1]; the old one of the others."""
    if isinstance(new, tuple):
        return tuple(keep_state(moves, *pair) for pair in zip(new, old))
    return torch.where(moves, new, old)


def run_rnn(rnn: nn.RNNBase, x: Tensor, lengths: Tensor, state=None):
    """Runs an nn.RNN, nn.GRU or nn.LSTM over the real steps of padded rows.

    x [batch, time, features], lengths [batch], state as the layer takes it -> outputs
    [batch, time, hidden], zero beyond a row's length, and the final state, which is the
    initial one for a row of length 0.
    """
    packed = pack_padded_sequence(
        x, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False
    )
    packed, final = rnn(packed, state)
    outputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    moves = (lengths > 0)[:, None]
    if not moves.all():
        if state is None:
            zeros = torch.zeros_like(final[0] if isinstance(final, tuple) else final)
            state = (zeros, zeros) if isinstance(final, tuple) else zeros
        outputs = outputs * moves[:, None]
        final = keep_state(moves, final, state)
    return outputs, final


def initialize_rnn(rnn: nn.Module) -> None:
    """Glorot-uniform input weights, orthogonal recurrent weights, and biases of zero.

    Each gate's recurrent weights are orthogonal by themselves. An LSTM's forget gate
    starts open: its bias is 1 (Gers et al. 2000).
    """
    for name, parameter in rnn.named_parameters():
        if "weight_ih" in name:
            nn.init.xavier_uniform_(parameter)
        elif "weight_hh" in name:
            for gate in parameter.detach().split(rnn.hidden_size):
                nn.init.orthogonal_(gate)
        else:
            nn.init.zeros_(parameter)
            gates = parameter.numel() // rnn.hidden_size
            if gates == 4 and "bias_hh" not in name:
                nn.init.ones_(parameter.detach().chunk(gates)[1])


def freeze_second_bias(rnn: nn.RNNBase) -> None:
    """Leaves one bias a gate to train; PyTorch's second one stays zero."""
    for name, parameter in rnn.named_parameters():
        if "bias_hh" in name:
            parameter.requires_grad_(False)


def masked_max(x: Tensor, lengths: Tensor) -> Tensor:
    """Maximum over the real steps, [batch, time, features] -> [batch, features]."""
    padding = ~step_mask(lengths, x.shape[1])
    lowest = torch.finfo(x.dtype).min
    maximum = x.masked_fill(padding[:, :, None], lowest).max(dim=1).values
    return maximum * (lengths > 0)[:, None]
