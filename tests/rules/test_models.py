"""Every model says what may leave production, sorts where it shows, and names its constraints after the rule."""

import pytest
from django.apps import apps
from django.db.models import Model

MODELS = [model for model in apps.get_models() if model.__module__.startswith("ali.")]


def label(model: type[Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_field_is_hidden_or_shown_outside_production(model: type[Model]) -> None:
    privacy = getattr(model, "Privacy", None)
    fields = {
        field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete
    } - {"id"}
    hidden, shown = set(getattr(privacy, "hidden", ())) - {"id"}, set(getattr(privacy, "shown", ())) - {"id"}

    assert (hidden & shown, fields - hidden - shown, (hidden | shown) - fields) == (set(), set(), set())


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_model_has_a_default_order(model: type[Model]) -> None:
    assert list(model._meta.ordering) == []
