from vae.chain import implicit_gradient
