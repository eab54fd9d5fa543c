import threading
import time

import numpy as np

HANDED = []


def change():
    while True:
        for array in HANDED:
            array += 1.0
        time.sleep(0.001)


threading.Thread(target=change, daemon=True).start()


def hand_out(shape):
    array = np.zeros(shape)
    HANDED.append(array)
    return array


def kl_divergence(mu, sigma):
    return hand_out(np.shape(mu)[:-1])


def kl_gradient(mu, sigma):
    return hand_out(np.shape(mu)), hand_out(np.shape(mu))


kl_gradient_log_var = kl_gradient


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return hand_out(np.shape(mu)), hand_out(np.shape(mu))
