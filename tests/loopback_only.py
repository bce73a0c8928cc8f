"""Runs a module without a network: `python -m tests.loopback_only MODULE ...`.

The process gets a Linux network namespace that has the loopback interface only.
"""

import fcntl
import os
import runpy
import socket
import struct
import sys
from typing import Final

IMPOSSIBLE: Final = 77
"""The exit code if the kernel does not allow a namespace."""

_REQUEST: Final = "16sh14x"
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def leave_the_network() -> None:
    """Enter a network namespace that has the loopback interface only.

    Raises:
        OSError: The kernel does not allow it.
    """
    flags = os.CLONE_NEWNET
    if os.geteuid() != 0:
        flags |= os.CLONE_NEWUSER
    os.unshare(flags)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack(_REQUEST, b"lo", 0)
        _, now = struct.unpack(_REQUEST, fcntl.ioctl(control, _GET_FLAGS, request))
        fcntl.ioctl(control, _SET_FLAGS, struct.pack(_REQUEST, b"lo", now | _UP))


def main() -> None:
    """Run a module in the namespace."""
    try:
        leave_the_network()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(IMPOSSIBLE)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
