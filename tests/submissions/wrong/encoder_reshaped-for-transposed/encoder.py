import numpy as np
def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    batch, features = x.shape
    mu, log_var = x @ w_mu, x @ w_log_var
    sigma = np.exp(0.5 * log_var)
    g_mu = grad_z + beta * mu
    g_lv = grad_z * epsilon * sigma / 2 + beta * (np.exp(log_var) - 1) / 2
    xt = x.reshape(features, batch)
    return xt @ g_mu, xt @ g_lv
