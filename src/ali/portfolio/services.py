"""Making and revising appraisals: each save is a version, nothing is overwritten."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Building, Dwelling
from ali.portfolio import permissions
from ali.portfolio.calculations import unit_given
from ali.portfolio.models import Appraisal, AppraisalVersion
from ali.portfolio.presets import Known, preset
from ali.portfolio.states import COMPARED, Option
from ali.renovation.models import Works


class AppraisalNotPossible(Refusal):
    """An appraisal that cannot be."""


@atomic
def make_appraisal(
    *,
    actor: Actor,
    building: Building,
    works: Works | None,
    name: str,
    option: str,
    inputs: Mapping[str, Any],  # Any: values of a JSON document
    people: int,
) -> Appraisal:
    """Save the first version of an appraisal. Raises `WrongInput` when the inputs cannot be calculated with."""
    permissions.may_make_appraisal(actor).or_refuse()
    if not name.strip() or option not in Option.values:
        raise AppraisalNotPossible(_("Dai un nome alla valutazione e scegli l'alternativa."))
    if not Dwelling.objects.filter(building=building, manager=actor.body).exists():
        raise AppraisalNotPossible(_("Si valuta un immobile dove il tuo ente ha un alloggio."))
    unit_given(inputs)
    made = Appraisal.objects.create(
        holder_id=actor.body, building=building, works=works, name=name.strip(), option=option
    )
    _save(actor, made, inputs, people, "")
    audit.record(actor, "appraisal_made", made, option=option)
    return made


@atomic
def revise_appraisal(
    *,
    actor: Actor,
    appraisal: Appraisal,
    inputs: Mapping[str, Any],  # Any: values of a JSON document
    people: int,
    note: str,
    expected_version: int,
) -> AppraisalVersion:
    """Save another version; those before stay to be read."""
    permissions.may_revise_appraisal(actor, appraisal).or_refuse()
    unit_given(inputs)
    appraisal.save_if_unchanged(expected_version)
    made = _save(actor, appraisal, inputs, people, note)
    audit.record(actor, "appraisal_revised", appraisal, version=made.number)
    return made


def _save(
    actor: Actor, appraisal: Appraisal, inputs: Mapping[str, Any], people: int, note: str
) -> AppraisalVersion:
    return AppraisalVersion.objects.create(
        appraisal=appraisal,
        number=AppraisalVersion.objects.filter(appraisal=appraisal).count() + 1,
        inputs=dict(inputs),
        people=people,
        note=note.strip()[:300],
        made_by_id=actor.signer,
    )


@atomic
def make_options(*, actor: Actor, building: Building, works: Works | None, known: Known) -> list[Appraisal]:
    """Make the options that this building does not have yet, each from its usual numbers."""
    permissions.may_make_appraisal(actor).or_refuse()
    present = set(
        Appraisal.objects.filter(holder=actor.body, building=building).values_list("option", flat=True)
    )
    missing = [option for option in COMPARED if option not in present]
    if not missing:
        raise AppraisalNotPossible(_("Le alternative ci sono già: apri ognuna e cambia i suoi numeri."))
    made = [
        make_appraisal(
            actor=actor,
            building=building,
            works=works,
            name=str(option.label).capitalize(),
            option=option,
            inputs=preset(option, known),
            people=known.people,
        )
        for option in missing
    ]
    audit.record(actor, "appraisal_options_made", made[0], options=len(made))
    return made
