"""Errors of the client: of the input, and of exchanges with the server.

There are two branches: `InvalidInputError` for what a person can correct before
anything is sent, and `PushError` for an exchange with the server that failed. No error
carries a secret, a value or a body: messages name the field, never its content.
"""

from enum import StrEnum
from typing import ClassVar, Final


class BudgeroError(Exception):
    """Base of all errors of the engine."""


class InputProblem(StrEnum):
    """Why an input was refused; each problem has its own text in Home Assistant."""

    MISSING = "missing"
    NO_VALUE = "no_value"
    NOT_RENDERED = "not_rendered"
    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    AMBIGUOUS = "ambiguous"
    OTHER_CURRENCY = "other_currency"
    NOT_A_DATE = "not_a_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    NOT_AN_ID = "not_an_id"
    UNKNOWN_NAME = "unknown_name"
    AMBIGUOUS_NAME = "ambiguous_name"
    ID_AND_NAME = "id_and_name"
    OTHER_BUDGET = "other_budget"
    ARCHIVED = "archived"
    CRYPTO = "crypto"
    DIFFERENT_CURRENCIES = "different_currencies"
    PRESET_CURRENCY = "preset_currency"
    TAKEN = "taken"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    BAD_CHARACTERS = "bad_characters"
    BAD_LENGTH = "bad_length"
    ONE_WAY_ONLY = "one_way_only"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_SPLITS = "not_splits"
    DOES_NOT_ADD_UP = "does_not_add_up"
    NOT_WITH_SPLITS = "not_with_splits"
    SAME_ACCOUNT = "same_account"
    LOOKS_LIKE_A_TOKEN = "looks_like_a_token"
    LOOKS_LIKE_A_KEY = "looks_like_a_key"
    NOT_AN_ADDRESS = "not_an_address"
    BAD_SCHEME = "bad_scheme"
    HAS_CREDENTIALS = "has_credentials"
    HAS_PATH = "has_path"
    NOT_PRIVATE = "not_private"


class InvalidInputError(BudgeroError):
    """A field was refused before anything was stored or sent.

    Attributes:
        field: the name of the field, as the action and the forms call it.
        problem: why it was refused.
    """

    def __init__(self, field: str, problem: InputProblem) -> None:
        """Name the field and the problem, never the value."""
        super().__init__(f"{field}: {problem.value.replace('_', ' ')}")
        self.field = field
        self.problem = problem


class UnsupportedError(BudgeroError):
    """The server does not support this, or was not asked yet.

    Attributes:
        is_known: whether the server said what it supports.
        fields: the fields of the action that the server does not support; empty if it
            does not support the action itself.
    """

    def __init__(self, *, is_known: bool, fields: tuple[str, ...] = ()) -> None:
        """Take whether the server was asked, and the fields it does not support."""
        super().__init__(" ".join(("This server is not known to do this", *fields)))
        self.is_known = is_known
        self.fields = fields


class CannotOpenError(BudgeroError):
    """Sealed data are damaged, or were sealed with another space key."""


class TooLongError(BudgeroError):
    """The server's queue or database is longer than the longest answer that is read."""

    code: Final = "too_long"


class PushError(BudgeroError):
    """An exchange with the Budgero server failed.

    Attributes:
        code: a stable name of the kind of failure.
        in_doubt: whether the server may have carried out the request all the same.
        retry_after: seconds that the server asked to wait, if it did.
    """

    code: ClassVar[str] = "push"
    advice: ClassVar[str] = "Try again later."
    in_doubt: bool = False

    def __init__(
        self, detail: str | None = None, *, retry_after: float | None = None
    ) -> None:
        """Take an optional detail without secrets, and how many seconds to wait."""
        super().__init__(f"{self.advice} ({detail})" if detail else self.advice)
        self.detail = detail
        self.retry_after = retry_after


class UnreachableError(PushError):
    """No connection could be made, so nothing was sent."""

    code = "unreachable"
    advice = "Budgero cannot be reached; check the network and the server."


class CertificateError(UnreachableError):
    """The server's certificate was not accepted, so nothing was sent."""

    code = "certificate"
    advice = (
        "The server's certificate is not valid for this address; renew it, "
        "or turn its verification off for a server of your own."
    )


class NotEncryptedError(UnreachableError):
    """The server at an https address does not speak TLS, so nothing was sent."""

    code = "not_encrypted"
    advice = (
        "The server does not speak https at this address; "
        "on the local network the address may start with http."
    )


class NotPrivateError(UnreachableError):
    """The address uses plain http and is outside the local network."""

    code = "not_private"
    advice = "Use https: plain http is allowed on the local network only."


class WrongAddressError(PushError):
    """The answer is not Budgero's: a web page, a proxy, a redirect."""

    code = "wrong_address"
    advice = (
        "The address does not answer like Budgero; check it, "
        "and any proxy or sign-in page in between."
    )
    in_doubt = True


class HeaderRemovedError(WrongAddressError):
    """Budgero did not get the token: something on the way removed the header.

    Budgero 1.6.0 answers this if the header is missing or has another form. Every
    request from here has the header.
    """

    code = "header_removed"
    advice = (
        "Something between here and Budgero removes the token from requests; "
        "let its proxy pass the Authorization header on."
    )
    in_doubt = False


class BodyRemovedError(WrongAddressError):
    """Budgero did not get the transaction: something on the way removed the body.

    Budgero 1.6.0 answers this if the body is empty, has another form, or has no content
    type. Every request from here has both.
    """

    code = "body_removed"
    advice = (
        "Something between here and Budgero removes the content of requests; "
        "let its proxy pass body and Content-Type on."
    )
    in_doubt = False


class WrongTokenError(PushError):
    """Budgero does not accept the token: it is wrong, revoked, replaced or disabled.

    Budgero 1.6.0 answers 500 `token validation failed` (verified), its
    documentation says 401 and 403; a fault of the server's database gives the
    same 500.
    """

    code = "wrong_token"
    advice = "Budgero refuses the token; enable it or create a new one in Budgero."


class NotAllowedError(PushError):
    """This server does not open this call to push tokens (Budgero up to 1.6.0)."""

    code = "not_allowed"
    advice = "This Budgero server does not offer this to push tokens."


class RateLimitedError(PushError):
    """Too many requests came from this address."""

    code = "rate_limited"
    advice = "Budgero asks to slow down; wait before the next request."


class ServerTroubleError(PushError):
    """The server, or a proxy before it, failed."""

    code = "server_trouble"
    advice = "The Budgero server has trouble; try again later."
    in_doubt = True


class InDoubtError(PushError):
    """The request was sent, and its answer is unknown."""

    code = "in_doubt"
    advice = (
        "Budgero may or may not have received this; "
        "repeat it with the same message id after a while."
    )
    in_doubt = True


class UpdateRequiredError(PushError):
    """The server asks for a newer client (HTTP 426)."""

    code = "update_required"
    advice = "This Budgero server needs a newer version of this integration."


class WrongPasswordError(PushError):
    """Budgero does not accept the user name with this password.

    It says the same of a user who is blocked (verified against Budgero 1.6.0).
    """

    code = "wrong_password"
    advice = "Budgero refuses this user name or password; enter them again."


class NoSignInError(PushError):
    """This server has no sign-in with user name and password, as the hosted service."""

    code = "no_sign_in"
    advice = "This Budgero server offers no sign-in with user name and password."


class UserRefusedError(PushError):
    """Budgero accepts the password, but not the user's request."""

    code = "user_refused"
    advice = "Budgero does not allow this to the signed-in user."
