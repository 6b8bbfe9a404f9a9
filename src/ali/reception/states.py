"""States, causes and solutions of an exit (domain reference 1.4-1.6, 17 bis)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class CentreKind(models.TextChoices):
    FLATS = "UA", _("unità abitative")
    COLLECTIVE = "CC", _("centro collettivo")
    MINORS = "MSNA", _("minori non accompagnati")
    OTHER = "OTHER", _("altro")


class ReadingStatus(models.TextChoices):
    OK = "ok", _("letto")
    DOUBTFUL = "doubtful", _("da confermare")
    CONFIRMED = "confirmed", _("confermato")


class ExitCause(models.TextChoices):
    """Why reception ends: what starts the local clock."""

    RECOGNISED = "recognised", _("riconoscimento della protezione")
    OTHER_PERMIT = "other_permit", _("altro permesso di soggiorno")
    REJECTED = "rejected", _("diniego o fine del ricorso")
    MEANS = "means", _("mezzi sufficienti")
    REVOKED = "revoked", _("revoca")
    VOLUNTARY = "voluntary", _("scelta della persona")
    TRANSFER = "transfer", _("trasferimento")


class ExitEvent(models.TextChoices):
    """The event that an expected exit waits for, or that started the clock."""

    DECISION = "decision", _("decisione della Commissione")
    DECISION_NOTIFIED = "decision_notified", _("notifica della decisione")
    PERMIT_DELIVERED = "permit_delivered", _("consegna del permesso")
    APPEAL_EXPIRED = "appeal_expired", _("scadenza del termine per il ricorso")
    COURT = "court", _("decisione del tribunale")
    SAI_PLACE = "sai_place", _("posto nel SAI")
    AGREED = "agreed", _("data concordata con la persona")


class ExitReason(models.TextChoices):
    """How it ended (codes of the domain reference, 1.6)."""

    U01 = "U01", _("Passaggio al SAI")
    U02 = "U02", _("Cessazione per riconoscimento della protezione, senza soluzione nota")
    U03 = "U03", _("Inserimento socio-economico autonomo")
    U04 = "U04", _("Uscita in alloggio della rete")
    U05 = "U05", _("Uscita presso parenti o connazionali")
    U06 = "U06", _("Cessazione per rilascio di altro permesso")
    U07 = "U07", _("Diniego definitivo o fine del ricorso")
    U08 = "U08", _("Abbandono volontario comunicato")
    U09 = "U09", _("Allontanamento ingiustificato, irreperibile")
    U10 = "U10", _("Revoca (art. 23)")
    U11 = "U11", _("Trasferimento ad altro centro o provincia")
    U12 = "U12", _("Trasferimento Dublino")
    U13 = "U13", _("Espulsione o trattenimento")
    U14 = "U14", _("Rimpatrio volontario assistito")
    U15 = "U15", _("Arresto o detenzione")
    U16 = "U16", _("Ricovero lungo o struttura sanitaria")
    U17 = "U17", _("Comunità per minori o anti-tratta")
    U18 = "U18", _("Decesso")
    U19 = "U19", _("Rinuncia")
    U99 = "U99", _("Altro (da spiegare)")


# They leave no new address behind: nothing is declared to a Comune or to a Questura.
WITHOUT_NEW_ADDRESS = (
    ExitReason.U09,
    ExitReason.U12,
    ExitReason.U13,
    ExitReason.U14,
    ExitReason.U15,
    ExitReason.U16,
    ExitReason.U18,
)


class ExitState(models.TextChoices):
    EXPECTED = "expected", _("attesa")
    PROPOSED = "proposed", _("data proposta")
    COMMUNICATED = "communicated", _("comunicata")
    DECREED = "decreed", _("decretata")
    NOTIFIED = "notified", _("notificata")
    SUSPENDED = "suspended", _("sospesa dal giudice")
    STAYED_BEYOND = "stayed_beyond", _("rimasto oltre il termine")
    DONE = "done", _("uscita avvenuta")
    CANCELLED = "cancelled", _("annullata")


_E = ExitState
OPEN_STATES = (
    _E.EXPECTED,
    _E.PROPOSED,
    _E.COMMUNICATED,
    _E.DECREED,
    _E.NOTIFIED,
    _E.SUSPENDED,
    _E.STAYED_BEYOND,
)
DATED_STATES = (_E.COMMUNICATED, _E.DECREED, _E.NOTIFIED, _E.STAYED_BEYOND)
# A day that the prefecture has given and that has not been passed: what frees a place.
CONFIRMED_STATES = (_E.COMMUNICATED, _E.DECREED, _E.NOTIFIED)
_BEFORE_END = frozenset(OPEN_STATES)

EXIT_TRANSITIONS: Transitions[ExitState] = Transitions(
    {
        "propose_date": (frozenset({_E.EXPECTED, _E.PROPOSED}), _E.PROPOSED),
        "communicate": (frozenset({_E.EXPECTED, _E.PROPOSED}), _E.COMMUNICATED),
        "decree": (frozenset({_E.EXPECTED, _E.PROPOSED, _E.COMMUNICATED}), _E.DECREED),
        "notify": (frozenset({_E.DECREED, _E.COMMUNICATED}), _E.NOTIFIED),
        "suspend": (frozenset({_E.COMMUNICATED, _E.DECREED, _E.NOTIFIED, _E.STAYED_BEYOND}), _E.SUSPENDED),
        "resume": (frozenset({_E.SUSPENDED}), _E.EXPECTED),
        "stay_beyond": (frozenset({_E.COMMUNICATED, _E.DECREED, _E.NOTIFIED}), _E.STAYED_BEYOND),
        "stay_longer": (frozenset({_E.STAYED_BEYOND}), _E.COMMUNICATED),
        # A slip in the day, put right before the person is told: the act stays the one it was.
        "correct_day": (frozenset({_E.COMMUNICATED, _E.DECREED}), None),
        "complete": (_BEFORE_END, _E.DONE),
        "report_move": (frozenset({_E.DONE}), None),
        "cancel": (_BEFORE_END, _E.CANCELLED),
    }
)


class Solution(models.TextChoices):
    """Where the person goes. Every exit has one; «none yet» is one of them."""

    NONE = "none", _("nessuna ancora")
    SAI_ASKED = "sai_asked", _("SAI chiesto")
    SAI_OFFERED = "sai_offered", _("SAI offerto")
    SAI_REFUSED = "sai_refused", _("SAI rifiutato")
    FOUND_ALONE = "found_alone", _("ha trovato da solo")
    RELATIVES = "relatives", _("parenti o amici")
    NETWORK_HOME = "network_home", _("casa della rete")
    EMPLOYER = "employer", _("alloggio del datore di lavoro")
    SHELTER = "shelter", _("dormitorio")
    OTHER_PROVINCE = "other_province", _("altra provincia")


# Those who still need a home: a round takes only these.
# SAI asked is a hope («a mere eventuality»: places are too few) and SAI refused is none: both go on looking for a home, in
# rounds too, and a proposal does not take back the request. SAI offered is a solution.
WITHOUT_SOLUTION = (Solution.NONE, Solution.SAI_ASKED, Solution.SAI_REFUSED)
# Something, but not a home to count on: the gap is half open.
HALF_SOLUTIONS = (Solution.EMPLOYER, Solution.SHELTER, Solution.SAI_ASKED)
# A lodging tied to the job is flagged: losing one loses the other, and exploitation hides there.
FLAGGED_SOLUTIONS = (Solution.EMPLOYER, Solution.SHELTER)


class Gap(models.TextChoices):
    """What a person may still lack."""

    PAPERS = "papers", _("documenti")
    INCOME = "income", _("reddito")
    HOME = "home", _("casa")
    LANGUAGE = "language", _("italiano")
    NETWORK = "network", _("rete")


class GapState(models.IntegerChoices):
    UNKNOWN = 0, _("da valutare")
    OK = 1, _("a posto")
    PARTIAL = 2, _("in parte")
    MISSING = 3, _("manca")


class ExtensionAsker(models.TextChoices):
    PERSON = "person", _("la persona")
    MANAGER = "manager", _("l'ente gestore")
    MUNICIPALITY = "municipality", _("il Comune")
    OTHER = "other", _("altri")


class ExtensionAnswer(models.TextChoices):
    WAITING = "waiting", _("in attesa")
    GRANTED = "granted", _("concessa")
    REFUSED = "refused", _("negata")
