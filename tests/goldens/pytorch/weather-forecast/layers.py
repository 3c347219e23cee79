"""Parts of the network that are not in torch.nn."""

from __future__ import annotations

from torch import nn


def initialize_rnn(rnn: nn.Module) -> None:
    """Glorot-uniform input weights, orthogonal recurrent weights, and biases of zero.

    Each gate's recurrent weights are orthogonal by themselves.
    """
    for name, parameter in rnn.named_parameters():
        if "weight_ih" in name:
            nn.init.xavier_uniform_(parameter)
        elif "weight_hh" in name:
            for gate in parameter.detach().split(rnn.hidden_size):
                nn.init.orthogonal_(gate)
        else:
            nn.init.zeros_(parameter)
