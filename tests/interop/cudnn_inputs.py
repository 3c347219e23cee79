"""What Keras hands TensorFlow's CudnnRNNV3: Keras' own preparation runs, the op itself is caught.

Reads a JSON list of cases (cudnn.test.ts: KerasCase) from stdin and prints a JSON object a case. Arrays
are flat, row major.
"""

import json
import sys
from unittest import mock

import numpy as np
import tensorflow as tf
from keras.src.backend.tensorflow.rnn import _cudnn_gru, _cudnn_lstm


def tensor(values, *shape):
    return tf.constant(np.reshape(np.asarray(values, "float32"), shape))


def run(case):
    batch, steps, units = case["batch"], case["timeSteps"], case["units"]
    caught = {}

    def catch(**inputs):
        caught.update(inputs)
        state = tf.zeros([batch, 1, units])
        return tf.zeros([batch, steps, units]), state, state, None, None

    lengths = np.asarray(case["lengths"])
    width = len(case["bias"]) // (2 if case["cell"] == "gru" else 1)
    states = [tensor(state, batch, units) for state in case["states"]]
    common = dict(
        kernel=tensor(case["kernel"], -1, width),
        recurrent_kernel=tensor(case["recurrentKernel"], units, width),
        bias=tensor(case["bias"], *([2, width] if case["cell"] == "gru" else [width])),
        mask=tf.constant(np.arange(steps) < lengths[:, None]),
        time_major=False,
        go_backwards=case["reverse"],
        return_sequences=True,
    )
    x = tensor(case["input"], batch, steps, -1)
    # The wheel without CUDA would skip what is meant for cuDNN.
    cuda = {**tf.sysconfig.get_build_info(), "is_cuda_build": True, "is_rocm_build": False}
    with mock.patch.object(tf.raw_ops, "CudnnRNNV3", catch), mock.patch.object(
        tf.sysconfig, "get_build_info", lambda: cuda
    ):
        if case["cell"] == "gru":
            _cudnn_gru(x, states[0], **common)
        else:
            _cudnn_lstm(x, *states, **common)
    flat = {
        name: np.asarray(caught[name]).flatten().tolist()
        for name in ["input", "input_h", "input_c", "params", "sequence_lengths"]
    }
    shapes = {name: list(np.shape(caught[name])) for name in ["input", "input_h"]}
    return {**flat, "shapes": shapes, "rnn_mode": caught["rnn_mode"], "time_major": caught["time_major"]}


for case in json.load(sys.stdin):
    print(json.dumps(run(case)))
