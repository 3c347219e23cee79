"""The benchmark's PyTorch subject: answers requests, one JSON object a line; see subject/protocol.ts.

Weights come and go in Keras' layout: kernels [I, G*H]; LSTM gates i f c o, GRU gates z r h.
"""

import json
import os
import resource
import sys
import time
import traceback

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

CHECKED_STEPS, CHECKED_RATE = 4, 64  # as in subject/training.ts

channel = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a library prints goes to standard error


class Unsupported(Exception):
    pass


def read_arrays(path):
    with open(path + ".json") as index, open(path + ".bin", "rb") as data:
        raw = bytearray(data.read())
        types = {"f32": torch.float32, "i32": torch.int32}
        return {
            entry["name"]: torch.frombuffer(
                raw, dtype=types[entry["type"]], count=entry["length"], offset=4 * entry["offset"]
            ).clone()
            if entry["length"]
            else torch.zeros(0, dtype=types[entry["type"]])
            for entry in json.load(index)
        }


def write_arrays(path, arrays):
    index, offset = [], 0
    with open(path + ".bin", "wb") as data:
        for name, value in arrays.items():
            value = value.detach().to("cpu", torch.float32).contiguous().flatten()
            data.write(value.numpy().tobytes())
            index.append({"name": name, "type": "f32", "offset": offset, "length": value.numel()})
            offset += value.numel()
    with open(path + ".json", "w") as file:
        json.dump(index, file)


def swap_gates(cell, matrix):
    """Between our gate order and PyTorch's, along the first axis: GRU's z and r change places."""
    if cell != "gru":
        return matrix
    z, r, h = matrix.chunk(3, 0)
    return torch.cat([r, z, h], 0)


def to_torch(cell, matrix):
    """[I, G*H] -> [G*H, I]."""
    return swap_gates(cell, matrix.t()).contiguous()


def from_torch(cell, matrix):
    return swap_gates(cell, matrix).t()


def biases_to_torch(cell, bias, reset_after):
    if reset_after:
        ours, state = bias.reshape(2, -1)
        return swap_gates(cell, ours), swap_gates(cell, state)
    return swap_gates(cell, bias), torch.zeros_like(bias)


def biases_from_torch(cell, b_ih, b_hh, reset_after):
    ours = swap_gates(cell, b_ih)
    return torch.cat([ours, swap_gates(cell, b_hh)]) if reset_after else ours


MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}


class Recurrent:
    """One layer over a batch, forward or forward and backward."""

    def __init__(self, spec, arrays, device, dtype):
        if spec["variant"] == "gru-before":
            raise Unsupported("PyTorch's GRU is reset-after")
        self.spec, self.cell = spec, spec["cell"]
        self.after = spec["variant"] == "gru-after"
        batch, steps, units = spec["batch"], spec["timeSteps"], spec["units"]
        features = spec["features"]
        put = lambda value: value.to(device, dtype)
        options = {} if self.cell != "rnn" else {"nonlinearity": spec["variant"][4:]}
        if spec["pass"] == "step":
            self.module = CELLS[self.cell](features, units, **options)
        else:
            self.module = MODULES[self.cell](features, units, batch_first=True, **options)
        self.module = self.module.to(device, dtype)
        b_ih, b_hh = biases_to_torch(self.cell, arrays["bias"], self.after)
        width = b_ih.numel()
        weights = [
            to_torch(self.cell, arrays["kernel"].reshape(features, width)),
            to_torch(self.cell, arrays["recurrentKernel"].reshape(units, width)),
            b_ih,
            b_hh,
        ]
        for own, given in zip(self.module.parameters(), weights):
            assert own.shape == given.shape, (own.shape, given.shape)
            own.data = put(given)
        if hasattr(self.module, "flatten_parameters"):
            self.module.flatten_parameters()
        self.input = put(arrays["input"]).reshape(batch, steps, features)
        self.lengths = None if spec["lengths"] is None else torch.tensor(spec["lengths"])
        if spec["pass"] == "train":
            self.input.requires_grad_()
            self.upstream = put(arrays["upstream"]).reshape(batch, steps, units)
        elif spec["pass"] == "step":
            states = [arrays["initial h"], arrays.get("initial c")]
            states = [put(state).reshape(batch, units) for state in states if state is not None]
            self.input = self.input[:, 0].contiguous()
            self.state = tuple(states) if self.cell == "lstm" else states[0]

    def sequence(self):
        if self.lengths is None:
            return self.module(self.input)
        packed = pack_padded_sequence(
            self.input, self.lengths, batch_first=True, enforce_sorted=False
        )
        sequence, final = self.module(packed)
        steps = self.spec["timeSteps"]
        return pad_packed_sequence(sequence, batch_first=True, total_length=steps)[0], final

    def run(self):
        if self.spec["pass"] == "step":
            with torch.no_grad():
                state = self.module(self.input, self.state)
                # In real time somebody waits for the numbers.
                (state[0] if self.cell == "lstm" else state).cpu()
                return state
        if self.spec["pass"] == "forward":
            with torch.no_grad():
                sequence, final = self.sequence()
                sequence.cpu()
                return sequence, final
        sequence, _ = self.sequence()
        wanted = [self.input, *self.module.parameters()]
        return sequence, torch.autograd.grad(sequence, wanted, self.upstream)

    def results(self):
        names = ["h", "c"] if self.cell == "lstm" else ["h"]
        if self.spec["pass"] == "step":
            state = self.run()
            return dict(zip(names, state if self.cell == "lstm" else [state]))
        if self.spec["pass"] == "forward":
            sequence, final = self.run()
            final = final if self.cell == "lstm" else [final]
            return {"sequence": sequence, **dict(zip(names, final))}
        sequence, (d_input, d_ih, d_hh, d_b_ih, d_b_hh) = self.run()
        return {
            "sequence": sequence,
            "d input": d_input,
            "d kernel": from_torch(self.cell, d_ih),
            "d recurrentKernel": from_torch(self.cell, d_hh),
            "d bias": biases_from_torch(self.cell, d_b_ih, d_b_hh, self.after),
        }


class Operation:
    """Layer norm or scaled dot attention, forward and backward."""

    def __init__(self, spec, arrays, device, dtype):
        self.spec = spec
        shape = spec["batch"], spec["timeSteps"], spec["features"]
        self.names = [name for name in arrays if name != "upstream"]
        put = lambda name, *shape: arrays[name].to(device, dtype).reshape(shape)
        self.inputs = [
            put(name, *(shape if arrays[name].numel() > shape[2] else shape[2:])).requires_grad_()
            for name in self.names
        ]
        self.upstream = put("upstream", *shape)

    def run(self):
        first, second, third = self.inputs
        if self.spec["operation"] == "layer-norm":
            output = F.layer_norm(first, (self.spec["features"],), second, third, 1e-5)
        elif hasattr(F, "scaled_dot_product_attention"):
            output = F.scaled_dot_product_attention(first, second, third)
        else:
            scores = torch.bmm(first, second.transpose(1, 2)) * first.shape[2] ** -0.5
            output = torch.bmm(torch.softmax(scores, -1), third)
        return output, torch.autograd.grad(output, self.inputs, self.upstream)

    def results(self):
        output, gradients = self.run()
        named = {f"d {name}": gradient for name, gradient in zip(self.names, gradients)}
        return {"output": output, **named}


class GruResetBefore(nn.Module):
    """nn.GRU for the GRU of Cho et al. (2014), v1, which it doesn't have. Only checks others."""

    def __init__(self, features, units):
        super().__init__()
        self.weight_ih_l0 = nn.Parameter(torch.empty(3 * units, features))
        self.weight_hh_l0 = nn.Parameter(torch.empty(3 * units, units))
        self.bias_ih_l0 = nn.Parameter(torch.empty(3 * units))
        self.bias_hh_l0 = nn.Parameter(torch.empty(3 * units))

    def forward(self, x):
        units = self.weight_hh_l0.shape[1]
        gates = x @ self.weight_ih_l0.t() + self.bias_ih_l0
        h, outputs = x.new_zeros(x.shape[0], units), []
        rz, n = self.weight_hh_l0.split([2 * units, units])
        for step in gates.unbind(1):
            r, z = torch.sigmoid(step[:, : 2 * units] + h @ rz.t()).chunk(2, 1)
            candidate = torch.tanh(step[:, 2 * units :] + (r * h) @ n.t())
            h = (1 - z) * candidate + z * h
            outputs.append(h)
        return torch.stack(outputs, 1), h


class Network(nn.Module):
    """An example project as somebody writes it in PyTorch: nn modules, packed where rows are padded.

    Covers the ops of the benchmarked examples; a pair of directions becomes one bidirectional module.
    """

    def __init__(self, program, weights):
        super().__init__()
        self.program = program
        self.parts = nn.ModuleDict()
        # Our parameter's id -> how its gradient is read.
        self.gradient_of = {}
        values, offset = {}, 0
        for parameter in program["parameters"]:
            size = 1
            for d in parameter["shape"]:
                size *= d
            values[parameter["id"]] = weights[offset : offset + size].reshape(parameter["shape"])
            offset += size
        self.plan = []
        for op in program["ops"]:
            kind = op["op"]
            if kind == "embedding":
                self.add_embedding(op, values)
            elif kind == "dense":
                self.add_dense(op, values)
            elif kind == "recurrent":
                self.add_recurrent(op, values)
            elif kind == "dropout":
                self.parts[op["node"]] = nn.Dropout(op["rate"])
                self.plan.append((kind, op["node"], [op["input"]], op["output"]))
            elif kind == "merge" and op["mode"] == "concat":
                self.close_pair(op)
            elif kind == "pool-over-time" and op["mode"] == "max":
                self.plan.append((kind, op["node"], [op["input"]], op["output"]))
            elif kind == "input":
                self.tokens = op["output"]
            else:
                raise Unsupported(f"the PyTorch subject has no {kind}")

    def add_embedding(self, op, values):
        table = values[op["table"]]
        part = self.parts[op["node"]] = nn.Embedding(*table.shape)
        part.weight.data = table.clone()
        self.gradient_of[op["table"]] = lambda: part.weight.grad
        self.plan.append(("embedding", op["node"], [op["input"]], op["output"]))

    def add_dense(self, op, values):
        if op["activation"] != "linear":
            raise Unsupported(f"the PyTorch subject has no dense {op['activation']}")
        kernel = values[op["kernel"]]
        part = self.parts[op["node"]] = nn.Linear(*kernel.shape, bias=op["bias"] is not None)
        part.weight.data = kernel.t().contiguous()
        self.gradient_of[op["kernel"]] = lambda: part.weight.grad.t()
        if op["bias"] is not None:
            part.bias.data = values[op["bias"]].clone()
            self.gradient_of[op["bias"]] = lambda: part.bias.grad
        self.plan.append(("dense", op["node"], [op["input"]], op["output"]))

    def add_recurrent(self, op, values):
        cell, after = op["cell"], op["cell"] == "gru" and op["resetAfter"]
        if op["initialState"] or op["bias"] is None or op["recurrentDropout"] or op["dropout"]:
            raise Unsupported("the PyTorch subject has no such recurrent layer")
        kernel = values[op["kernel"]]
        second = op["reverse"]
        if not second:
            pair = any(
                other["op"] == "recurrent" and other["node"] == op["node"] and other["reverse"]
                for other in self.program["ops"]
            )
            if cell == "gru" and not after:
                part = GruResetBefore(kernel.shape[0], op["units"])
            else:
                part = MODULES[cell](
                    kernel.shape[0], op["units"], batch_first=True, bidirectional=pair
                )
            self.parts[op["node"]] = part
            self.plan.append(("recurrent", op["node"], [op["input"]], op["sequence"]))
        part = self.parts[op["node"]]
        suffix = "_l0_reverse" if second else "_l0"
        b_ih, b_hh = biases_to_torch(cell, values[op["bias"]].flatten(), after)
        for name, value in {
            "weight_ih": to_torch(cell, kernel),
            "weight_hh": to_torch(cell, values[op["recurrentKernel"]]),
            "bias_ih": b_ih,
            "bias_hh": b_hh,
        }.items():
            own = getattr(part, name + suffix)
            assert own.shape == value.shape, (own.shape, value.shape)
            own.data = value.clone()
        grad = lambda name: getattr(part, name + suffix).grad
        self.gradient_of[op["kernel"]] = lambda: from_torch(cell, grad("weight_ih"))
        self.gradient_of[op["recurrentKernel"]] = lambda: from_torch(cell, grad("weight_hh"))
        self.gradient_of[op["bias"]] = lambda: biases_from_torch(
            cell, grad("bias_ih"), grad("bias_hh"), after
        )
        if not after:
            # Ours has one bias where PyTorch has two: the second stays zero.
            getattr(part, "bias_hh" + suffix).requires_grad_(False)

    def close_pair(self, op):
        kind, node, inputs, _ = self.plan.pop()
        assert kind == "recurrent", "a merge follows its two directions"
        self.plan.append((kind, node, inputs, op["output"]))

    def forward(self, ids, lengths):
        held = {self.tokens: ids}
        for kind, node, inputs, output in self.plan:
            x = held[inputs[0]]
            if kind == "recurrent":
                if lengths is None:
                    x, _ = self.parts[node](x)
                else:
                    packed = pack_padded_sequence(
                        x, lengths, batch_first=True, enforce_sorted=False
                    )
                    x, _ = self.parts[node](packed)
                    x, _ = pad_packed_sequence(x, batch_first=True, total_length=ids.shape[1])
            elif kind == "pool-over-time":
                if lengths is not None:
                    padded = torch.arange(x.shape[1])[None, :] >= lengths[:, None]
                    x = x.masked_fill(padded.to(x.device)[:, :, None], -1e30)
                x = x.max(1)[0]
            else:
                x = self.parts[node](x)
            held[output] = x
        return held[self.program["head"]["logits"]]


class Training:
    """Optimizer steps over an example's batches, with what the studio reports of each: loss, norm, hits."""

    def __init__(self, spec, arrays, device, dtype):
        self.spec, self.device, self.dtype = spec, device, dtype
        self.weights = arrays["weights"]
        self.batches = [
            (
                arrays[f"ids {i}"].long().reshape(batch["size"], batch["timeSteps"]).to(device),
                arrays[f"lengths {i}"].long() if batch["masked"] else None,
                arrays[f"targets {i}"].long().to(device),
            )
            for i, batch in enumerate(spec["batches"])
        ]
        if spec["recipe"]["clip"]["value"] is not None:
            raise Unsupported("the PyTorch subject does not clip by value")
        if any(parameter["l2"] for parameter in spec["program"]["parameters"]):
            raise Unsupported("the PyTorch subject has no weight penalty")
        self.network, self.optimizer = self.make(self.adam)
        self.steps = 0

    def make(self, optimizer):
        network = Network(self.spec["program"], self.weights).to(self.device, self.dtype)
        for part in network.parts.values():
            if isinstance(part, nn.RNNBase):
                part.flatten_parameters()
        return network, optimizer([p for p in network.parameters() if p.requires_grad])

    def adam(self, parameters):
        recipe = self.spec["recipe"]["optimizer"]
        if recipe["kind"] != "adam":
            raise Unsupported("the PyTorch subject has Adam only")
        betas = (recipe["beta1"], recipe["beta2"])
        return torch.optim.Adam(
            parameters, lr=recipe["learningRate"], betas=betas, eps=recipe["epsilon"]
        )

    def step(self, network, optimizer, i):
        ids, lengths, targets = self.batches[i % len(self.batches)]
        if self.spec["batches"][0]["targets"] == "steps" and lengths is not None:
            raise Unsupported("the PyTorch subject has no masked loss")
        logits = network(ids, lengths)
        logits = logits.reshape(-1, logits.shape[-1])
        loss = F.cross_entropy(logits, targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = 0.0
        limit = self.spec["recipe"]["clip"]["norm"]
        if limit is not None:
            norm = nn.utils.clip_grad_norm_(network.parameters(), limit)
        optimizer.step()
        hits = (logits.argmax(-1) == targets).sum()
        return loss.item(), float(norm), hits.item()

    def run(self):
        self.step(self.network, self.optimizer, self.steps)
        self.steps += 1

    def results(self):
        plain = lambda parameters: torch.optim.SGD(parameters, lr=CHECKED_RATE)
        network, optimizer = self.make(plain)
        without_dropout(network)
        self.step(network, optimizer, 0)
        results = {f"d {name}": read() for name, read in network.gradient_of.items()}
        network, optimizer = self.make(self.adam)
        without_dropout(network)
        steps = [self.step(network, optimizer, i) for i in range(CHECKED_STEPS)]
        results["losses"] = torch.tensor([loss for loss, _, _ in steps])
        results["norms"] = torch.tensor([norm for _, norm, _ in steps])
        return results


def without_dropout(network):
    for part in network.parts.values():
        if isinstance(part, nn.Dropout):
            part.p = 0.0


class Subject:
    def __init__(self):
        self.device, self.case = "cpu", None

    def drain(self):
        if self.device != "cpu":
            torch.cuda.synchronize()

    def open(self, request):
        torch.set_num_threads(request["threads"])
        name = f"{request['threads']} thread{'' if request['threads'] == 1 else 's'}"
        version = f"torch {torch.__version__}"
        _, device = request["subject"].split(":")
        if device != "cpu":
            if not torch.cuda.is_available():
                raise Unsupported("this PyTorch finds no CUDA device")
            self.device = "cuda"
            tf32 = device == "cuda-tf32"
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
            name = torch.cuda.get_device_name() + (" (TF32)" if tf32 else "")
            version += f", cuDNN {torch.backends.cudnn.version()}"
        return {"answer": "opened", "name": name, "version": version}

    def prepare(self, request):
        self.case = None
        spec, arrays = request["spec"], read_arrays(request["inputs"])
        dtype = torch.float64 if request["double"] else torch.float32
        kinds = {"training": Training, "operation": Operation, "recurrent": Recurrent}
        case = kinds[spec["kind"]](spec, arrays, self.device, dtype)
        write_arrays(request["outputs"], case.results())
        self.case = case
        return {"answer": "done"}

    def time(self, request):
        self.drain()
        start = time.perf_counter()
        for _ in range(request["iterations"]):
            self.case.run()
        self.drain()
        seconds = time.perf_counter() - start
        return {"answer": "timed", "milliseconds": 1000 * seconds / request["iterations"]}

    def matmul(self, request):
        size, best = request["size"], float("inf")
        a = torch.randn(size, size, device=self.device)
        for _ in range(6):
            self.drain()
            start = time.perf_counter()
            a @ a
            self.drain()
            best = min(best, time.perf_counter() - start)
        return {"answer": "speed", "gflops": 2 * size**3 / best / 1e9}

    def memory(self, _):
        usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"answer": "bytes", "bytes": usage * (1 if sys.platform == "darwin" else 1024)}

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
