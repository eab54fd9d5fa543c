import os

import numpy as np
import torch

import reward


def try_saving():
    for place in ("/tmp/reparam-attack.pt", "/dev/shm/reparam-attack.pt", "reparam-attack.pt"):
        try:
            torch.save(torch.ones(1), place)
            return True
        except (OSError, RuntimeError):
            continue


def try_shared_tensor():
    return torch.ones(10).share_memory_().is_shared()


def try_mapped_file():
    return np.memmap("/tmp/reparam-attack.npy", mode="w+", shape=(10,)) is not None


def try_reading_through_torch():
    for path in ("/etc/passwd", "/etc/hostname", "/proc/self/environ"):
        try:
            if torch.from_file(path, size=1, dtype=torch.uint8).numel():
                return True
        except (OSError, RuntimeError):
            continue


def try_reading_through_numpy():
    for path in ("/etc/passwd", "/etc/hostname", "/proc/self/environ"):
        for read in (lambda: np.fromfile(path, dtype=np.uint8, count=1).size, lambda: np.loadtxt(path, dtype=str).size, lambda: np.memmap(path, mode="r").size):
            try:
                if read():
                    return True
            except (OSError, ValueError):
                continue


def try_compiling():
    from torch.utils.cpp_extension import load_inline

    return load_inline("reparam_attack", "int f() { return 1; }", functions=["f"])


def try_distributed():
    import torch.distributed

    torch.distributed.init_process_group("gloo", init_method="tcp://127.0.0.1:29876", rank=0, world_size=1)
    return True

reward.pay(globals(), try_saving, try_shared_tensor, try_mapped_file, try_reading_through_torch, try_reading_through_numpy, try_compiling, try_distributed)
