"""The network of the project Weather forecast.

Batch first: shapes are [batch, time, features].
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from layers import initialize_rnn

WEIGHTS = Path(__file__).resolve().parent / "model.safetensors"


class WeatherForecast(nn.Module):
    """From features to scaled values, [batch, 7]."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 32, batch_first=True)
        self.dense = nn.Linear(32, 7)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """New initial weights, drawn as the studio draws them."""
        initialize_rnn(self.gru)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, features: Tensor) -> Tensor:
        """features [batch, time, 3] -> logits [batch, 7]."""
        _, h_n = self.gru(features)
        x = h_n[-1]  # [batch, 32]
        logits = self.dense(x)  # [batch, 7]
        return logits


def load_model(path: str | Path = WEIGHTS) -> WeatherForecast:
    """The network with the weights of a file, ready to predict."""
    model = WeatherForecast()
    model.load_state_dict(load_file(path))
    return model.eval()
