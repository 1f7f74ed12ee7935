"""Makes `import torch` work where LibTorch is set up for the CPU alone: its Python library wants libraries of CUDA that
nothing here calls. Empty ones stand in for those that are missing."""

import ctypes
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def missing_libraries():
    library = Path(importlib.util.find_spec("torch").origin).parent / "lib" / "libtorch_python.so"
    needed = subprocess.run(["ldd", library], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in needed.splitlines() if "not found" in line}


def stand_in(name, folder):
    file = Path(folder) / name
    subprocess.run(["cc", "-shared", "-o", file, f"-Wl,-soname,{name}", "-x", "c", os.devnull], check=True)
    ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL)


def import_torch():
    with tempfile.TemporaryDirectory() as folder:
        for name in missing_libraries():
            stand_in(name, folder)
        flags = sys.getdlopenflags()
        sys.setdlopenflags(os.RTLD_LAZY | os.RTLD_GLOBAL)  # functions that are not there are found missing when called
        try:
            import torch  # noqa: F401
        finally:
            sys.setdlopenflags(flags)


import_torch()
