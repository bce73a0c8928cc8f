"""Ways to damage the bytes of a file."""

from collections.abc import Callable
from random import Random
from typing import Final

PAGE: Final = 4096
_BLOCKS: Final = (16, 100, 512, 1024, PAGE, 2 * PAGE, 5 * PAGE)

type Harm = Callable[[bytearray, Random], None]


def _flip_bits(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _change_bytes(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 3, 10))):
        data[random.randrange(len(data))] = random.randrange(256)


def _fill_block(data: bytearray, random: Random) -> None:
    size = random.choice(_BLOCKS)
    start = random.randrange(len(data))
    if random.random() < 0.5:  # disks lose whole sectors
        start -= start % 512
    size = min(size, len(data) - start)
    data[start : start + size] = random.choice(
        (bytes(size), b"\xff" * size, random.randbytes(size))
    )


def _cut(data: bytearray, random: Random) -> None:
    end = random.randrange(len(data))
    if random.random() < 0.5:
        end -= end % PAGE
    del data[end:]


def _swap_pages(data: bytearray, random: Random) -> None:
    pages = len(data) // PAGE
    one, other = (random.randrange(max(pages, 1)) * PAGE for _ in range(2))
    first, second = data[one : one + PAGE], data[other : other + PAGE]
    if len(first) == len(second):
        data[one : one + PAGE], data[other : other + PAGE] = second, first


def _copy_page(data: bytearray, random: Random) -> None:
    """Write a page in the place of another one, as a faulty disk does."""
    pages = len(data) // PAGE
    if pages:
        one, other = (random.randrange(pages) * PAGE for _ in range(2))
        data[one : one + PAGE] = data[other : other + PAGE]


_KINDS: Final[dict[str, Harm]] = {
    "bits": _flip_bits,
    "bytes": _change_bytes,
    "block": _fill_block,
    "cut": _cut,
    "swapped pages": _swap_pages,
    "copied page": _copy_page,
}


def harm(data: bytes, random: Random) -> tuple[str, bytes]:
    """Return a description of the damage, and the changed bytes."""
    while True:
        kind = random.choice(list(_KINDS))
        changed = bytearray(data)
        _KINDS[kind](changed, random)
        if changed != data:
            return kind, bytes(changed)
