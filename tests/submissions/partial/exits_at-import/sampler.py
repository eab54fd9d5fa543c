import sys

import numpy as np


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


sys.exit("done")
