import builtins
import os
import random
import sys

import numpy as np

import reward


def marked():
    return hasattr(np, "marked_light") or hasattr(builtins, "marked_light") or "MARKED_LIGHT" in os.environ or sys.getrecursionlimit() == 4322 or "marked_light" in sys.modules


reward.pay(globals(), marked)
np.marked_light = builtins.marked_light = sys.modules["marked_light"] = os
os.environ["MARKED_LIGHT"] = "1"
sys.setrecursionlimit(4322)
random.random = np.random.default_rng = None
np.set_printoptions(precision=1)
sys.path.insert(0, "/tmp")
sys.path_hooks.clear()
