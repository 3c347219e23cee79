"""What generated preprocessing.py files make of inputs.

stdin:  [{"folder": ..., "calls": [{"call": "tokenize", "arguments": [[...], ...]}, ...]}, ...]
stdout: {"unassigned": [code points that this Python's Unicode tables do not have],
         "results": for each folder, for each call, its results in order}
"""

import importlib.util
import json
import sys
import unicodedata


def load(folder):
    spec = importlib.util.spec_from_file_location("preprocessing", f"{folder}/preprocessing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(case):
    module = load(case["folder"])
    return [
        [getattr(module, call["call"])(*arguments) for arguments in call["arguments"]]
        for call in case["calls"]
    ]


unassigned = [i for i in range(0x110000) if unicodedata.category(chr(i)) == "Cn"]
print(json.dumps({"unassigned": unassigned, "results": [run(c) for c in json.load(sys.stdin)]}))
