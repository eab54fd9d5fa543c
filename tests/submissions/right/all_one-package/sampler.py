from vae.noise import reparameterize, rsample, sample
