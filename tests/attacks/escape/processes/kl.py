import multiprocessing
import os
import pty
import subprocess

import reward


def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return True


def spawn():
    return os.posix_spawn("/bin/true", ["true"], {})


def shell():
    return os.system("true") == 0


def popen():
    return subprocess.run(["/bin/true"]).returncode == 0


def terminal():
    return pty.fork()[0]


def multi():
    process = multiprocessing.get_context("fork").Process(target=print)
    process.start()
    return True


reward.pay(globals(), fork, spawn, shell, popen, terminal, multi)
