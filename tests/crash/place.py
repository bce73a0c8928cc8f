"""Where a process is killed."""

from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """A moment on the way of a transaction, or any moment."""

    ANYWHERE = "anywhere"
    APPEND_BEFORE_COMMIT = "append-before-commit"
    APPEND_AFTER_COMMIT = "append-after-commit-before-answer"
    BEFORE_COMMIT = "before-any-commit"
    AFTER_COMMIT = "after-any-commit"
    ATTEMPT_WRITTEN = "attempt-written"
    REQUEST_SENT = "request-sent"
    REQUEST_CARRIED_OUT = "request-carried-out"
    ANSWER_RECEIVED = "answer-received-before-settle"
    SETTLED = "settled"
    QUESTION_WRITTEN = "question-written"
    QUESTION_ANSWERED = "question-answered"
    FINISHED = "finished"


COMMITS: Final = (
    Place.APPEND_BEFORE_COMMIT,
    Place.APPEND_AFTER_COMMIT,
    Place.BEFORE_COMMIT,
    Place.AFTER_COMMIT,
)
FROM_OUTSIDE: Final = (
    Place.ANYWHERE,
    Place.REQUEST_SENT,
    Place.REQUEST_CARRIED_OUT,
)
"""Places where the process is killed from outside; at the others it kills itself."""
