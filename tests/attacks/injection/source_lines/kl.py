def kl_divergence(mu, sigma):
    raise ValueError  # <script>alert(1)</script> [31m ‮ [red] {{ 7*7 }}


kl_gradient = kl_gradient_log_var = kl_divergence


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    kl_divergence(mu, sigma)
