"""The life of an import and what becomes of its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ali.core.states import Transitions


class RunState(models.TextChoices):
    READING = "reading", _("in lettura")
    STAGED = "staged", _("letto, da controllare")
    APPLYING = "applying", _("in applicazione")
    APPLIED = "applied", _("applicato")
    DISCARDED = "discarded", _("scartato")
    FAILED = "failed", _("non leggibile")


_R = RunState
RUN_TRANSITIONS: Transitions[RunState] = Transitions(
    {
        "stage": (frozenset({_R.READING}), _R.STAGED),
        "fail": (frozenset({_R.READING}), _R.FAILED),
        "read_again": (frozenset({_R.STAGED}), _R.READING),
        "start": (frozenset({_R.STAGED}), _R.APPLYING),
        "stop": (frozenset({_R.APPLYING}), _R.STAGED),
        "apply": (frozenset({_R.STAGED, _R.APPLYING}), _R.APPLIED),
        "discard": (frozenset({_R.READING, _R.STAGED, _R.FAILED}), _R.DISCARDED),
    }
)


class RowStatus(models.TextChoices):
    """What we think of a row: only `ok` is applied."""

    OK = "ok", _("bene")
    DOUBTFUL = "doubtful", _("da controllare")
    SKIPPED = "skipped", _("saltata")
    ERROR = "error", _("errore")


class Effect(models.TextChoices):
    """What applying a row does, or did."""

    NEW = "new", _("nuova")
    CHANGED = "changed", pgettext_lazy("effetto", "aggiorna")
    SAME = "same", _("uguale")
    NONE = "none", pgettext_lazy("effetto", "nessuno")


class Answer(models.TextChoices):
    """What a person says of a doubtful row; the public id of a person of ours is an answer too."""

    USE = "use", _("usala come è stata letta")
    NEW = "new", _("è una persona nuova")
    SKIP = "skip", _("saltala")
