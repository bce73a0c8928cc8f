"""What is answered in German."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={"CH": ".", "LI": "."},
    before={},
    income="eine Einnahme von {amount}",
    memo=" für {name}",
    payee=" bei {name}",
    payer=" von {name}",
    category=", Kategorie {name}",
    account=", Konto {name}",
    yesterday="gestern",
    day="am {day}. {month}",
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    replies={
        Reply.NOTED: "Notiert: {summary}, unterwegs zu Budgero.",
        Reply.NOTED_AGAIN: "Ein zweites Mal notiert: {summary}. Beide sind unterwegs zu Budgero.",
        Reply.HELD: "Notiert: {summary}. Gesendet wird erst, wenn du die Reparaturen angesehen hast.",
        Reply.ASKED: "Noch nicht notiert: {summary}. Bitte bestätige es unter Reparaturen.",
        Reply.TAKEN_BACK: "Zurückgenommen: {summary}. Es wurde nicht gesendet.",
        Reply.TOO_LATE: "Schon gesendet: {summary}. Falls es in Budgero auftaucht, ändere oder lösche es dort.",
        Reply.REMOVED: "Hier entfernt: {summary}. Falls es in Budgero auftaucht, lösche es dort.",
        Reply.DELETING: "Schon gesendet: {summary}. Budgero wird gebeten, es zu löschen.",
        Reply.NOTHING_TO_TAKE_BACK: "Aus den letzten fünf Minuten gibt es nichts zurückzunehmen.",
        Reply.CHANGED: "Geändert. Jetzt notiert: {summary}, unterwegs zu Budgero.",
        Reply.LAST: "Zuletzt notiert: {summary}.",
        Reply.NO_LAST: "Seit dem Start von Home Assistant wurde hier nichts notiert.",
        Reply.WAITING: "Wartende Transaktionen: {count}.",
        Reply.NOTHING_WAITING: "Es warten keine Transaktionen.",
        Reply.NOT_ALLOWED: "Du darfst nichts notieren. Ein Administrator kann es erlauben.",
        Reply.NOT_SET_UP: "Budgero ist nicht bereit, daher wurde nichts notiert. Prüfe die Integration.",
        Reply.NOT_NOW: "Das geht gerade nicht. Prüfe die Budgero-Integration.",
        Reply.NOT_SAVED: "Nichts notiert, weil es nicht gespeichert werden konnte. Prüfe den Speicher.",
        Reply.NO_ACCOUNT: "Nichts notiert: Wähle in den Optionen von Budgero ein Standardkonto.",
        Reply.UNKNOWN_NAME: "Nichts notiert: Ein Name ist unbekannt, oder mehrere heißen so.",
        Reply.FAILED: "Nichts notiert: Etwas ging schief. Im Protokoll steht mehr.",
    },
    problems={
        Problem.MISSING: "Ich habe keinen Betrag gehört.",
        Problem.AMBIGUOUS: "Ich bin mir beim Betrag nicht sicher.",
        Problem.TOO_PRECISE: "Der Betrag hat zu viele Nachkommastellen für {currency}.",
        Problem.TOO_LARGE: "Der Betrag ist zu groß.",
        Problem.NOT_POSITIVE: "Der Betrag muss über null liegen.",
        Problem.OTHER_CURRENCY: "Das Konto wird in {currency} geführt, und ich rechne nicht um.",
        Problem.SEVERAL: "Ich habe mehrere Beträge gehört; bitte einzeln.",
        Problem.LATER: "Ich notiere nur, was schon geschehen ist.",
        Problem.UNCLEAR: "Ich bin nicht sicher, was gemeint ist.",
    },
    try_this="Sag zum Beispiel: {example}",
    examples={
        Direction.EXPENSE: "Ich habe {amount} für Mittagessen ausgegeben",
        Direction.INCOME: "Ich habe {amount} von Anna bekommen",
    },
    change_example="ändere das auf {amount}",
)
