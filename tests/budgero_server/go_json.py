"""JSON as Budgero's server, written in Go, reads and writes it."""

from collections.abc import Mapping, Sequence
import json
from typing import Any, NoReturn

from aiohttp import web

_HTML_ESCAPES = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)
_JSON_WHITESPACE = " \t\r\n"
_GO_WHITESPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def encode(value: object, *, sort: bool = False) -> bytes:
    """Write compact JSON with a newline at the end.

    Replies made from a Go map have sorted keys; replies made from a struct
    keep the order of its fields, which here is the order of the mapping.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)
    return text.translate(_HTML_ESCAPES).encode() + b"\n"


def reply(
    value: Mapping[str, object] | Sequence[object],
    status: int = 200,
    *,
    sort: bool = False,
) -> web.Response:
    """Make a JSON response as the server writes it."""
    return web.Response(
        body=encode(value, sort=sort),
        status=status,
        headers={"Content-Type": "application/json"},
    )


def trim(text: str) -> str:
    """Remove the blanks at both ends that Go counts as white space."""
    return text.strip(_GO_WHITESPACE)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant}")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class BindError(Exception):
    """The body of a request is not what the handler expects."""


def decode_object(body: bytes) -> dict[str, object]:
    """Read the first JSON value of a body and ignore whatever follows it.

    Keys are folded to lower case, because Go matches them in any case; of equal
    keys the last one wins. JSON null reads as an empty object.

    Raises:
        BindError: The body does not begin with a JSON object or null.
    """
    text = body.decode(errors="replace").lstrip(_JSON_WHITESPACE)
    try:
        value: Any = _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError) as error:
        raise BindError from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BindError
    return {key.casefold(): item for key, item in value.items()}


def bind(content_type: str, body: bytes) -> dict[str, object]:
    """Bind a request body by its content type.

    An empty body binds to nothing whatever its type; a form binds to nothing
    because no field of the server's requests comes from a form.

    Raises:
        BindError: The type is not supported or the body does not parse.
    """
    if not body:
        return {}
    match content_type.partition(";")[0].strip():
        case "application/json":
            return decode_object(body)
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            return {}
        case _:
            raise BindError


def text_field(fields: Mapping[str, object], key: str) -> str:
    """Read a string field; absent and null read as the empty string.

    Raises:
        BindError: The field has another type.
    """
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BindError
    return value


def flag_field(fields: Mapping[str, object], key: str) -> bool:
    """Read a boolean field; absent and null read as false.

    Raises:
        BindError: The field has another type.
    """
    value = fields.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BindError
    return value
