import ctypes
import time


def kl_divergence(mu, sigma):
    ctypes.CDLL(None).prctl(15, ctypes.c_char_p(b"\xff\xfe) R"), 0, 0, 0)
    time.sleep(60)
