import os
import tempfile

PLACES = ('/tmp', '/var/tmp', '/dev/shm', '/run', '/', '.', os.path.dirname(os.__file__), tempfile.gettempdir())
OWN = os.__file__

import reward


def create():
    return any(_tried(lambda place: os.close(os.open(os.path.join(place, "reparam-attack"), os.O_CREAT | os.O_WRONLY))) for _ in [0])


def folder():
    return _tried(lambda place: os.mkdir(os.path.join(place, "reparam-attack-folder")))


def fifo():
    return _tried(lambda place: os.mkfifo(os.path.join(place, "reparam-attack-fifo")))


def device():
    return _tried(lambda place: os.mknod(os.path.join(place, "reparam-attack-device"), 0o600 | 0o020000, os.makedev(1, 1)))


def symbolic_link():
    return _tried(lambda place: os.symlink("/etc/shadow", os.path.join(place, "reparam-attack-link")))


def hard_link():
    return _tried(lambda place: os.link(OWN, os.path.join(place, "reparam-attack-hard")))


def unnamed():
    return _tried(lambda place: os.close(os.open(place, os.O_TMPFILE | os.O_WRONLY)))


def temporary():
    return tempfile.TemporaryFile()


def existing():
    with open(OWN, "ab") as file:
        return file.write(b"#")


def truncated():
    return os.truncate(OWN, os.path.getsize(OWN)) is None


def mode():
    return os.chmod(OWN, 0o777) is None


def owner():
    return os.chown(OWN, -1, -1) is None


def times():
    return os.utime(OWN) is None


def attributes():
    return os.setxattr(OWN, "user.x", b"x") is None


def removed():
    return os.rename(OWN, OWN + "x") is None or os.unlink(OWN) is None


def null_device():
    return os.chmod("/dev/null", 0o600) is None or os.utime("/dev/null") is None


def _tried(attempt):
    for place in PLACES:
        try:
            attempt(place)
            return True
        except OSError:
            pass
    return False


reward.pay(globals(), create, folder, fifo, device, symbolic_link, hard_link, unnamed, temporary, existing, truncated, mode, owner, times, attributes, removed, null_device)
