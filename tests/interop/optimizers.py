"""Ten steps of each optimizer in PyTorch on the gradients that stand in the input.

stdin:  {"weights": [...], "shapes": [[..], ..], "gradients": [[...] per step], "cases": [...]}
stdout: for each case {"weights": [...], "norms": [...]}: the flat weights after the last step, and the
        norm that clip_grad_norm_ returned at each step (infinite limit where the case has none).
"""

import json
import math
import sys

import torch


def optimizer_of(recipe, parameters):
    kind, lr = recipe["kind"], recipe["learningRate"]
    if kind in ("adam", "adamw"):
        options = dict(lr=lr, betas=(recipe["beta1"], recipe["beta2"]), eps=recipe["epsilon"])
        if kind == "adam":
            return torch.optim.Adam(parameters, **options)
        return torch.optim.AdamW(parameters, weight_decay=recipe["weightDecay"], **options)
    if kind == "sgd":
        return torch.optim.SGD(
            parameters, lr=lr, momentum=recipe["momentum"], nesterov=recipe["nesterov"]
        )
    return torch.optim.RMSprop(
        parameters,
        lr=lr,
        alpha=recipe["decay"],
        eps=recipe["epsilon"],
        momentum=recipe["momentum"],
    )


def split(values, shapes):
    flat = torch.tensor(values, dtype=torch.float32)
    sizes = [math.prod(shape) for shape in shapes]
    return [part.reshape(shape).clone() for part, shape in zip(flat.split(sizes), shapes)]


def run(case, weights, shapes, gradients):
    parameters = [torch.nn.Parameter(p) for p in split(weights, shapes)]
    optimizer = optimizer_of(case["optimizer"], parameters)
    clip = case["clip"]
    norms = []
    for step in gradients:
        for parameter, gradient in zip(parameters, split(step, shapes)):
            # The penalty l2·Σw² has the gradient 2·l2·w.
            parameter.grad = gradient + 2 * case["l2"] * parameter.detach()
        # An infinite limit only measures.
        norms.append(float(torch.nn.utils.clip_grad_norm_(parameters, math.inf)))
        if clip["value"] is not None:
            torch.nn.utils.clip_grad_value_(parameters, clip["value"])
        if clip["norm"] is not None:
            torch.nn.utils.clip_grad_norm_(parameters, clip["norm"])
        optimizer.step()
    flat = torch.cat([p.detach().reshape(-1) for p in parameters])
    return {"weights": flat.tolist(), "norms": norms}


data = json.load(sys.stdin)
print(
    json.dumps(
        [run(case, data["weights"], data["shapes"], data["gradients"]) for case in data["cases"]]
    )
)
