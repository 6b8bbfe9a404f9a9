"""States of a tenancy and how the people in it are bound (domain reference 4.3, 4.6)."""

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

TENANCY_TRANSITIONS: Transitions[TenancyState] = Transitions(
    {
        "send_to_sign": (frozenset({_T.DRAFT}), _T.SIGNING),
        "back_to_draft": (frozenset({_T.SIGNING}), _T.DRAFT),
        "complete_signatures": (frozenset({_T.SIGNING}), _T.SIGNED),
        "move_in": (frozenset({_T.SIGNED}), _T.RUNNING),
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
