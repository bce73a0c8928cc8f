"""What is answered in Portuguese, of Portugal and of Brazil."""

from typing import Final

from ....push.wire import Direction
from ...answers import Answers, Reply
from ...problem import Problem

ANSWERS: Final = Answers(
    decimal_of={"MO": "."},
    before={"BRL": "R$", "USD": "$"},
    income="uma receita de {amount}",
    memo=" para {name}",
    payee=" em {name}",
    payer=" de {name}",
    category=", categoria {name}",
    account=", conta {name}",
    yesterday="ontem",
    day="a {day} de {month}",
    months=(
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ),
    replies={
        Reply.NOTED: "Anotado: {summary}, a caminho do Budgero.",
        Reply.NOTED_AGAIN: "Anotado uma segunda vez: {summary}. Os dois estão a caminho do Budgero.",
        Reply.HELD: "Anotado: {summary}. Nada é enviado até alguém ver as correções.",
        Reply.ASKED: "Ainda não anotado: {summary}. É preciso confirmar nas correções.",
        Reply.TAKEN_BACK: "Anulado: {summary}. Não tinha sido enviado.",
        Reply.TOO_LATE: "Já enviado: {summary}. Se aparecer no Budgero, é preciso alterar ou apagar lá.",
        Reply.REMOVED: "Removido aqui: {summary}. Se aparecer no Budgero, é preciso apagar lá.",
        Reply.DELETING: "Já enviado: {summary}. É pedido ao Budgero que o apague.",
        Reply.NOTHING_TO_TAKE_BACK: "Não há nada para anular dos últimos cinco minutos.",
        Reply.CHANGED: "Alterado. Anotado agora: {summary}, a caminho do Budgero.",
        Reply.LAST: "Último registo: {summary}.",
        Reply.NO_LAST: "Nada foi anotado aqui desde o início do Home Assistant.",
        Reply.WAITING: "Transações à espera: {count}.",
        Reply.NOTHING_WAITING: "Não há transações à espera.",
        Reply.NOT_ALLOWED: "Não tem permissão para anotar transações. Um administrador pode dá-la.",
        Reply.NOT_SET_UP: "O Budgero não está pronto, por isso nada foi anotado. Verifique a integração.",
        Reply.NOT_NOW: "De momento não é possível. Verifique a integração do Budgero.",
        Reply.NOT_SAVED: "Nada foi anotado, porque não foi possível guardar. Verifique o disco.",
        Reply.NO_ACCOUNT: "Nada foi anotado: escolha uma conta padrão nas opções do Budgero.",
        Reply.UNKNOWN_NAME: "Nada foi anotado: um dos nomes é desconhecido, ou vários o têm.",
        Reply.FAILED: "Nada foi anotado: algo correu mal. Os logs dizem mais.",
    },
    problems={
        Problem.MISSING: "Não ouvi nenhum valor.",
        Problem.AMBIGUOUS: "Não tenho certeza do valor.",
        Problem.TOO_PRECISE: "O valor tem casas decimais a mais para {currency}.",
        Problem.TOO_LARGE: "O valor é grande demais.",
        Problem.NOT_POSITIVE: "O valor tem de ser maior que zero.",
        Problem.OTHER_CURRENCY: "A conta está em {currency}, e não faço conversões.",
        Problem.SEVERAL: "Ouvi vários valores; diga um de cada vez.",
        Problem.LATER: "Só anoto o que já aconteceu.",
        Problem.UNCLEAR: "Não sei se entendi bem.",
    },
    try_this="Diga, por exemplo: {example}",
    examples={
        Direction.EXPENSE: "Gastei {amount} em comida",
        Direction.INCOME: "Recebi {amount} da Ana",
    },
    change_example="muda isso para {amount}",
)
