import os
import sys


def kl_divergence(mu, sigma):
    os.execv("/bin/sh", ["sh", "-c", "echo out > /tmp/escaped"])


def kl_gradient(mu, sigma):
    os.execve(sys.executable, [sys.executable, "-c", "print(1)"], {"LD_PRELOAD": "/tmp/evil.so", "PYTHONPATH": "/tmp"})


def kl_gradient_log_var(mu, log_var):
    for path in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"):
        if os.path.exists(path):
            os.execv(path, [path, "/bin/true"])
    raise FileNotFoundError


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    os.execvp("python3", ["python3", "-c", "import time; time.sleep(60)"])
