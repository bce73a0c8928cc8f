"""Why a sentence is refused."""

from enum import StrEnum


class Problem(StrEnum):
    """Why a sentence is refused."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    NOT_POSITIVE = "not_positive"
    OTHER_CURRENCY = "other_currency"
    SEVERAL = "several"
    LATER = "later"
    """The sentence is about a time to come."""
    UNCLEAR = "unclear"
    """The sentence is a question, denies something, or names no certain day."""
