"""Errors that become an answer."""


class ApiError(Exception):
    """The server answers with this status and `{"message": ...}`."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status and the message."""
        super().__init__(message)
        self.status = status
        self.message = message
