"""Where the files of the benchmarks lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_HOME: Final = ROOT / ".venv"


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder on the disk of the repository, and remove it in the end.

    The machine's folder for temporary files is often in memory, which would not
    measure the disk.
    """
    _HOME.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=_HOME) as folder:
        yield Path(folder)
