"""What there is to do: for each file its functions, and the section of the handout that each is about."""

TASKS = {
    "sampler": {
        "reparameterize": "The trick",
        "sample": "Why the distribution is unchanged",
        "rsample": "The two graphs",
    },
    "backward": {
        "reparameterize_backward": "The local gradients",
        "Reparameterize": "The same in torch",
    },
    "kl": {
        "kl_divergence": "The KL term",
        "kl_gradient": "The KL gradient",
        "kl_gradient_log_var": "The KL gradient",
        "total_gradient": "The total gradient",
    },
    "inverse_cdf": {
        "exponential_icdf": "Inverse CDFs",
        "logistic_icdf": "Inverse CDFs",
        "laplace_icdf": "The tails",
        "kumaraswamy_icdf": "The tails",
        "sample_inverse_cdf": "Sampling with an inverse CDF",
        "exponential_icdf_backward": "Pathwise gradients of inverse CDFs",
        "logistic_icdf_backward": "Pathwise gradients of inverse CDFs",
    },
    "encoder": {
        "encoder_backward": "Into the encoder",
    },
    "implicit": {
        "implicit_gradient": "Implicit reparameterization",
    },
}
BONUS = ["implicit"]
