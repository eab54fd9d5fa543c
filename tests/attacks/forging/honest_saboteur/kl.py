from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient

import torch

for name in ("sampler", "backward", "inverse_cdf", "encoder", "implicit"):
    module = __import__(name)
    for key in list(vars(module)):
        if not key.startswith("__"):
            setattr(module, key, None)
torch.exp = torch.randn = None
