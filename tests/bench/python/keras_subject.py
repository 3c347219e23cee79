"""The benchmark's TensorFlow subject (Keras 3 or tf.keras): recurrent cases on the CPU.

Answers requests, one JSON object a line; see subject/protocol.ts. Weights have Keras' own layout.
"""

import json
import os
import resource
import sys
import time
import traceback

channel = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a library prints goes to standard error
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf


class Unsupported(Exception):
    pass


def read_arrays(path):
    raw = np.fromfile(path + ".bin", dtype=np.float32)
    with open(path + ".json") as index:
        arrays = {}
        for entry in json.load(index):
            values = raw[entry["offset"] : entry["offset"] + entry["length"]]
            arrays[entry["name"]] = values.view(np.int32) if entry["type"] == "i32" else values
        return arrays


def write_arrays(path, arrays):
    index, offset = [], 0
    with open(path + ".bin", "wb") as data:
        for name, value in arrays.items():
            value = np.ascontiguousarray(value.numpy(), dtype=np.float32)
            data.write(value.tobytes())
            index.append({"name": name, "type": "f32", "offset": offset, "length": value.size})
            offset += value.size
    with open(path + ".json", "w") as file:
        json.dump(index, file)


def make_layer(spec):
    units, variant = spec["units"], spec["variant"]
    options = {"return_sequences": spec["pass"] != "step", "return_state": True}
    if variant == "lstm":
        return tf.keras.layers.LSTM(units, unit_forget_bias=False, **options)
    if variant.startswith("gru"):
        return tf.keras.layers.GRU(units, reset_after=variant == "gru-after", **options)
    return tf.keras.layers.SimpleRNN(units, activation=variant[4:], **options)


class Recurrent:
    def __init__(self, spec, arrays):
        if spec["kind"] != "recurrent":
            raise Unsupported("the Keras subject runs recurrent cases only")
        if spec["lengths"] is not None:
            raise Unsupported("Keras does not pack on the CPU")
        self.spec = spec
        batch, steps, units = spec["batch"], spec["timeSteps"], spec["units"]
        features = spec["features"]
        self.input = tf.constant(arrays["input"].reshape(batch, steps, features))
        layer = make_layer(spec)
        layer.build((batch, steps, features))
        shapes = [weight.shape for weight in layer.weights]
        names = ["kernel", "recurrentKernel", "bias"]
        layer.set_weights([arrays[name].reshape(shape) for name, shape in zip(names, shapes)])
        self.weights = list(layer.trainable_weights)
        variables = [getattr(weight, "value", weight) for weight in self.weights]
        variables = [value() if callable(value) else value for value in variables]
        states = [arrays.get("initial h"), arrays.get("initial c")]
        states = [tf.constant(s.reshape(batch, units)) for s in states if s is not None]

        if spec["pass"] != "train":
            self.compute = tf.function(lambda: layer(self.input, initial_state=states or None))
            return
        upstream = tf.constant(arrays["upstream"].reshape(batch, steps, units))

        @tf.function
        def gradients():
            with tf.GradientTape() as tape:
                tape.watch(self.input)
                sequence = layer(self.input)[0]
            wanted = [self.input, *layer.trainable_weights]
            wanted = [getattr(weight, "value", weight) for weight in wanted]
            return sequence, tape.gradient(sequence, wanted, upstream)

        self.compute = gradients

    def run(self):
        outputs = self.compute()
        first = outputs[0]
        return first.numpy() if self.spec["pass"] != "train" else outputs

    def results(self):
        states = ["h", "c"] if self.spec["cell"] == "lstm" else ["h"]
        if self.spec["pass"] == "train":
            sequence, gradients = self.compute()
            names = ["d input", "d kernel", "d recurrentKernel", "d bias"]
            return {"sequence": sequence, **dict(zip(names, gradients))}
        output, *final = self.compute()
        first = {"sequence": output} if self.spec["pass"] == "forward" else {}
        return {**first, **dict(zip(states, final))}


class Subject:
    def __init__(self):
        self.case = None

    def open(self, request):
        threads = request["threads"]
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        name = f"{threads} thread{'' if threads == 1 else 's'}"
        return {"answer": "opened", "name": name, "version": f"tensorflow {tf.__version__}"}

    def prepare(self, request):
        if request["double"]:
            raise Unsupported("float32 only")
        self.case = None
        case = Recurrent(request["spec"], read_arrays(request["inputs"]))
        write_arrays(request["outputs"], case.results())
        self.case = case
        return {"answer": "done"}

    def time(self, request):
        start = time.perf_counter()
        for _ in range(request["iterations"]):
            self.case.run()
        seconds = time.perf_counter() - start
        return {"answer": "timed", "milliseconds": 1000 * seconds / request["iterations"]}

    def matmul(self, request):
        size, best = request["size"], float("inf")
        a = tf.random.normal((size, size))
        for _ in range(6):
            start = time.perf_counter()
            tf.matmul(a, a)
            best = min(best, time.perf_counter() - start)
        return {"answer": "speed", "gflops": 2 * size**3 / best / 1e9}

    def memory(self, _):
        return {"answer": "bytes", "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}

    def release(self, _):
        self.case = None
        return {"answer": "done"}


subject = Subject()
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = getattr(subject, request["ask"])(request)
    except Unsupported as error:
        answer = {"answer": "unsupported", "reason": str(error)}
    except Exception:
        answer = {"answer": "failed", "message": traceback.format_exc()}
    print(json.dumps(answer), file=channel, flush=True)
