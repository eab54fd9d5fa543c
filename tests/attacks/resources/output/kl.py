import os
import sys


def kl_divergence(mu, sigma):
    for _ in range(1000):
        print('x' * 10**6)
    raise RuntimeError


def kl_gradient(mu, sigma):
    for _ in range(10**6):
        sys.stderr.write('y')
        sys.__stdout__.write('z')
    raise RuntimeError


def kl_gradient_log_var(mu, log_var):
    for descriptor in range(3):
        os.write(descriptor, b'x' * 10**6)
    sys.stdout.write(3)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    sys.stdout.close()
    sys.stdout.buffer.write(b'x')
