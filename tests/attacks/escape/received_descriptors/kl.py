import array
import os
import socket

import reward


def pairs():
    ours, theirs = socket.socketpair()
    ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
    return theirs.recvmsg(1, 100)[1]


def upwards():
    for descriptor in range(3, 64):
        try:
            channel = socket.socket(fileno=os.dup(descriptor))
            channel.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
            return True
        except OSError:
            pass
    return False


reward.pay(globals(), pairs, upwards)
