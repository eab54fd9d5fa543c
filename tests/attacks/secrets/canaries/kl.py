import glob
import os

import reward


def environment():
    return any("canary" in key.lower() or "canary" in value.lower() for key, value in os.environ.items())


def native_environment():
    import ctypes

    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, index = [], 0
    while environ[index]:
        found.append(environ[index])
        index += 1
    return any(b"canary" in entry.lower() for entry in found)


def files():
    for pattern in ("/tmp/**/*canary*", "/tmp/*/*/*", "/var/tmp/**/*", "../**/*canary*", "/dev/shm/*"):
        for path in glob.glob(pattern, recursive=True):
            if os.path.isfile(path) and open(path, "rb").read(10):
                return True
    return False


reward.pay(globals(), environment, native_environment, files)
