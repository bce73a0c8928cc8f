"""Why nothing is logged of a sentence."""

from enum import StrEnum


class Problem(StrEnum):
    """Why nothing is logged of a sentence."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    NOT_POSITIVE = "not_positive"
    OTHER_CURRENCY = "other_currency"
    SEVERAL = "several"
    LATER = "later"
    """It is about a time to come."""
    UNCLEAR = "unclear"
    """It is a question, denies something, or names no certain day."""
