from datetime import date
from typing import Any

from django.db.models import Q, QuerySet


class RuleQuerySet(QuerySet[Any]):
    def valid_on(self, day: date) -> "RuleQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
