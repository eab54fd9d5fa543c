"""The numbers of the handout's walk-through, one latent dimension."""

MU = 0.5
SIGMA = 0.8
EPSILON = 1.2
GRAD_Z = 0.3
BETA = 1.0
LOG_VAR = -0.446287102628
Z = 1.46
GRAD_MU = 0.3
GRAD_SIGMA = 0.36
KL = 0.168143551314
KL_GRAD_MU = 0.5
KL_GRAD_SIGMA = -0.45
TOTAL_MU = 0.8
TOTAL_SIGMA = -0.09
