"""The only place where student code runs. Reads a `Program` (bytes), answers requests with plain data, writes nothing.

`client` is the trusted side; `zygote` forks, `jail` locks down, `worker` runs the student's code, `wire` carries data between them.
"""
