"""Contract types and states of agreements (domain reference 4.3)."""

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


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("in preparazione")
    SIGNED = "signed", _("firmato")
    IN_FORCE = "in_force", _("in corso")
    ENDED = "ended", _("finito")
    CANCELLED = "cancelled", _("annullato")


_A = AgreementState

AGREEMENT_TRANSITIONS: Transitions[AgreementState] = Transitions(
    {
        "sign": (frozenset({_A.DRAFT}), _A.SIGNED),
        "start": (frozenset({_A.SIGNED}), _A.IN_FORCE),
        "end": (frozenset({_A.SIGNED, _A.IN_FORCE}), _A.ENDED),
        "cancel": (frozenset({_A.DRAFT}), _A.CANCELLED),
    }
)
