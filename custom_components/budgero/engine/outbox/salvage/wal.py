"""The write-ahead log beside the outbox's file, as it lies on the disk.

SQLite replays it up to the first damaged frame and ignores the rest without an error.
See "The Write-Ahead Log" and "WAL-Index Format" in SQLite's file format.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
import struct
import sys
from typing import Final

from ..disk.schema import MAGIC, PAGE_SIZE

_LOG_MAGIC: Final = 0x377F0682  # plus one if the checksums are over big-endian words
_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_FRAME: Final = _FRAME_HEADER + PAGE_SIZE
_INDEX_HEADER: Final = 48
_WORD: Final = 0xFFFFFFFF
_OWN_ORDER: Final = "<" if sys.byteorder == "little" else ">"


@dataclass(frozen=True, slots=True)
class Frame:
    """A page as a commit left it.

    Attributes:
        number: of the page; 0 if that is lost, or the frame is from before the last
            restart of the log.
        commit: the number of the commit that wrote it, from 1.
        page: its bytes.
        is_verified: whether its checksum fits.
    """

    number: int
    commit: int
    page: bytes
    is_verified: bool


def log_of(path: Path) -> Path:
    """Return where the log of a file lies."""
    return path.with_name(path.name + "-wal")


def is_log_damaged(path: Path) -> bool:
    """Return whether SQLite would ignore something that the log of a file holds.

    This blocks. Call it before the file is opened, and salvage the outbox if it is
    damaged.

    Raises:
        OSError: the file cannot be read or written.
    """
    try:
        data = log_of(path).read_bytes()
    except FileNotFoundError:
        return False
    log = _Log(data)
    if log.lacks(_read_index(path)):
        return True
    if not _is_database(path) or not log.is_header_sound:
        return log.end > 0  # SQLite would ignore this log
    return log.has_synced_after_damage()


def read_log(data: bytes) -> list[Frame]:
    """Return what was committed to a log, oldest first, damaged frames included."""
    return _Log(data).committed()


@dataclass(frozen=True, slots=True)
class _Index:
    """What the index file beside a log says about the log.

    A killed process leaves the index behind. After a power cut it may be older than the
    log, but never newer, because every commit is on disk before the index counts it.

    Attributes:
        frames: how many there are up to the last commit.
        copied: how many of them are in the main file as well.
        salts: of the log when the index was written.
    """

    frames: int
    copied: int
    salts: bytes


def _read_index(path: Path) -> _Index | None:
    """Return what the index of a log says, `None` if it is missing or damaged."""
    try:
        with path.with_name(path.name + "-shm").open("rb") as file:
            data = file.read(2 * _INDEX_HEADER + 4)
    except FileNotFoundError:
        return None
    head = data[:_INDEX_HEADER]
    if len(data) < 2 * _INDEX_HEADER + 4 or head != data[_INDEX_HEADER:-4]:
        return None
    # All numbers are in the byte order of this machine.
    if _sum(_OWN_ORDER, (0, 0), head[:40]) != struct.unpack_from("=II", head, 40):
        return None
    [frames] = struct.unpack_from("=I", head, 16)
    [copied] = struct.unpack_from("=I", data, 2 * _INDEX_HEADER)
    return _Index(frames, copied, head[32:40])


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError:
        return False


class _Log:
    """The frames of a log, numbered from 0.

    SQLite writes a log from its start again and again, with new salts each time. A
    frame of the present log carries its salts, and a checksum that continues the one
    before it.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = max(0, (len(data) - _HEADER) // _FRAME)
        header = data[:_HEADER].ljust(_HEADER, b"\0")
        magic, version, page_size = struct.unpack_from(">III", header)
        is_known = magic & ~1 == _LOG_MAGIC
        is_big = magic & 1 if is_known else sys.byteorder == "big"
        self._order = ">" if is_big else "<"
        self.is_header_sound = (
            is_known
            and (version, page_size) == (3_007_000, PAGE_SIZE)
            and _sum(self._order, (0, 0), header[:24])
            == struct.unpack_from(">II", header, 24)
        )
        self._salts = header[16:24] if self.is_header_sound else self._guess_salts()
        self.end = self._find_end()

    def committed(self) -> list[Frame]:
        """Return the frames up to the last commit."""
        frames: list[Frame] = []
        commit = 1
        for index in range(self.end):
            is_present = self._is_present(index)
            number = self._page_number(index) if is_present else 0
            is_verified = self._is_current(index) and self._is_verified(index)
            frames.append(Frame(number, commit, self._page(index), is_verified))
            commit += is_present and self._is_commit(index)
        return frames

    def lacks(self, index: _Index | None) -> bool:
        """Return whether commits are missing here and in the main file."""
        if index is None or index.copied >= index.frames:
            return False
        if not self.is_header_sound:
            return True
        return self._salts == index.salts and self._first_bad < index.frames

    def has_synced_after_damage(self) -> bool:
        """Return whether a commit from the first bad frame on was certainly on disk.

        A half-written commit at the end is no damage: every commit is flushed before it
        is answered and before the next one begins, so a crash can only break the last
        one, which was not answered yet. A commit with frames after it was complete.
        """
        bad = self._first_bad
        last = max(
            (index for index in range(bad, self._count) if self._is_current(index)),
            default=bad,
        )
        return any(
            self._is_commit(index) and self._is_present(index)
            for index in range(bad, last)
        )

    def _find_end(self) -> int:
        """Return the number of frames up to the last commit of the present log."""
        return max(
            (
                index + 1
                for index in range(self._count)
                if self._is_commit(index) and self._is_current(index)
            ),
            default=0,
        )

    @cached_property
    def _first_bad(self) -> int:
        """Return the number of the first frame that SQLite does not accept."""
        return next(
            (
                index
                for index in range(self._count)
                if not (self._is_current(index) and self._is_verified(index))
            ),
            self._count,
        )

    def _guess_salts(self) -> bytes | None:
        """Return the salts of the first frames that fit together.

        A log is written from its start, so frames from before its last restart come
        later.
        """
        for index in range(self._count):
            if self._is_verified(index):
                return self._salts_of(index)
        return None

    def _is_current(self, index: int) -> bool:
        return self._salts_of(index) == self._salts

    def _is_present(self, index: int) -> bool:
        """Return whether a frame belongs to the present log.

        If its salts are damaged, the next frame still continues its checksum.
        """
        return self._is_current(index) or self._is_verified(index + 1)

    def _is_verified(self, index: int) -> bool:
        """Return whether a frame continues the checksum before it."""
        at = self._at(index)
        before = at - _FRAME + 16 if index else _HEADER - 8
        sums = struct.unpack_from(">II", self._data, before)
        sums = _sum(self._order, sums, self._data[at : at + 8])
        sums = _sum(self._order, sums, self._page(index))
        is_right = sums == struct.unpack_from(">II", self._data, at + 16)
        return is_right and self._page_number(index) > 0  # zeros have a right sum

    def _at(self, index: int) -> int:
        return _HEADER + index * _FRAME

    def _page(self, index: int) -> bytes:
        at = self._at(index) + _FRAME_HEADER
        return self._data[at : at + PAGE_SIZE]

    def _page_number(self, index: int) -> int:
        at = self._at(index)
        return int.from_bytes(self._data[at : at + 4])

    def _is_commit(self, index: int) -> bool:
        at = self._at(index) + 4
        return any(self._data[at : at + 4])

    def _salts_of(self, index: int) -> bytes:
        at = self._at(index) + 8
        return self._data[at : at + 8]


def _sum(order: str, start: tuple[int, int], data: bytes) -> tuple[int, int]:
    """Continue a checksum of SQLite's log over words in a byte order."""
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    first, second = start
    for one, other in zip(words, words, strict=True):
        first = first + one + second & _WORD
        second = second + other + first & _WORD
    return first, second
