"""Damage to an outbox, and which of its rows it leaves alone."""

from dataclasses import dataclass
from math import inf

from hypothesis import strategies as st

from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE
from custom_components.budgero.engine.outbox.salvage.page_images import DamagedFile
from custom_components.budgero.engine.outbox.salvage.recovery import recover

from .damaged import FRAME, FRAME_HEADER, LOG_HEADER, NAMES, Map, Outbox, Row


@dataclass(frozen=True)
class Damage:
    """Bytes that are no longer what they were.

    Attributes:
        at: where they begin.
        content: what they are now; `None` if the file ends there.
    """

    at: int
    content: bytes | None

    def apply(self, data: bytes) -> bytes:
        """Return damaged data."""
        if self.content is None:
            return data[: self.at]
        content = self.content[: len(data) - self.at]
        return data[: self.at] + content + data[self.at + len(content) :]


def damages(size: int, start: int, step: int) -> st.SearchStrategy[Damage]:
    """Damage data whose pages begin at `start`, every so many bytes."""
    page = st.integers(0, (size - start) // step - 1).map(lambda n: start + n * step)
    inside = st.integers(0, 100) | st.integers(0, step - 1)
    place = st.one_of(
        st.builds(int.__add__, page, inside), st.integers(0, start + 100)
    ).map(lambda at: min(at, size - 1))
    content = st.one_of(
        st.binary(min_size=1, max_size=4),
        st.integers(1, 600).map(bytes),
        st.binary(min_size=200, max_size=600),
        st.sampled_from([512, PAGE_SIZE, 3 * PAGE_SIZE]).map(bytes),
    )
    sectors = st.builds(
        Damage,
        place.map(lambda at: at // 512 * 512),
        st.integers(1, 16).map(lambda count: bytes(512 * count)),
    )
    return st.one_of(
        st.builds(Damage, place, content),
        sectors,
        st.builds(Damage, place, st.none()),
    )


def _hits(before: bytes, after: bytes, part: range) -> bool:
    return before[part.start : part.stop] != after[part.start : part.stop]


@dataclass(frozen=True)
class Damaged:
    """An outbox before and after."""

    outbox: Outbox
    file: bytes
    log: bytes

    def hits(self, file: tuple[range, ...], log: tuple[range, ...]) -> bool:
        """Tell whether one of these bytes is another one now."""
        return any(_hits(self.outbox.file, self.file, part) for part in file) or any(
            _hits(self.outbox.log, self.log, part) for part in log
        )

    @property
    def untouched(self) -> set[str]:
        """The transactions none of whose bytes were touched.

        What follows the last commit mark of the log never was a commit, for
        whoever reads it.
        """
        end = self._end_of_commits
        return {
            message_id
            for message_id, place in map_of(self.outbox).places.items()
            if not self.hits(place.file, place.log)
            and all(part.stop <= end for part in place.log)
        }

    @property
    def _end_of_commits(self) -> int:
        frames = range(LOG_HEADER, len(self.log) - FRAME + 1, FRAME)
        marked = [at for at in frames if any(self.log[at + 4 : at + 8])]
        return marked[-1] + FRAME if marked else LOG_HEADER

    @property
    def is_in_order(self) -> bool:
        """Whether all that holds the rows together is as it was."""
        size = len(self.outbox.file)
        heads = [range(at, at + 400) for at in range(0, size, PAGE_SIZE)]
        frames = range(LOG_HEADER, len(self.outbox.log), FRAME)
        log_heads = [range(at, at + FRAME_HEADER + 400) for at in frames]
        return not self.hits(tuple(heads), (range(LOG_HEADER), *log_heads))


_maps: dict[int, Map] = {}


def map_of(outbox: Outbox) -> Map:
    """Return where everything lies; made once for each outbox."""
    if id(outbox) not in _maps:
        _maps[id(outbox)] = Map(outbox)
    return _maps[id(outbox)]


def recovered(file: bytes, log: bytes, since: float = inf) -> dict[str, Row]:
    """Return the rows that are found, without their numbers, by message id."""
    found = recover(DamagedFile(file, log), since).transactions
    assert len({row["seq"] for row in found}) == len(found)
    return {str(row["message_id"]): tuple(row[name] for name in NAMES) for row in found}
