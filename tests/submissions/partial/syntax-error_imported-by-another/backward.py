def reparameterize_backward(grad_z, mu, sigma, epsilon)
    return grad_z, grad_z * epsilon
