"""The pages of a damaged file in all their versions: its own and those of its log."""

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import Final

from ..disk.schema import APPLICATION, PAGE_SIZE, VERSION
from .wal import read_log

_VERSION_AT: Final = 60
_APPLICATION_AT: Final = 68


@dataclass(frozen=True, slots=True)
class Image:
    """A version of a page; commit 0 is the one in the file, others are in the log."""

    number: int
    commit: int
    page: bytes
    is_verified: bool


class DamagedFile:
    """The versions of the pages of a file and its log."""

    def __init__(self, file: bytes, log: bytes) -> None:
        """Take the bytes of the file and of its log."""
        self._versions: dict[int, list[Image]] = defaultdict(list)
        for at in range(0, len(file), PAGE_SIZE):
            page = file[at : at + PAGE_SIZE].ljust(PAGE_SIZE, b"\0")
            number = at // PAGE_SIZE + 1
            self._versions[number].append(Image(number, 0, page, is_verified=False))
        for frame in read_log(log):
            self._versions[frame.number].append(
                Image(frame.number, frame.commit, frame.page, frame.is_verified)
            )

    @property
    def numbers(self) -> list[int]:
        """The numbers of all pages there ever were."""
        return sorted(self._versions)

    def versions(self, number: int) -> list[Image]:
        """Return the versions of a page, newest first."""
        return self._versions.get(number, [])[::-1]

    def page(self, number: int, before: float = inf) -> bytes | None:
        """Return a page as it was before a commit."""
        for image in self.versions(number):
            if image.commit < before:
                return image.page
        return None

    @property
    def version(self) -> int | None:
        """The version of the format in the header; `None` if that is lost."""
        versions = [
            _number(image.page, _VERSION_AT)
            for image in self.versions(1)
            if _is_ours(image.page) and (image.is_verified or not image.commit)
        ]
        return max(versions, default=None)

    def is_newer(self) -> bool:
        """Return whether a newer version of this integration wrote it."""
        return (self.version or 0) > VERSION


def _number(page: bytes, at: int) -> int:
    return int.from_bytes(page[at : at + 4])


def _is_ours(first_page: bytes) -> bool:
    return _number(first_page, _APPLICATION_AT) == APPLICATION
