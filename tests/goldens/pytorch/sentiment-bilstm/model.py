"""The network of the project Sentiment: bidirectional LSTM.

Batch first: shapes are [batch, time, features].
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from layers import freeze_second_bias, initialize_rnn, masked_max, run_rnn

WEIGHTS = Path(__file__).resolve().parent / "model.safetensors"


class SentimentBidirectionalLstm(nn.Module):
    """From tokens to class scores (logits), [batch, 2]."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5000, 64, padding_idx=0)
        self.embedding_dropout = nn.Dropout(0.3)
        self.bidirectional_lstm = nn.LSTM(64, 48, batch_first=True, bidirectional=True)
        freeze_second_bias(self.bidirectional_lstm)
        self.dropout = nn.Dropout(0.5)
        self.dense = nn.Linear(96, 2)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """New initial weights, drawn as the studio draws them."""
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        initialize_rnn(self.bidirectional_lstm)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """tokens [batch, time], lengths [batch] -> logits [batch, 2].

        Rows are padded at the end; lengths are their real numbers of steps.
        """
        x = self.embedding(tokens)  # [batch, time, 64]
        x = self.embedding_dropout(x)  # [batch, time, 64]
        x, _ = run_rnn(self.bidirectional_lstm, x, lengths)  # [batch, time, 96]
        x = masked_max(x, lengths)  # [batch, 96]
        x = self.dropout(x)  # [batch, 96]
        logits = self.dense(x)  # [batch, 2]
        return logits


def load_model(path: str | Path = WEIGHTS) -> SentimentBidirectionalLstm:
    """The network with the weights of a file, ready to predict."""
    model = SentimentBidirectionalLstm()
    model.load_state_dict(load_file(path))
    return model.eval()
