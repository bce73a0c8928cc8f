"""What is answered in French."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={"CH": "."},
    before={},
    income="un revenu de {amount}",
    memo=" pour {name}",
    payee=" chez {name}",
    payer=", versé par {name}",
    category=", catégorie {name}",
    account=", compte {name}",
    yesterday="hier",
    day="le {day} {month}",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    replies={
        Reply.NOTED: "C'est noté : {summary}, en route vers Budgero.",
        Reply.NOTED_AGAIN: "Noté une deuxième fois : {summary}. Les deux sont en route vers Budgero.",
        Reply.HELD: "C'est noté : {summary}. Rien n'est envoyé tant que vous n'avez pas regardé les corrections.",
        Reply.ASKED: "Pas encore noté : {summary}. Confirmez-le dans les corrections.",
        Reply.TAKEN_BACK: "Annulé : {summary}. Rien n'a été envoyé.",
        Reply.TOO_LATE: "Déjà envoyé : {summary}. Si cela apparaît dans Budgero, modifiez-le ou supprimez-le là-bas.",
        Reply.REMOVED: "Supprimé ici : {summary}. Si cela apparaît dans Budgero, supprimez-le là-bas.",
        Reply.DELETING: "Déjà envoyé : {summary}. La suppression est demandée à Budgero.",
        Reply.NOTHING_TO_TAKE_BACK: "Il n'y a rien à annuler dans les cinq dernières minutes.",
        Reply.CHANGED: "Modifié. Noté maintenant : {summary}, en route vers Budgero.",
        Reply.LAST: "Noté en dernier : {summary}.",
        Reply.NO_LAST: "Rien n'a été noté ici depuis le démarrage de Home Assistant.",
        Reply.WAITING: "Transactions en attente : {count}.",
        Reply.NOTHING_WAITING: "Aucune transaction n'est en attente.",
        Reply.NOT_ALLOWED: "Vous ne pouvez pas noter de transactions. Un administrateur peut l'autoriser.",
        Reply.NOT_SET_UP: "Budgero n'est pas prêt, rien n'a été noté. Vérifiez l'intégration.",
        Reply.NOT_NOW: "Ce n'est pas possible pour le moment. Vérifiez l'intégration Budgero.",
        Reply.NOT_SAVED: "Rien n'a été noté, car l'enregistrement a échoué. Vérifiez le disque.",
        Reply.NO_ACCOUNT: "Rien n'a été noté : choisissez un compte par défaut dans les options de Budgero.",
        Reply.UNKNOWN_NAME: "Rien n'a été noté : un des noms est inconnu, ou plusieurs le portent.",
        Reply.FAILED: "Rien n'a été noté : une erreur s'est produite. Les journaux en disent plus.",
    },
    problems={
        Problem.MISSING: "Je n'ai pas entendu de montant.",
        Problem.AMBIGUOUS: "Je ne suis pas sûr du montant.",
        Problem.TOO_PRECISE: "Le montant a trop de décimales pour {currency}.",
        Problem.TOO_LARGE: "Le montant est trop grand.",
        Problem.NOT_POSITIVE: "Le montant doit être supérieur à zéro.",
        Problem.OTHER_CURRENCY: "Le compte est en {currency}, et je ne convertis pas.",
        Problem.SEVERAL: "J'ai entendu plusieurs montants ; dites-en un à la fois.",
        Problem.LATER: "Je ne note que ce qui a déjà eu lieu.",
        Problem.UNCLEAR: "Je ne suis pas sûr d'avoir bien compris.",
    },
    try_this="Dites par exemple : {example}",
    examples={
        Direction.EXPENSE: "J'ai dépensé {amount} pour le déjeuner",
        Direction.INCOME: "J'ai reçu {amount} de Marie",
    },
    change_example="change ça en {amount}",
)
