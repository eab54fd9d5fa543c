import helpers

kl_divergence = kl_gradient = kl_gradient_log_var = total_gradient = helpers.f
