"""Runs a command as a kernel without Landlock would: `python without_landlock.py COMMAND...`."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

LANDLOCK_CREATE_RULESET = 444
NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, NO_SUCH_CALL = 0x7FFF0000, 0x00050000 | 38

instructions = [(LOAD, 0, 0, 0), (JUMP_EQUAL, 0, 1, LANDLOCK_CREATE_RULESET), (RETURN, 0, 0, NO_SUCH_CALL), (RETURN, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in instructions))
program = (ctypes.c_uint64 * 2)(len(instructions), ctypes.addressof(code))
prctl = ctypes.CDLL(None, use_errno=True).prctl
assert prctl(NO_NEW_PRIVS, 1, 0, 0, 0) == 0
assert prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  # what it is for
