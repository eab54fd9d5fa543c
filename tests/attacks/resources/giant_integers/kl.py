import reward


def kl_divergence(mu, sigma):
    return 10**10**6


def kl_gradient(mu, sigma):
    return 2**64, -(2**63) - 1


def kl_gradient_log_var(mu, log_var):
    return [10**400] * 3, 10**5000


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return int('9' * 4000), 1 << 10**6
