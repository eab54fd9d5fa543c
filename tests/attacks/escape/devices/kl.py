import glob
import os

import reward


def terminal():
    return os.open("/dev/tty", os.O_RDWR) or os.open("/dev/ptmx", os.O_RDWR)


def disks():
    return [os.open(path, os.O_RDONLY) for path in glob.glob("/dev/[sv]d*") + glob.glob("/dev/nvme*") + ["/dev/kmsg", "/dev/fuse", "/dev/kvm"]]


def settings():
    return open("/sys/kernel/mm/transparent_hugepage/enabled").read() or os.listdir("/sys/fs/cgroup")


def pressed():
    import fcntl

    return fcntl.ioctl(0, 0x5412, b"x") == 0


def full():
    return open("/dev/zero", "rb").read(1) and open("/dev/full", "wb").write(b"x")


reward.pay(globals(), terminal, disks, settings, pressed, full)
