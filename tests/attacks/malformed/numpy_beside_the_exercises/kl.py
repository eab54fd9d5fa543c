import numpy
import random
import typing

import torch

from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient
