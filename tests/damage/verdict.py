"""The results of all trials."""

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """The outcomes, each damage with one.

    Attributes:
        intact: how often every row was as it was written.
        salvaged: how often intact rows were saved and this was reported.
        silent: losses that were not reported, in words.
        tracebacks: exceptions that are not the outbox's own, in words.
        altered: rows that differ from what was written, in words.
    """

    intact: int = 0
    salvaged: int = 0
    silent: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every damage ended well."""
        return not (self.silent or self.tracebacks or self.altered)

    @property
    def damages(self) -> int:
        """How many there were."""
        bad = len(self.silent) + len(self.tracebacks) + len(self.altered)
        return self.intact + self.salvaged + bad

    def in_words(self) -> str:
        """Return the result in one line."""
        return (
            f"{self.damages} damages, {self.intact} intact, {self.salvaged} salvaged,"
            f" {len(self.silent)} silent, {len(self.tracebacks)} tracebacks,"
            f" {len(self.altered)} altered"
        )
