"""The network of the project Character language model.

Batch first: shapes are [batch, time, features].
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from layers import initialize_rnn

WEIGHTS = Path(__file__).resolve().parent / "model.safetensors"


class CharacterLanguageModel(nn.Module):
    """From tokens to next-token scores (logits), [batch, time, 5000]."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5000, 32)
        self.gru = nn.GRU(32, 128, batch_first=True)
        self.scores = nn.Linear(128, 5000)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """New initial weights, drawn as the studio draws them."""
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        initialize_rnn(self.gru)
        nn.init.xavier_uniform_(self.scores.weight)
        nn.init.zeros_(self.scores.bias)

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens [batch, time] -> logits [batch, time, 5000]."""
        x = self.embedding(tokens)  # [batch, time, 32]
        x, _ = self.gru(x)  # [batch, time, 128]
        logits = self.scores(x)  # [batch, time, 5000]
        return logits


def load_model(path: str | Path = WEIGHTS) -> CharacterLanguageModel:
    """The network with the weights of a file, ready to predict."""
    model = CharacterLanguageModel()
    model.load_state_dict(load_file(path))
    return model.eval()
