def kl_divergence(mu, sigma):
    return '''