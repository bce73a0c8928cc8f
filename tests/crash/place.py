"""Where a process is killed."""

from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """A moment on the way of a transaction, or any moment."""

    ANYWHERE = "anywhere"
    BEFORE_COMMIT = "before-commit"
    AFTER_COMMIT = "after-commit-before-answer"
    ATTEMPT_WRITTEN = "attempt-written"
    REQUEST_SENT = "request-sent"
    REQUEST_CARRIED_OUT = "request-carried-out"
    ANSWER_RECEIVED = "answer-received-before-settle"
    SETTLED = "settled"
    QUESTION_WRITTEN = "question-written"
    QUESTION_ANSWERED = "question-answered"
    FINISHED = "finished"


SEEN_BY_SERVER: Final = (Place.REQUEST_SENT, Place.REQUEST_CARRIED_OUT)
"""At these the server kills its client; at the others a process kills itself."""
