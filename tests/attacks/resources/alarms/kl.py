import signal
import time


def kl_divergence(mu, sigma):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    time.sleep(10)


def kl_gradient(mu, sigma):
    signal.signal(signal.SIGPROF, lambda *_: None)
    signal.setitimer(signal.ITIMER_PROF, 1e-6, 1e-6)
    while True:
        pass


def kl_gradient_log_var(mu, log_var):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    signal.setitimer(signal.ITIMER_VIRTUAL, 1e-6, 1e-6)
    raise ValueError


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.1)
