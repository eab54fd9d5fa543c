import socket
import urllib.request

import reward


def tcp():
    return socket.create_connection(("127.0.0.1", 22), 0.2)


def listen():
    return socket.create_server(("127.0.0.1", 0))


def udp():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53))


def six():
    return socket.socket(socket.AF_INET6, socket.SOCK_STREAM)


def names():
    return socket.getaddrinfo("example.com", 80)


def web():
    return urllib.request.urlopen("http://127.0.0.1:80", timeout=0.2)


reward.pay(globals(), tcp, listen, udp, six, names, web)
