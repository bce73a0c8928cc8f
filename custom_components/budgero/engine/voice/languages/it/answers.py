"""What is answered in Italian."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={"CH": "."},
    before={},
    income="un'entrata di {amount}",
    memo=" per {name}",
    payee=" da {name}",
    payer=" da {name}",
    category=", categoria {name}",
    account=", conto {name}",
    yesterday="ieri",
    day="il {day} {month}",
    months=(
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ),
    replies={
        Reply.NOTED: "Annotato: {summary}, in viaggio verso Budgero.",
        Reply.NOTED_AGAIN: "Annotato una seconda volta: {summary}. Entrambi sono in viaggio verso Budgero.",
        Reply.HELD: "Annotato: {summary}. Non viene inviato nulla finché non guardi le riparazioni.",
        Reply.ASKED: "Non ancora annotato: {summary}. Confermalo nelle riparazioni.",
        Reply.TAKEN_BACK: "Annullato: {summary}. Non era stato inviato.",
        Reply.TOO_LATE: "Già inviato: {summary}. Se compare in Budgero, modificalo o eliminalo lì.",
        Reply.REMOVED: "Rimosso qui: {summary}. Se compare in Budgero, eliminalo lì.",
        Reply.DELETING: "Già inviato: {summary}. Si chiede a Budgero di eliminarlo.",
        Reply.NOTHING_TO_TAKE_BACK: "Non c'è nulla da annullare negli ultimi cinque minuti.",
        Reply.CHANGED: "Modificato. Ora annotato: {summary}, in viaggio verso Budgero.",
        Reply.LAST: "L'ultima annotazione: {summary}.",
        Reply.NO_LAST: "Qui non è stato annotato nulla dall'avvio di Home Assistant.",
        Reply.WAITING: "Transazioni in attesa: {count}.",
        Reply.NOTHING_WAITING: "Nessuna transazione è in attesa.",
        Reply.NOT_ALLOWED: "Non puoi annotare transazioni. Un amministratore può consentirlo.",
        Reply.NOT_SET_UP: "Budgero non è pronto, quindi non è stato annotato nulla. Controlla l'integrazione.",
        Reply.NOT_NOW: "Al momento non è possibile. Controlla l'integrazione Budgero.",
        Reply.NOT_SAVED: "Non è stato annotato nulla, perché il salvataggio non è riuscito. Controlla il disco.",
        Reply.NO_ACCOUNT: "Non è stato annotato nulla: scegli un conto predefinito nelle opzioni di Budgero.",
        Reply.UNKNOWN_NAME: "Non è stato annotato nulla: un nome è sconosciuto, o non è unico.",
        Reply.FAILED: "Non è stato annotato nulla: qualcosa è andato storto. I registri dicono di più.",
    },
    problems={
        Problem.MISSING: "Non ho sentito alcun importo.",
        Problem.AMBIGUOUS: "Non sono sicuro dell'importo.",
        Problem.TOO_PRECISE: "L'importo ha troppi decimali per {currency}.",
        Problem.TOO_LARGE: "L'importo è troppo grande.",
        Problem.NOT_POSITIVE: "L'importo deve essere maggiore di zero.",
        Problem.OTHER_CURRENCY: "Il conto è in {currency} e non faccio conversioni.",
        Problem.SEVERAL: "Ho sentito più importi; dinne uno alla volta.",
        Problem.LATER: "Annoto solo ciò che è già successo.",
        Problem.UNCLEAR: "Non sono sicuro di aver capito.",
    },
    try_this="Di' per esempio: {example}",
    examples={
        Direction.EXPENSE: "Ho speso {amount} per il pranzo",
        Direction.INCOME: "Ho ricevuto {amount} da Anna",
    },
    change_example="cambia la spesa in {amount}",
)
