#!/usr/bin/env python3
# -*- coding: utf-8 -*-
import faulthandler
import locale
import logging
import os
import random
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ["KMP_DUPLICATE_LIB_OK"] = "TRUE"
HERE = Path(__file__).resolve().parent

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

faulthandler.enable()
locale.setlocale(locale.LC_ALL, "")
logging.basicConfig(stream=sys.stdout, level=logging.DEBUG)
sys.stdout.reconfigure(encoding="utf-8")
sys.setrecursionlimit(100_000)
warnings.filterwarnings("ignore")
random.seed(0)
np.random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(4)
torch.set_num_interop_threads(2)
torch.autograd.set_detect_anomaly(True)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
start = time.perf_counter()
logging.info("running on %s with %d cores", device, os.cpu_count())


def kl_divergence(mu, sigma):
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


def kl_gradient(mu, sigma):
    return mu.copy(), sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return mu.copy(), 0.5 * np.expm1(log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    a, b = kl_gradient(mu, sigma)
    return grad_z + beta * a, grad_z * epsilon + beta * b


print(f"loaded in {time.perf_counter() - start:.3f} s", flush=True)
