"""What is answered in Spanish."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of=dict.fromkeys(
        ("MX", "US", "GT", "HN", "SV", "NI", "PA", "DO", "PR", "PE"), "."
    ),
    before={"USD": "$", "MXN": "$"},
    income="un ingreso de {amount}",
    memo=" para {name}",
    payee=" en {name}",
    payer=" de {name}",
    category=", categoría {name}",
    account=", cuenta {name}",
    yesterday="ayer",
    day="el {day} de {month}",
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    replies={
        Reply.NOTED: "Anotado: {summary}, de camino a Budgero.",
        Reply.NOTED_AGAIN: "Anotado por segunda vez: {summary}. Los dos van de camino a Budgero.",
        Reply.HELD: "Anotado: {summary}. No se envía nada hasta que mires las reparaciones.",
        Reply.ASKED: "Aún no está anotado: {summary}. Confírmalo en las reparaciones.",
        Reply.TAKEN_BACK: "Anulado: {summary}. No se había enviado.",
        Reply.TOO_LATE: "Ya se había enviado: {summary}. Si aparece en Budgero, cámbialo o bórralo allí.",
        Reply.REMOVED: "Eliminado aquí: {summary}. Si aparece en Budgero, bórralo allí.",
        Reply.DELETING: "Ya se había enviado: {summary}. Se pide a Budgero que lo borre.",
        Reply.NOTHING_TO_TAKE_BACK: "No hay nada que anular de los últimos cinco minutos.",
        Reply.CHANGED: "Cambiado. Anotado ahora: {summary}, de camino a Budgero.",
        Reply.LAST: "Lo último anotado: {summary}.",
        Reply.NO_LAST: "No se ha anotado nada aquí desde que arrancó Home Assistant.",
        Reply.WAITING: "Transacciones en espera: {count}.",
        Reply.NOTHING_WAITING: "No hay transacciones en espera.",
        Reply.NOT_ALLOWED: "No puedes anotar transacciones. Un administrador puede permitirlo.",
        Reply.NOT_SET_UP: "Budgero no está listo, así que no se anotó nada. Revisa la integración.",
        Reply.NOT_NOW: "Ahora mismo no es posible. Revisa la integración de Budgero.",
        Reply.NOT_SAVED: "No se anotó nada, porque no se pudo guardar. Revisa el disco.",
        Reply.NO_ACCOUNT: "No se anotó nada: elige una cuenta predeterminada en las opciones de Budgero.",
        Reply.UNKNOWN_NAME: "No se anotó nada: uno de los nombres no se conoce, o varios lo llevan.",
        Reply.FAILED: "No se anotó nada: algo salió mal. Los registros dicen más.",
    },
    problems={
        Problem.MISSING: "No he oído ningún importe.",
        Problem.AMBIGUOUS: "No estoy seguro del importe.",
        Problem.TOO_PRECISE: "El importe tiene demasiados decimales para {currency}.",
        Problem.TOO_LARGE: "El importe es demasiado grande.",
        Problem.NOT_POSITIVE: "El importe debe ser mayor que cero.",
        Problem.OTHER_CURRENCY: "La cuenta está en {currency} y no hago conversiones.",
        Problem.SEVERAL: "He oído varios importes; di uno cada vez.",
        Problem.LATER: "Solo anoto lo que ya ha pasado.",
        Problem.UNCLEAR: "No estoy seguro de haberlo entendido.",
    },
    try_this="Di, por ejemplo: {example}",
    examples={
        Direction.EXPENSE: "He gastado {amount} en comida",
        Direction.INCOME: "He recibido {amount} de Ana",
    },
    change_example="cambia eso a {amount}",
)
