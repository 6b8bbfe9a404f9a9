"""States of a tenancy, how the people in it are bound, and the code lists of its life (domain reference 4.3, 4.6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class TenancyState(models.TextChoices):
    DRAFT = "draft", _("in preparazione")
    SIGNING = "signing", _("alla firma")
    SIGNED = "signed", _("firmata")
    RUNNING = "running", _("in corso")
    NOTICE = "notice", _("disdetta data")
    ENDED = "ended", _("finita")
    CANCELLED = "cancelled", _("annullata")


_T = TenancyState
# States in which the tenancy binds its parties: two of them never overlap on one room or dwelling.
BINDING_STATES = (_T.SIGNED, _T.RUNNING, _T.NOTICE)
# States that keep the place from others: what is out for signature too.
TAKING_STATES = (_T.SIGNING, *BINDING_STATES)
LIVED_IN_STATES = (_T.RUNNING, _T.NOTICE)
OPEN_STATES = (_T.DRAFT, *TAKING_STATES)

TENANCY_TRANSITIONS: Transitions[TenancyState] = Transitions(
    {
        "send_to_sign": (frozenset({_T.DRAFT}), _T.SIGNING),
        "back_to_draft": (frozenset({_T.SIGNING, _T.SIGNED}), _T.DRAFT),
        "complete_signatures": (frozenset({_T.SIGNING}), _T.SIGNED),
        "move_in": (frozenset({_T.SIGNED}), _T.RUNNING),
        "extend": (frozenset({_T.RUNNING}), _T.RUNNING),
        "give_notice": (frozenset({_T.RUNNING}), _T.NOTICE),
        "take_notice_back": (frozenset({_T.NOTICE}), _T.RUNNING),
        "end": (frozenset({_T.RUNNING, _T.NOTICE}), _T.ENDED),
        "cancel": (frozenset({_T.DRAFT, _T.SIGNING, _T.SIGNED}), _T.CANCELLED),
    }
)


class Bond(models.TextChoices):
    """How the people of one home are bound."""

    JOINT = "joint", _("un contratto solo, tutti obbligati per tutto")
    ROOM = "room", _("un contratto per stanza o posto letto")
    HOSPITALITY = "hospitality", _("accordo di ospitalità")


class Guarantee(models.TextChoices):
    """What covers the landlord besides the tenant's word."""

    DEPOSIT = "deposit", _("deposito")
    BANK = "bank", _("fideiussione")
    FUND = "fund", _("fondo di garanzia")
    PERSON = "person", _("garante")
    POLICY = "policy", _("polizza")
    NONE = "none", _("nessuna")


class Side(models.TextChoices):
    """Who gives notice."""

    TENANT = "tenant", _("chi ci abita")
    LANDLORD = "landlord", _("chi dà la casa")


class SignerRole(models.TextChoices):
    TENANT = "tenant", _("chi ci abita")
    LANDLORD = "landlord", _("per l'ente")
    GUARANTOR = "guarantor", _("garante")


class LeavingReason(models.TextChoices):
    """Why somebody leaves a home."""

    BETTER_HOME = "better_home", _("ha trovato un'altra casa")
    JOB = "job", _("lavoro altrove")
    FAMILY = "family", _("famiglia: si unisce o cambia")
    TERM = "term", _("fine del contratto o del percorso")
    ARREARS = "arrears", _("morosità")
    CONFLICT = "conflict", _("convivenza difficile")
    HEALTH = "health", _("salute")
    HOME_ENDS = "home_ends", _("la casa torna al proprietario o va in lavori")
    GONE = "gone", _("si è allontanato senza dirlo")
    OTHER = "other", _("altro")


class Destination(models.TextChoices):
    """Where somebody who leaves goes to live."""

    OWN_LEASE = "own_lease", _("affitto a suo nome")
    PUBLIC = "public", _("alloggio pubblico")
    NETWORK = "network", _("altra casa della rete")
    RELATIVES = "relatives", _("parenti o amici")
    EMPLOYER = "employer", _("alloggio del datore di lavoro")
    RECEPTION = "reception", _("di nuovo in accoglienza")
    SHELTER = "shelter", _("dormitorio o strada")
    OTHER_PLACE = "other_place", _("altra città o Stato")
    UNKNOWN = "unknown", _("non si sa")


class DutyKind(models.TextChoices):
    """What the body does, or has the tenant do, after a tenancy begins. The 48 hours of art. 7 live with the bed."""

    REGISTRATION = "registration", _("registrazione del contratto")
    EXTENSION = "extension", _("comunicazione della proroga")
    TERMINATION = "termination", _("comunicazione della fine anticipata")
    CONDOMINIUM = "condominium", _("comunicazione all'amministratore di condominio")
    RESIDENCE = "residence", _("dichiarazione di residenza")
    ADDRESS = "address", _("nuovo indirizzo alla Questura")
    WASTE_TAX = "waste_tax", _("dichiarazione TARI")
    UTILITIES = "utilities", _("volture delle utenze")


class Missing(models.TextChoices):
    """What a tenancy still lacks, as its list filters it."""

    SEND = "invio", _("mandarlo alla firma")
    SIGNATURES = "firme", _("firme")
    HAND_OVER = "consegna", _("consegna delle chiavi")
    COMMUNICATION = "comunicazione", _("comunicazione di ospitalità (48 ore)")
    DUTIES = "adempimenti", _("adempimenti")
    SHARES = "quote", _("quote che fanno il canone")
    TERM = "scadenza", _("rinnovo o chiusura")
    DEPOSIT = "deposito", _("restituire il deposito")


class HandOverKind(models.TextChoices):
    IN = "in", _("consegna")
    OUT = "out", _("riconsegna")


class Condition(models.TextChoices):
    NEW = "new", _("nuovo")
    GOOD = "good", _("buono")
    WORN = "worn", _("usato")
    BROKEN = "broken", _("rotto")
    MISSING = "missing", _("manca")


class Meter(models.TextChoices):
    ELECTRICITY = "electricity", _("luce (POD)")
    GAS = "gas", _("gas (PDR)")
    WATER = "water", _("acqua")


class HelpSource(models.TextChoices):
    """Who covers what is missing to enter a home."""

    BODY = "body", _("l'ente che dà la casa")
    MUNICIPALITY = "municipality", _("Comune")
    FUND = "fund", _("fondo")
    EMPLOYER = "employer", _("datore di lavoro")
    PROJECT = "project", _("progetto")
    OTHER = "other", _("altri")


class HelpState(models.TextChoices):
    ASKED = "asked", _("chiesto")
    GRANTED = "granted", _("concesso")
    PAID = "paid", _("pagato")
    REFUSED = "refused", _("negato")


# What counts against what is missing.
SURE_HELP = (HelpState.GRANTED, HelpState.PAID)
