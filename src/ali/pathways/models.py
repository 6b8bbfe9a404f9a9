from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.people.models import Person
from ali.people.querysets import OfVisiblePersonQuerySet


class TieKind(models.TextChoices):
    FAMILY = "family", _("familiare")
    FRIEND = "friend", _("amico o connazionale")
    VOLUNTEER = "volunteer", _("volontario")
    COLLEAGUE = "colleague", _("collega o datore di lavoro")
    COMMUNITY = "community", _("associazione o comunità")


class Tie(Record):
    """Somebody outside the centre on whom the person can count. No names: kind and where."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(_("tipo"), max_length=10, choices=TieKind)
    place = models.CharField(_("dove"), max_length=80, blank=True)
    is_strong = models.BooleanField(_("può aiutare concretamente"), default=False)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Privacy:
        hidden = ["person", "kind", "place", "is_strong"]
        shown = ["public_id", "version", "created_at", "changed_at"]


class LanguageCourse(Record):
    """An Italian course followed."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="courses")
    school = models.CharField(_("scuola"), max_length=120)
    level = models.CharField(_("livello"), max_length=2)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)
    is_passed = models.BooleanField(_("superato"), default=False)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Privacy:
        hidden = ["person", "school", "level", "starts_on", "ends_on", "is_passed"]
        shown = ["public_id", "version", "created_at", "changed_at"]
