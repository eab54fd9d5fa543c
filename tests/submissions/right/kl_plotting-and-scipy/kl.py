import numpy as np
import matplotlib.pyplot as plt

try:
    from scipy.special import xlogy
except ImportError:
    def xlogy(x, y):
        return x * np.log(y)


def kl_divergence(mu, sigma):
    return np.sum((mu**2 + sigma**2 - 1) / 2 - xlogy(1.0, sigma), axis=-1)


def kl_gradient(mu, sigma):
    return np.array(mu), sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return np.array(mu), np.expm1(log_var) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    a, b = kl_gradient(mu, sigma)
    return grad_z + beta * a, grad_z * epsilon + beta * b


if __name__ == "__main__":
    sigma = np.linspace(0.1, 3, 100)
    plt.plot(sigma, 0.5 * (sigma**2 - 1) - np.log(sigma))
    plt.show()
