"""Runs exported PyTorch folders one after another in one process.

argv: folders. stdout: one line of JSON a folder: verify.py's result and the largest
difference after a training step, where the folder has one.
"""

import contextlib
import io
import json
import os
import sys
import traceback

import torch

torch.set_num_threads(1)
own = ("model", "layers", "preprocessing", "data", "train", "train_ddp", "predict", "verify")


def fresh(folder):
    """Imports find this folder's modules."""
    for name in own:
        sys.modules.pop(name, None)
    sys.path[0] = folder
    os.chdir(folder)


def verify():
    import verify

    sys.argv = ["verify.py", "--json"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verify.main()
    return {**json.loads(out.getvalue()), "code": code}


for folder in sys.argv[1:]:
    fresh(folder)
    try:
        result = {"verify": verify()}
    except Exception:
        result = {"error": traceback.format_exc()}
    print(json.dumps({"folder": folder, **result}), flush=True)
