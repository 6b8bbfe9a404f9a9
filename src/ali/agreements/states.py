"""Contract types and states of agreements, of requests to who guarantees, of a fund (domain reference 4.3, 4.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class ContractType(models.TextChoices):
    """The types of contract for a home; the numbers of each are rules, not code."""

    FREE_4_4 = "C44", _("locazione libera 4+4")
    AGREED_3_2 = "C32", _("locazione concordata 3+2")
    TRANSITORY = "CTR", _("locazione transitoria")
    STUDENTS = "CST", _("locazione a studenti")
    BODY = "CEN", _("locazione a un Comune o ente per esigenze abitative transitorie")
    LODGING = "CFO", _("foresteria: locazione a ente o cooperativa")
    SUBLET = "CSU", _("sublocazione o assegnazione da agenzia sociale")
    LOAN = "COM", _("comodato gratuito")
    LOAN_FOR_WORKS = "CMO", _("comodato modale o concessione in cambio di lavori")
    SURFACE = "SUP", _("diritto di superficie o usufrutto")
    HOSPITALITY = "OSP", _("accordo di ospitalità, posto letto in un percorso")
    FAMILY = "FAM", _("accoglienza in famiglia")
    PUBLIC = "ERP", _("alloggio pubblico")
    RENT_TO_BUY = "RTB", _("affitto con riscatto")


_C = ContractType
# The types by which a body takes a home from its owner; by the others people live somewhere.
OWNER_TYPES = (
    _C.LOAN,
    _C.LOAN_FOR_WORKS,
    _C.LODGING,
    _C.AGREED_3_2,
    _C.FREE_4_4,
    _C.TRANSITORY,
    _C.BODY,
    _C.SURFACE,
    _C.RENT_TO_BUY,
    _C.PUBLIC,
)
LOANS = (_C.LOAN, _C.LOAN_FOR_WORKS)


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("in preparazione")
    SIGNED = "signed", _("firmato")
    IN_FORCE = "in_force", _("in corso")
    ENDED = "ended", _("finito")
    CANCELLED = "cancelled", _("annullato")


_A = AgreementState
BINDING = (_A.SIGNED, _A.IN_FORCE)

AGREEMENT_TRANSITIONS: Transitions[AgreementState] = Transitions(
    {
        "sign": (frozenset({_A.DRAFT}), _A.SIGNED),
        "start": (frozenset({_A.SIGNED}), _A.IN_FORCE),
        "end": (frozenset({_A.SIGNED, _A.IN_FORCE}), _A.ENDED),
        "cancel": (frozenset({_A.DRAFT}), _A.CANCELLED),
    }
)


class TaxRegime(models.TextChoices):
    """How the contract is taxed: the register tax each year, the flat tax of the owner, or once when registered."""

    REGISTER = "register", _("imposta di registro")
    FLAT = "flat", _("cedolare secca")
    ONCE = "once", _("imposta fissa alla registrazione")


class EndReason(models.TextChoices):
    TERM = "term", _("scadenza")
    OWNER = "owner", _("disdetta del proprietario")
    HOLDER = "holder", _("disdetta dell'ente")
    AGREED = "agreed", _("accordo tra le parti")
    SOLD = "sold", _("vendita dell'immobile")
    UNFIT = "unfit", _("casa non utilizzabile o lavori impossibili")
    OTHER = "other", _("altro")


class DepositEnd(models.TextChoices):
    """Where the deposit that the body had paid to the owner goes."""

    NONE = "none", _("non c'era deposito")
    WAITING = "waiting", _("da riavere")
    BACK = "back", _("riavuto per intero")
    PARTLY = "partly", _("riavuto in parte")
    KEPT = "kept", _("trattenuto dal proprietario")


class Instrument(models.TextChoices):
    """What may guarantee an owner or a landlord."""

    DEPOSIT = "deposit", _("deposito cauzionale")
    SURETY = "surety", _("fideiussione")
    FUND = "fund", _("fondo di garanzia")
    GUARANTOR = "guarantor", _("terzo garante")
    POLICY = "policy", _("polizza")


class ApplicationState(models.TextChoices):
    ASKED = "asked", _("chiesta")
    GRANTED = "granted", _("concessa")
    REFUSED = "refused", _("rifiutata")
    ENDED = "ended", _("finita")


_P = ApplicationState

APPLICATION_TRANSITIONS: Transitions[ApplicationState] = Transitions(
    {
        "grant": (frozenset({_P.ASKED}), _P.GRANTED),
        "refuse": (frozenset({_P.ASKED}), _P.REFUSED),
        "end": (frozenset({_P.ASKED, _P.GRANTED}), _P.ENDED),
    }
)


class EntryKind(models.TextChoices):
    ENDOWMENT = "endowment", _("dotazione")
    COMMITMENT = "commitment", _("impegno ponderato")
    RELEASE = "release", _("impegno liberato")
    CALL = "call", _("escussione")
    RECOVERY = "recovery", _("recupero")


class CallState(models.TextChoices):
    ASKED = "asked", _("chiesta")
    PAID = "paid", _("pagata dal fondo")
    REFUSED = "refused", _("rifiutata")


_S = CallState

CALL_TRANSITIONS: Transitions[CallState] = Transitions(
    {
        "pay": (frozenset({_S.ASKED}), _S.PAID),
        "refuse": (frozenset({_S.ASKED}), _S.REFUSED),
    }
)
