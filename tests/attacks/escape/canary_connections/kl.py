import socket

import reward


def ports():
    for port in range(1024, 65536):
        try:
            return socket.create_connection(("127.0.0.1", port), 0.01)
        except PermissionError:
            return False
        except OSError:
            continue
    return False


def abstract():
    connection = socket.socket(socket.AF_UNIX)
    connection.connect("\0reparam-attacks-canary")
    return True


def datagram():
    connection, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return connection.sendto(b"x", "\0reparam-attacks-canary-datagram")


def bind():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0reparam-attacks-mine")
    return True


reward.pay(globals(), ports, abstract, datagram, bind)
