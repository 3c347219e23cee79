"""Weather forecast: a Keras 3 model, exported from Unroll Studio."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

FOLDER = Path(__file__).resolve().parent


def build_model() -> keras.Model:
    """The network with new weights.

    features [batch, time, features] to logits [batch, 3].
    """
    features = keras.Input((None, 4), name="features")

    gru = layers.GRU(32, name="gru")(features)
    logits = layers.Dense(3, name="dense")(gru)

    return keras.Model(
        inputs={"features": features}, outputs=logits, name="weather_forecast"
    )


def load_model(weights: str | Path = FOLDER / "model.weights.h5") -> keras.Model:
    """The network with trained weights."""
    model = build_model()
    model.load_weights(str(weights))
    return model
