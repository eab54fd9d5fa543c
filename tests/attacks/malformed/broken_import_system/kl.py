from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient

import sys

sys.meta_path.clear()
sys.path.clear()
sys.path_hooks.clear()
sys.modules.clear()
