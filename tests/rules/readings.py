"""Who reads about a person leaves a trace: whom an answer shows, and whose reading was written while it was made."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpResponse

from ali.audit.models import AuditEvent, AuditSubject
from ali.people.models import Person
from tests.rules.answers import everything_in


def shown(answer: HttpResponse, arguments: Mapping[str, Any]) -> set[uuid.UUID]:
    """The persons that an answer is about: named in it, linked from it, or in its address."""
    text = everything_in(answer)
    asked = {str(one) for one in arguments.values()}
    return {
        person.public_id
        for person in Person.objects.all()
        if str(person.public_id) in asked or str(person.public_id) in text or person.display_name in text
    }


def written_as_read(ask_for_it: Callable[[], HttpResponse]) -> tuple[HttpResponse, set[uuid.UUID]]:
    """An answer, and the persons whose reading, or exporting, was written while it was made."""
    last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    answer = ask_for_it()
    read = AuditSubject.objects.filter(
        Q(event__is_read=True) | Q(event__verb__endswith="_exported"), event__pk__gt=last
    )
    return answer, set(read.values_list("person", flat=True))
