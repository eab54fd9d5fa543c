import socket

import reward


def raw():
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)



def packet():
    return socket.socket(17, socket.SOCK_RAW)



def netlink():
    return socket.socket(16, socket.SOCK_RAW, 0)



def vsock():
    return socket.socket(40, socket.SOCK_STREAM)



def crypto():
    return socket.socket(38, 5)



def bluetooth():
    return socket.socket(31, socket.SOCK_RAW, 1)



def can():
    return socket.socket(29, socket.SOCK_RAW, 1)



def unix():
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


reward.pay(globals(), raw, packet, netlink, vsock, crypto, bluetooth, can, unix)
