import math


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    batch, features, latent = len(x), len(w_mu), len(w_mu[0])

    def forward(w, n, j):
        return sum(float(x[n][i]) * float(w[i][j]) for i in range(features))

    upstream_mu = [[float(grad_z[n][j]) + beta * forward(w_mu, n, j) for j in range(latent)] for n in range(batch)]
    upstream_log_var = []
    for n in range(batch):
        row = []
        for j in range(latent):
            v = forward(w_log_var, n, j)
            row.append(float(grad_z[n][j]) * float(epsilon[n][j]) * math.exp(v / 2) / 2 + beta * (math.exp(v) - 1) / 2)
        upstream_log_var.append(row)

    def weights(upstream):
        return [[math.fsum(float(x[n][i]) * upstream[n][j] for n in range(batch)) for j in range(latent)] for i in range(features)]

    return [weights(upstream_mu), weights(upstream_log_var)]
