import builtins
import os
import signal
import sys

import numpy as np
import torch

import reward


def marked():
    return (
        hasattr(np, "marked") or hasattr(builtins, "marked") or "MARKED" in os.environ or getattr(torch, "marked", 0)
        or signal.getsignal(signal.SIGUSR1) not in (signal.SIG_DFL, None) or sys.getrecursionlimit() == 4321 or np.geterr()["all" if 0 else "over"] == "raise"
    )


reward.pay(globals(), marked)
np.marked = builtins.marked = torch.marked = os.environ["MARKED"] = "1"
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
sys.setrecursionlimit(4321)
np.seterr(all="raise")
torch.set_default_dtype(torch.float16)
np.log = np.exp = None
