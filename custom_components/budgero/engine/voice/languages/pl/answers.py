"""What is answered in Polish."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={},
    before={},
    income="przychód {amount}",
    memo=", {name}",
    payee=", {name}",
    payer=", {name}",
    category=", kategoria {name}",
    account=", konto {name}",
    yesterday="wczoraj",
    day="{day} {month}",
    months=(
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ),
    replies={
        Reply.NOTED: "Zapisane: {summary}, w drodze do Budgero.",
        Reply.NOTED_AGAIN: "Zapisane po raz drugi: {summary}. Oba wpisy są w drodze do Budgero.",
        Reply.HELD: "Zapisane: {summary}. Nic nie zostanie wysłane, dopóki nie sprawdzisz problemów.",
        Reply.ASKED: "Jeszcze nie zapisane: {summary}. Potwierdź to w problemach.",
        Reply.TAKEN_BACK: "Cofnięte: {summary}. Nic nie zostało wysłane.",
        Reply.TOO_LATE: "Już wysłane: {summary}. Jeśli pojawi się w Budgero, zmień lub usuń to tam.",
        Reply.REMOVED: "Usunięte tutaj: {summary}. Jeśli pojawi się w Budgero, usuń to tam.",
        Reply.DELETING: "Już wysłane: {summary}. Budgero dostanie prośbę o usunięcie.",
        Reply.NOTHING_TO_TAKE_BACK: "Z ostatnich pięciu minut nie ma nic do cofnięcia.",
        Reply.CHANGED: "Zmienione. Teraz zapisane: {summary}, w drodze do Budgero.",
        Reply.LAST: "Ostatnio zapisane: {summary}.",
        Reply.NO_LAST: "Od uruchomienia Home Assistanta nic tu nie zapisano.",
        Reply.WAITING: "Oczekujące transakcje: {count}.",
        Reply.NOTHING_WAITING: "Żadna transakcja nie czeka.",
        Reply.NOT_ALLOWED: "Nie możesz zapisywać transakcji. Administrator może na to zezwolić.",
        Reply.NOT_SET_UP: "Budgero nie jest gotowe, więc nic nie zapisano. Sprawdź integrację.",
        Reply.NOT_NOW: "W tej chwili to niemożliwe. Sprawdź integrację Budgero.",
        Reply.NOT_SAVED: "Nic nie zapisano, bo zapis się nie udał. Sprawdź dysk.",
        Reply.NO_ACCOUNT: "Nic nie zapisano: wybierz domyślne konto w opcjach Budgero.",
        Reply.UNKNOWN_NAME: "Nic nie zapisano: jedna z nazw jest nieznana albo nosi ją kilka pozycji.",
        Reply.FAILED: "Nic nie zapisano: coś poszło nie tak. Więcej jest w logach.",
    },
    problems={
        Problem.MISSING: "Nie słyszę żadnej kwoty.",
        Problem.AMBIGUOUS: "Nie mam pewności co do kwoty.",
        Problem.TOO_PRECISE: "Kwota ma za dużo miejsc po przecinku dla {currency}.",
        Problem.TOO_LARGE: "Kwota jest za duża.",
        Problem.NOT_POSITIVE: "Kwota musi być większa od zera.",
        Problem.OTHER_CURRENCY: "Konto jest w {currency}, a ja nie przeliczam walut.",
        Problem.SEVERAL: "Słyszę kilka kwot; podaj jedną naraz.",
        Problem.LATER: "Zapisuję tylko to, co już się stało.",
        Problem.UNCLEAR: "Nie wiem, czy dobrze rozumiem.",
    },
    try_this="Powiedz na przykład: {example}",
    examples={
        Direction.EXPENSE: "Wydałem {amount} na obiad",
        Direction.INCOME: "Dostałem {amount} od Anny",
    },
    change_example="zmień to na {amount}",
)
