import warnings
warnings.simplefilter("always")
x = 1 is 1
y = "\d"
assert (1, "always true")
warnings.warn("<script>")
from reward import kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient
