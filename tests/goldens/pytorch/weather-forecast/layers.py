"""Parts of the network that are not in torch.nn."""

from __future__ import annotations

from torch import nn


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
