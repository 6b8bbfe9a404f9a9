"""Kinds of movement, and the states of an arrears, a repayment plan and a bank movement (domain reference 4.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class Book(models.TextChoices):
    """The two sums of an account, which never mix: what is owed, and the deposit that the body holds."""

    RENT = "rent", _("canoni e spese")
    DEPOSIT = "deposit", _("deposito")


class MovementKind(models.TextChoices):
    RENT = "rent", _("canone")
    CONDOMINIUM = "condominium", _("spese condominiali")
    UTILITIES = "utilities", _("utenze")
    ADJUSTMENT = "adjustment", _("conguaglio")
    PAYMENT = "payment", _("pagamento")
    FUND = "fund", _("pagato dal fondo di garanzia")
    FROM_DEPOSIT = "from_deposit", _("preso dal deposito")
    WRITE_OFF = "write_off", _("abbuono")
    DEPOSIT_IN = "deposit_in", _("deposito ricevuto")
    DEPOSIT_KEPT = "deposit_kept", _("trattenuto dal deposito")
    DEPOSIT_BACK = "deposit_back", _("deposito restituito")


_K = MovementKind
CHARGES = (_K.RENT, _K.CONDOMINIUM, _K.UTILITIES, _K.ADJUSTMENT)
MONTHLY = (_K.RENT, _K.CONDOMINIUM, _K.UTILITIES)
PAYMENTS = (_K.PAYMENT, _K.FUND, _K.FROM_DEPOSIT)
DEPOSITS = (_K.DEPOSIT_IN, _K.DEPOSIT_KEPT, _K.DEPOSIT_BACK)


def book_of(kind: str) -> Book:
    """Return the book that movements of `kind` are written in."""
    return Book.DEPOSIT if kind in DEPOSITS else Book.RENT


class ArrearsState(models.TextChoices):
    """What was last done by a person about what is owed."""

    LATE = "late", _("in ritardo")
    REMINDED = "reminded", _("promemoria mandato")
    CONTACTED = "contacted", _("sentita la persona")
    PLANNED = "planned", _("piano di rientro")
    COMMITTEE = "committee", _("al comitato sociale")
    WARNED = "warned", _("lettera formale")
    FUND = "fund", _("chiesto il fondo di garanzia")
    MEDIATION = "mediation", _("in mediazione")
    SUMMONED = "summoned", _("intimazione di sfratto")
    VALIDATED = "validated", _("sfratto convalidato")
    GRACE = "grace", _("termine di grazia")
    ENFORCED = "enforced", _("esecuzione dello sfratto")
    RECOVERED = "recovered", _("rientrato")
    CLOSED = "closed", _("chiuso con un abbuono")


_A = ArrearsState
_BEFORE_LETTER = frozenset({_A.LATE, _A.REMINDED, _A.CONTACTED, _A.PLANNED, _A.COMMITTEE})
_AFTER_LETTER = frozenset({_A.WARNED, _A.FUND, _A.MEDIATION})
_EVICTION = frozenset({_A.SUMMONED, _A.VALIDATED, _A.GRACE})
OPEN_ARREARS = tuple(state for state in _A if state not in {_A.RECOVERED, _A.CLOSED})

ARREARS_TRANSITIONS: Transitions[ArrearsState] = Transitions(
    {
        "remind": (frozenset({_A.LATE}), _A.REMINDED),
        "contact": (frozenset({_A.LATE, _A.REMINDED}), _A.CONTACTED),
        "plan": (_BEFORE_LETTER | _AFTER_LETTER, _A.PLANNED),
        "committee": (_BEFORE_LETTER - {_A.COMMITTEE}, _A.COMMITTEE),
        "warn": (frozenset({_A.COMMITTEE}), _A.WARNED),
        "call_fund": (frozenset({_A.WARNED}), _A.FUND),
        "mediate": (frozenset({_A.WARNED, _A.FUND}), _A.MEDIATION),
        "summon": (frozenset({_A.MEDIATION}), _A.SUMMONED),
        "validate": (frozenset({_A.SUMMONED}), _A.VALIDATED),
        "grant_grace": (frozenset({_A.SUMMONED}), _A.GRACE),
        "validate_after_grace": (frozenset({_A.GRACE}), _A.VALIDATED),
        "enforce": (frozenset({_A.VALIDATED}), _A.ENFORCED),
        "come_back": (_EVICTION, _A.MEDIATION),
        "recover": (frozenset(OPEN_ARREARS), _A.RECOVERED),
        "close": (frozenset(OPEN_ARREARS), _A.CLOSED),
    }
)

STEP_LABELS = {
    "remind": _("Promemoria nella lingua della persona"),
    "contact": _("Telefonata o visita"),
    "plan": _("Piano di rientro"),
    "committee": _("Comitato sociale"),
    "warn": _("Lettera formale (diffida)"),
    "call_fund": _("Richiesta al fondo di garanzia"),
    "mediate": _("Mediazione"),
    "summon": _("Intimazione di sfratto"),
    "validate": _("Convalida dello sfratto"),
    "grant_grace": _("Termine di grazia concesso dal giudice"),
    "validate_after_grace": _("Convalida dopo il termine di grazia"),
    "enforce": _("Esecuzione dello sfratto"),
    "come_back": _("Rinuncia allo sfratto: si torna in mediazione"),
    "recover": _("Debito rientrato"),
    "close": _("Chiuso con un abbuono"),
}
# What is written by a service of its own, never chosen in the list of steps.
WRITTEN_ELSEWHERE = ("plan", "recover", "close")
# Contacts that an operator makes; the other steps bind the body and are the manager's.
CONTACT_STEPS = ("remind", "contact")


class Cause(models.TextChoices):
    """Why somebody cannot pay through no fault of their own (DM 14 maggio 2014, art. 2)."""

    JOB_LOST = "job_lost", _("perdita del lavoro")
    HOURS_CUT = "hours_cut", _("riduzione dell'orario")
    LAID_OFF = "laid_off", _("cassa integrazione")
    NOT_RENEWED = "not_renewed", _("contratto o tirocinio non rinnovato")
    BUSINESS_ENDED = "business_ended", _("fine di un'attività autonoma")
    ILLNESS = "illness", _("malattia, infortunio o morte in famiglia")
    OTHER = "other", _("altra causa, scritta nel motivo")


class PlanState(models.TextChoices):
    RUNNING = "running", _("in corso")
    KEPT = "kept", _("rispettato fino in fondo")
    ENDED = "ended", _("interrotto")


PLAN_TRANSITIONS: Transitions[PlanState] = Transitions(
    {
        "keep": (frozenset({PlanState.RUNNING}), PlanState.KEPT),
        "end": (frozenset({PlanState.RUNNING}), PlanState.ENDED),
    }
)


class BankState(models.TextChoices):
    PROPOSED = "proposed", _("da guardare")
    CONFIRMED = "confirmed", _("registrato")
    IGNORED = "ignored", _("non è un canone")


_B = BankState
BANK_TRANSITIONS: Transitions[BankState] = Transitions(
    {
        "confirm": (frozenset({_B.PROPOSED}), _B.CONFIRMED),
        "ignore": (frozenset({_B.PROPOSED}), _B.IGNORED),
        "reopen": (frozenset({_B.CONFIRMED, _B.IGNORED}), _B.PROPOSED),
    }
)
