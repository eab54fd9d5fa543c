import vae.divergence as d

kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient = d.kl_divergence, d.kl_gradient, d.kl_gradient_log_var, d.total_gradient
