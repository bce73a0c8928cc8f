"""A kernel that refuses what it is told to refuse, as one with a broken disk does.

The calls are refused by a filter of system calls (seccomp) that a process may put upon
itself, and that it cannot take off again.
"""

from collections.abc import Iterable
import ctypes
import os
import platform
from typing import Final

_NUMBERS: Final = {
    "x86_64": {"pwrite64": 18, "fsync": 74, "fdatasync": 75, "seccomp": 317},
    "aarch64": {"pwrite64": 68, "fsync": 82, "fdatasync": 83, "seccomp": 277},
}
"""The calls by the machine's kind."""

_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES = 38
_SET_FILTER = 1
_ALL_THREADS = 1


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint16),
        ("instructions", ctypes.POINTER(_Instruction)),
    )


def is_possible() -> bool:
    """Return whether the calls of this machine are known."""
    return platform.system() == "Linux" and platform.machine() in _NUMBERS


def refuse(calls: Iterable[str], error: int) -> None:
    """Let the kernel refuse these calls of the whole process, from now on.

    Args:
        calls: their names.
        error: the number that it answers.

    Raises:
        OSError: the kernel does not do that.
    """
    numbers = _NUMBERS[platform.machine()]
    instructions = [_Instruction(_LOAD, 0, 0, 0)]
    for call in calls:
        instructions += [
            _Instruction(_JUMP_IF_EQUAL, 0, 1, numbers[call]),
            _Instruction(_RETURN, 0, 0, _ERRNO | error),
        ]
    instructions.append(_Instruction(_RETURN, 0, 0, _ALLOW))
    count = len(instructions)
    program = _Program(count, (_Instruction * count)(*instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(
        numbers["seccomp"], _SET_FILTER, _ALL_THREADS, ctypes.byref(program)
    )
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
