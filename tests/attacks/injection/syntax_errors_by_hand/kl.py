def kl_divergence(mu, sigma):
    raise SyntaxError("<b>bad</b>", ("kl.py", 10**30, -5, "\x1b[31m" + "x" * 10**6))


def kl_gradient(mu, sigma):
    error = SyntaxError("x")
    error.filename, error.lineno, error.text, error.msg = "/etc/shadow", True, ["<script>"], "\x1b]0;owned\x07title"
    raise error


def kl_gradient_log_var(mu, log_var):
    raise IndentationError("\u202egnol", ("kl.py, cell 1", 2, 3, "=cmd()"))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    error = SyntaxError("y")
    error.filename, error.lineno, error.msg = "kl.py", 3, {"message": "z"}
    raise error
