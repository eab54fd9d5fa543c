from vae.chain import Reparameterize, reparameterize_backward
