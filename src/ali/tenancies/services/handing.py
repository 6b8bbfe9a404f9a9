"""Handing a home over: who is in which bed from which day, meters, inventory, keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing import services as housing
from ali.housing.models import Bed, Dwelling, Occupancy, Room
from ali.housing.queries import ongoing
from ali.people.services import assign
from ali.people.states import Capacity
from ali.tenancies import hooks, permissions
from ali.tenancies.checks import present, scope_of
from ali.tenancies.models import (
    HandOver,
    InventoryItem,
    ItemCheck,
    Key,
    KeyLoan,
    MeterReading,
    Tenancy,
    TenancyParty,
)
from ali.tenancies.queries import names_seen
from ali.tenancies.services.drafting import subjects
from ali.tenancies.services.duties import start_duties, write_term
from ali.tenancies.services.signing import lock_dwelling, step
from ali.tenancies.states import HandOverKind


class WrongHandOver(Refusal):
    """The hand-over cannot have been like that."""


class NoBed(Refusal):
    """Somebody has no bed yet, or it is promised to others."""


class KeysOut(Refusal):
    """There are not so many copies."""


@dataclass(frozen=True)
class Reading:
    """What a meter says, and its code."""

    value: Decimal
    code: str = ""


@dataclass(frozen=True)
class HandOverFacts:
    """What the report of a hand-over says: `readings` by meter, `conditions` by inventory item with a note."""

    done_on: date
    for_body: str
    notes: str = ""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    conditions: Mapping[int, tuple[str, str]] = field(default_factory=dict)


@atomic
def move_in(
    *, actor: Actor, tenancy: Tenancy, facts: HandOverFacts, expected_version: int, today: date
) -> Tenancy:
    """Hand the home over: they sleep there from that day, the 48 hours and the other duties begin."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    step(tenancy, "move_in")
    if facts.done_on > today:
        raise WrongHandOver(_("La consegna si registra quando è avvenuta: la data è nel futuro."))
    if facts.done_on < tenancy.starts_on:
        raise WrongHandOver(
            _(
                "La decorrenza è il %(day)s: si entra da quel giorno, oppure si riporta in preparazione e si anticipa."
            )
            % {"day": f"{tenancy.starts_on:%d/%m/%Y}"}
        )
    parties = list(tenancy.parties.select_related("person__household", "bed__room__dwelling").order_by("pk"))
    _put_in_beds(actor, tenancy, parties, facts.done_on, today)
    lock_dwelling(tenancy)
    tenancy.save_if_unchanged(expected_version)
    _write_report(tenancy, HandOverKind.IN, facts)
    for party in parties:
        assign(
            actor=actor,
            person=party.person,
            organisation_id=tenancy.landlord_id,
            capacity=Capacity.TENANCY,
            reason=_("Vive in una casa dell'ente"),
            today=today,
        )
    scope = scope_of(tenancy, parties)
    start_duties(tenancy, parties, facts.done_on, is_whole=not (scope.beds or scope.rooms))
    write_term(tenancy)
    audit.record(actor, "tenancy_moved_in", tenancy, persons=subjects(tenancy))
    hooks.tell(hooks.News.MOVED_IN, tenancy, today)
    return tenancy


def _put_in_beds(
    actor: Actor, tenancy: Tenancy, parties: Sequence[TenancyParty], day: date, today: date
) -> None:
    """Begin the stay of each: who is in the home already keeps the bed, who comes from a proposal starts on the day."""
    stays = {
        stay.person_id: stay
        for stay in Occupancy.objects.filter(
            ongoing(today),
            bed__room__dwelling=tenancy.dwelling_id,
            person__in=[party.person_id for party in parties],
        ).select_related("bed__room__dwelling", "person")
    }
    names = names_seen(actor, parties)
    for party in parties:
        stay = stays.get(party.person_id)
        if stay is None:
            _enter(tenancy, party, names.get(party.person_id, _("una persona")), day)
            continue
        if stay.starts_on > today or (tenancy.placement_id and stay.communicated_on is None):
            housing.move_start(occupancy=stay, starts_on=day)
        party.bed = stay.bed
        party.save(update_fields=["bed"])


def _enter(tenancy: Tenancy, party: TenancyParty, name: str, day: date) -> None:
    bed = party.bed
    if bed is None:
        raise NoBed(_("%(name)s: scegli prima il posto letto.") % {"name": name})
    bed.refresh_from_db()
    if bed.closed_on or bed.is_held:
        raise NoBed(
            _("%(name)s: il posto letto non è più in uso, o è tenuto per una proposta.") % {"name": name}
        )
    housing.occupy_beds(dwelling=tenancy.dwelling, beds=[bed], person_ids=[party.person_id], starts_on=day)


def _write_report(
    tenancy: Tenancy, kind: str, facts: HandOverFacts, party: TenancyParty | None = None
) -> HandOver:
    if not facts.for_body.strip():
        raise WrongHandOver(_("Scrivi chi c'era per l'ente."))
    made = HandOver.objects.create(
        tenancy=tenancy,
        party=party,
        kind=kind,
        done_on=facts.done_on,
        for_body=facts.for_body.strip(),
        notes=facts.notes.strip(),
    )
    MeterReading.objects.bulk_create(
        [
            MeterReading(hand_over=made, meter=meter, value=reading.value, code=reading.code.strip())
            for meter, reading in facts.readings.items()
        ]
    )
    known = set(InventoryItem.objects.filter(dwelling=tenancy.dwelling_id).values_list("pk", flat=True))
    if set(facts.conditions) - known:
        raise WrongHandOver(_("Un oggetto dell'inventario non è di questa casa: ricarica la pagina."))
    ItemCheck.objects.bulk_create(
        [
            ItemCheck(hand_over=made, item_id=item, condition=condition, note=note.strip())
            for item, (condition, note) in facts.conditions.items()
        ]
    )
    return made


@atomic
def record_return(
    *, actor: Actor, tenancy: Tenancy, facts: HandOverFacts, today: date, party: TenancyParty | None = None
) -> HandOver:
    """Write the report of a home given back, by everybody or by one who leaves."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if facts.done_on > today:
        raise WrongHandOver(_("La riconsegna si registra quando è avvenuta: la data è nel futuro."))
    if not HandOver.objects.filter(tenancy=tenancy, kind=HandOverKind.IN).exists():
        raise WrongHandOver(_("Manca il verbale di consegna: non è ancora entrato nessuno."))
    made = _write_report(tenancy, HandOverKind.OUT, facts, party)
    audit.record(actor, "home_given_back_by_tenant", tenancy, persons=subjects(tenancy))
    return made


@atomic
def change_bed(
    *, actor: Actor, tenancy: Tenancy, party: TenancyParty, bed: Bed, day: date, today: date
) -> None:
    """Move somebody to another bed of the home from a day: inside the flat too the 48 hours begin again."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if bed.room.dwelling_id != tenancy.dwelling_id:
        raise NoBed(_("Il posto letto non è di questa casa."))
    if party not in present(tenancy.parties.all(), day) or day > today:
        raise NoBed(_("Lo spostamento si registra quando è avvenuto, per chi abita ancora qui."))
    party.bed = bed
    _enter(tenancy, party, _("Questa persona"), day)
    party.save_if_unchanged(party.version)
    audit.record(
        actor, "tenant_changed_bed", tenancy, persons=[party.person.public_id], bed=str(bed.public_id)
    )


# --- keys


@atomic
def add_key(*, actor: Actor, dwelling: Dwelling, label: str, copies: int, room: Room | None = None) -> Key:
    """Add a key of the home and how many copies there are."""
    permissions.may_let_dwelling(actor, dwelling).or_refuse()
    if not label.strip() or not 1 <= copies <= 50:
        raise KeysOut(_("Scrivi che cosa apre la chiave e quante copie ci sono, da 1 a 50."))
    key = Key.objects.create(dwelling=dwelling, room=room, label=label.strip(), copies=copies)
    audit.record(actor, "key_added", dwelling, copies=copies)
    return key


def copies_out(key: Key) -> int:
    """Return how many copies are in somebody's hands, or lost."""
    return int(key.loans.filter(returned_on__isnull=True).aggregate(out=Sum("copies"))["out"] or 0)


@atomic
def give_key(
    *,
    actor: Actor,
    key: Key,
    copies: int,
    given_on: date,
    today: date,
    party: TenancyParty | None = None,
    holder_name: str = "",
) -> KeyLoan:
    """Put copies of a key in somebody's hands: one of the tenants, or somebody by name."""
    permissions.may_let_dwelling(actor, key.dwelling).or_refuse()
    locked = Key.objects.select_for_update().get(pk=key.pk)
    if given_on > today:
        raise KeysOut(_("La consegna delle chiavi si registra quando è avvenuta."))
    if party is None and not holder_name.strip():
        raise KeysOut(_("Scrivi a chi vanno le chiavi."))
    if party is not None and party.tenancy.dwelling_id != key.dwelling_id:
        raise KeysOut(_("Le chiavi sono di un'altra casa."))
    left = locked.copies - copies_out(locked)
    if not 1 <= copies <= left:
        raise KeysOut(_("Di questa chiave restano %(left)s copie.") % {"left": left})
    loan = KeyLoan.objects.create(
        key=key,
        party=party,
        holder_name="" if party else holder_name.strip(),
        copies=copies,
        given_on=given_on,
    )
    persons = [party.person.public_id] if party else []
    audit.record(actor, "key_given", key.dwelling, persons=persons, copies=copies)
    return loan


@atomic
def take_key_back(
    *,
    actor: Actor,
    loan: KeyLoan,
    returned_on: date | None,
    is_lost: bool,
    expected_version: int,
    today: date,
) -> KeyLoan:
    """Note that the copies came back, or that they are lost and stay out."""
    permissions.may_let_dwelling(actor, loan.key.dwelling).or_refuse()
    if is_lost == (returned_on is not None):
        raise KeysOut(_("Le chiavi sono tornate in un giorno, oppure sono perse."))
    if returned_on is not None and not loan.given_on <= returned_on <= today:
        raise KeysOut(_("Le chiavi tornano dopo la consegna e non nel futuro: controlla il giorno."))
    loan.returned_on, loan.is_lost = returned_on, is_lost
    loan.save_if_unchanged(expected_version)
    persons = [loan.party.person.public_id] if loan.party else []
    audit.record(actor, "key_lost" if is_lost else "key_returned", loan.key.dwelling, persons=persons)
    return loan


# --- inventory


@atomic
def add_item(
    *, actor: Actor, dwelling: Dwelling, label: str, quantity: int, room: Room | None = None
) -> InventoryItem:
    """Add something to the inventory of a home."""
    permissions.may_let_dwelling(actor, dwelling).or_refuse()
    if not label.strip() or not 1 <= quantity <= 999:
        raise WrongHandOver(_("Scrivi che cosa è e quanti sono, da 1 a 999."))
    if room is not None and room.dwelling_id != dwelling.pk:
        raise WrongHandOver(_("La stanza non è di questa casa."))
    item = InventoryItem.objects.create(dwelling=dwelling, room=room, label=label.strip(), quantity=quantity)
    audit.record(actor, "inventory_item_added", dwelling)
    return item


@atomic
def remove_item(*, actor: Actor, item: InventoryItem, expected_version: int, today: date) -> InventoryItem:
    """Note that something is no longer in the home; its history stays."""
    permissions.may_let_dwelling(actor, item.dwelling).or_refuse()
    item.removed_on = today
    item.save_if_unchanged(expected_version)
    audit.record(actor, "inventory_item_removed", item.dwelling)
    return item
