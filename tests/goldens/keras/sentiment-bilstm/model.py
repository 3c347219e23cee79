"""Sentiment: bidirectional LSTM: a Keras 3 model, exported from Unroll Studio."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers, ops

FOLDER = Path(__file__).resolve().parent


@keras.saving.register_keras_serializable(package="unroll")
class MaxOverTime(layers.Layer):
    """Maximum over the real steps: [batch, time, features] to [batch, features].

    A row without steps gives zeros.
    """

    def call(self, sequence, mask):
        mask = ops.expand_dims(mask, -1)
        maximum = ops.max(ops.where(mask, sequence, -1e30), axis=1)
        return ops.where(ops.any(mask, axis=1), maximum, 0.0)

    def compute_mask(self, inputs, mask=None):
        return None


def build_model() -> keras.Model:
    """The network with new weights.

    ids [batch, time] and lengths [batch] to logits [batch, 3].
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    lengths = keras.Input((), dtype="int32", name="lengths")
    # True at the steps of a row that are not padding, [batch, time].
    mask = ops.cumsum(ops.ones_like(ids), axis=1) <= ops.expand_dims(lengths, 1)

    embedding = layers.Embedding(120, 64, name="embedding")(ids)
    embedding_dropout = layers.Dropout(0.3, name="embedding_dropout")(embedding)
    bidirectional_lstm = layers.Bidirectional(
        layers.LSTM(48, return_sequences=True),
        merge_mode="concat",
        name="bidirectional_lstm",
    )(embedding_dropout, mask=mask)
    pool_over_time = MaxOverTime(name="pool_over_time")(bidirectional_lstm, mask=mask)
    dropout = layers.Dropout(0.5, name="dropout")(pool_over_time)
    logits = layers.Dense(3, name="dense")(dropout)

    return keras.Model(
        inputs={"ids": ids, "lengths": lengths},
        outputs=logits,
        name="sentiment_bidirectional_lstm",
    )


def load_model(weights: str | Path = FOLDER / "model.weights.h5") -> keras.Model:
    """The network with trained weights."""
    model = build_model()
    model.load_weights(str(weights))
    return model
