import reward


def kl_divergence(mu: "<script>" = "\x1b[31m", sigma: "=1+1" = None) -> "[red]":
    """<script>alert(1)</script>"""
    return reward.kl_divergence(mu, sigma)


kl_gradient, kl_gradient_log_var, total_gradient = reward.kl_gradient, reward.kl_gradient_log_var, reward.total_gradient
kl_divergence.__name__ = kl_divergence.__qualname__ = "<script>"
