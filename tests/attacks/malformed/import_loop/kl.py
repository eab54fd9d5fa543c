import a
from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient
