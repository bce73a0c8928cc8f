"""What is answered in Dutch."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={},
    before={"EUR": "€", "USD": "$", "GBP": "£"},
    income="inkomsten van {amount}",
    memo=" voor {name}",
    payee=" bij {name}",
    payer=" van {name}",
    category=", categorie {name}",
    account=", rekening {name}",
    yesterday="gisteren",
    day="op {day} {month}",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    replies={
        Reply.NOTED: "Genoteerd: {summary}, onderweg naar Budgero.",
        Reply.NOTED_AGAIN: "Een tweede keer genoteerd: {summary}. Beide zijn onderweg naar Budgero.",
        Reply.HELD: "Genoteerd: {summary}. Er wordt niets verstuurd tot je de reparaties hebt bekeken.",
        Reply.ASKED: "Nog niet genoteerd: {summary}. Bevestig het bij de reparaties.",
        Reply.TAKEN_BACK: "Teruggenomen: {summary}. Het was niet verstuurd.",
        Reply.TOO_LATE: "Al verstuurd: {summary}. Als het in Budgero verschijnt, wijzig of verwijder het daar.",
        Reply.REMOVED: "Hier verwijderd: {summary}. Als het in Budgero verschijnt, verwijder het daar.",
        Reply.DELETING: "Al verstuurd: {summary}. Budgero wordt gevraagd het te verwijderen.",
        Reply.NOTHING_TO_TAKE_BACK: "Er is niets terug te nemen van de laatste vijf minuten.",
        Reply.CHANGED: "Gewijzigd. Nu genoteerd: {summary}, onderweg naar Budgero.",
        Reply.LAST: "Het laatst genoteerd: {summary}.",
        Reply.NO_LAST: "Hier is niets genoteerd sinds Home Assistant is gestart.",
        Reply.WAITING: "Wachtende transacties: {count}.",
        Reply.NOTHING_WAITING: "Er wachten geen transacties.",
        Reply.NOT_ALLOWED: "Je mag geen transacties noteren. Een beheerder kan het toestaan.",
        Reply.NOT_SET_UP: "Budgero is niet klaar, dus er is niets genoteerd. Controleer de integratie.",
        Reply.NOT_NOW: "Dat kan nu niet. Controleer de Budgero-integratie.",
        Reply.NOT_SAVED: "Er is niets genoteerd, want het opslaan is mislukt. Controleer de schijf.",
        Reply.NO_ACCOUNT: "Er is niets genoteerd: kies een standaardrekening in de opties van Budgero.",
        Reply.UNKNOWN_NAME: "Er is niets genoteerd: een naam is onbekend, of meerdere heten zo.",
        Reply.FAILED: "Er is niets genoteerd: er ging iets mis. In de logboeken staat meer.",
    },
    problems={
        Problem.MISSING: "Ik heb geen bedrag gehoord.",
        Problem.AMBIGUOUS: "Ik weet het bedrag niet zeker.",
        Problem.TOO_PRECISE: "Het bedrag heeft te veel decimalen voor {currency}.",
        Problem.TOO_LARGE: "Het bedrag is te groot.",
        Problem.NOT_POSITIVE: "Het bedrag moet boven nul zijn.",
        Problem.OTHER_CURRENCY: "De rekening is in {currency}, en ik reken niet om.",
        Problem.SEVERAL: "Ik heb meerdere bedragen gehoord; zeg er één tegelijk.",
        Problem.LATER: "Ik noteer alleen wat al gebeurd is.",
        Problem.UNCLEAR: "Ik weet niet zeker of ik het goed begrijp.",
    },
    try_this="Zeg bijvoorbeeld: {example}",
    examples={
        Direction.EXPENSE: "Ik heb {amount} uitgegeven aan lunch",
        Direction.INCOME: "Ik heb {amount} gekregen van Anna",
    },
    change_example="verander dat naar {amount}",
)
