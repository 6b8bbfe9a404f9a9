from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.organisations.queries import own_municipalities, prefecture_provinces
from ali.rules import permissions, services
from ali.rules.forms import RuleValueForm
from ali.rules.models import Rule
from ali.rules.queries import history_of, line, rules_by_group
from ali.rules.wording import value_lines


@requires(P.SEE_RULES)
def rule_list(request: StaffRequest) -> HttpResponse:
    """The rules in force, with their source, and who confirmed them."""
    groups = rules_by_group(clock.today())
    lines = [one for group in groups for one in group.lines]
    return page(
        request,
        "rules/rule_list.html",
        groups=groups,
        unconfirmed=sum(1 for one in lines if not one.confirmed_by),
        total=len(lines),
    )


def _rule(public_id: UUID) -> Rule:
    found: Rule = get_object_or_404(
        Rule.objects.select_related("province", "municipality", "confirmed_by"), public_id=public_id
    )
    return found


def _trail(*after: tuple[str, str]) -> list[dict[str, str]]:
    crumbs = [{"label": _("Regole"), "url": reverse("rules:rule_list")}]
    return crumbs + [{"label": label, "url": url} for label, url in after]


@requires(P.SEE_RULES)
def rule_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One rule: what it says, its value in parts, and all the values it has had."""
    today = clock.today()
    rule = _rule(public_id)
    return page(
        request,
        "rules/rule_detail.html",
        rule=rule,
        line=line(rule),
        parts=value_lines(rule.value, rule.unit),
        history=history_of(rule),
        may_set=bool(permissions.may_set_rule(request.actor, rule.code, today)),
        shows_confirm=request.actor.may(P.CONFIRM_RULES) and rule.confirmed_at is None,
        may_confirm=permissions.may_confirm_rule(request.actor, rule, today),
        breadcrumb=_trail((_("Regola"), "")),
    )


@requires(P.EDIT_RULES)
def rule_set(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Set a local value from a day on; the present one ends the day before."""
    today = clock.today()
    rule = _rule(public_id)
    permissions.may_set_rule(request.actor, rule.code, today).or_refuse()
    form = RuleValueForm(
        request.POST or None,
        rule=rule,
        provinces=prefecture_provinces(request.actor, today),
        towns=own_municipalities(request.actor, today),
        initial={"valid_from": today},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = services.set_rule_value(
                actor=request.actor,
                like=rule,
                value=form.value,
                province=given["province"],
                municipality=given["municipality"],
                valid_from=given["valid_from"],
                source=given["source"],
                is_blocking=given["is_blocking"],
                today=today,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("rules:rule_detail", args=[new.public_id]))
    return page(
        request,
        "rules/rule_form.html",
        status=422 if form.errors else 200,
        form=form,
        rule=rule,
        breadcrumb=_trail(
            (_("Regola"), reverse("rules:rule_detail", args=[rule.public_id])), (_("Nuovo valore"), "")
        ),
    )


@requires(P.CONFIRM_RULES)
@require_POST
def rule_confirm(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Confirm a rule in one's own name."""
    rule = _rule(public_id)
    try:
        services.confirm_rule(
            actor=request.actor,
            rule=rule,
            version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("rules:rule_detail", args=[rule.public_id]))
