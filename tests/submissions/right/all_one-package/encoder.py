from vae import encoder_backward
