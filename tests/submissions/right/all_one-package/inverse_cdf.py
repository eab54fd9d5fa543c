from vae.quantiles import *
