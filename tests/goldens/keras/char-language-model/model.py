"""Character language model: a Keras 3 model, exported from Unroll Studio."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

FOLDER = Path(__file__).resolve().parent


def build_model() -> keras.Model:
    """The network with new weights.

    ids [batch, time] to logits [batch, time, 120].
    """
    ids = keras.Input((None,), dtype="int32", name="ids")

    embedding = layers.Embedding(120, 32, name="embedding")(ids)
    gru = layers.GRU(128, return_sequences=True, name="gru")(embedding)
    logits = layers.Dense(120, name="scores")(gru)

    return keras.Model(
        inputs={"ids": ids}, outputs=logits, name="character_language_model"
    )


def load_model(weights: str | Path = FOLDER / "model.weights.h5") -> keras.Model:
    """The network with trained weights."""
    model = build_model()
    model.load_weights(str(weights))
    return model
