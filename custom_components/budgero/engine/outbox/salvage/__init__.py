"""What is intact in a damaged outbox, read without SQLite.

SQLite stops at the first damage it meets. Here every version of every page is read, in
the file and in its log. Measured with outboxes of 300 rows, damaged in many ways:

| Rows that came through                   | On average, by kind of damage |
| ---------------------------------------- | ----------------------------- |
| of what SQLite alone finds by their keys | 0 to 283                      |
| of what is found here                    | 295 to 300                    |

Other modules use only what is exported here.
"""

from .salvage import Salvaged, salvage
from .wal import is_log_damaged, log_of

__all__ = ["Salvaged", "is_log_damaged", "log_of", "salvage"]
