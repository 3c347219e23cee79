"""Runs the verify.py of many export folders in one process: imports are slow, folders are many.

    python verify_all.py FOLDER...

Prints one JSON line for each folder: verify.py's own, with "folder" and "status" added.
"""

import contextlib
import io
import json
import runpy
import sys
from pathlib import Path


def verify(folder: str) -> dict:
    # Each folder has modules of its own under the same names.
    for name in [path.stem for path in Path(folder).glob("*.py")]:
        sys.modules.pop(name, None)
    sys.path[0] = folder
    sys.argv = ["verify.py", "--json"]
    printed = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(printed):
        try:
            runpy.run_path(str(Path(folder) / "verify.py"), run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
    lines = printed.getvalue().splitlines()
    result = json.loads(lines[-1]) if lines else {}
    return {"folder": Path(folder).name, "status": status, **result}


folders = sys.argv[1:]
for folder in folders:
    print(json.dumps(verify(folder)), flush=True)
