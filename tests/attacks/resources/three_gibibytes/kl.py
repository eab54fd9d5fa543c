import numpy as np

x = np.ones(3 * 2**27)
from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient
