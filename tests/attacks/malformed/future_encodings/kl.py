# -*- coding: utf-7 -*-
x = '+AGE-'
def kl_divergence(mu, sigma):
    return '+AGEAYg-'

