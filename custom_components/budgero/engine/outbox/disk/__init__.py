"""The file of the outbox: one SQLite file, in one thread, with a checksum in each row.

| Module                   | What it does                                              |
| ------------------------ | --------------------------------------------------------- |
| `database`, `connection` | commits that several writers share, in a thread           |
| `schema`, `columns`      | the tables and their columns                              |
| `checksums`, `reading`   | whether a row is as it was written, and what it says      |
| `facts`                  | short texts under a name, beside the transactions         |
| `earlier_versions`       | bringing a file of an earlier version to the present one  |
| `copy_check`             | whether the file is a restored copy                       |
| `files`                  | telling a missing file from one that cannot be read       |
"""
