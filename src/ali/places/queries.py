"""What other apps read from here: places by name, lists for choices, the file of the borders."""

from collections.abc import Iterable

from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.templatetags.static import static

from ali.core.text import fold
from ali.places.models import Dataset, Language, Municipality, Province, State

STATELESS = "999"


def municipalities_of(province: str) -> QuerySet[Municipality]:
    """Return the present municipalities of a province, by name."""
    return Municipality.objects.filter(province=province, is_current=True).order_by("folded", "pk")


def municipalities_by_name(provinces: Iterable[str] = ()) -> dict[str, Municipality]:
    """Return municipalities by folded name (`core.text.fold`), of some provinces or of the whole country.

    A merged municipality is found too, unless a present one has its name. Of two present ones with one name (there are
    five such pairs in the country) none is returned: ask again with the province.
    """
    wanted = Municipality.objects.select_related("province").order_by("is_current", "pk")
    codes = set(provinces)
    found: dict[str, Municipality] = {}
    doubtful: set[str] = set()
    for one in wanted.filter(province__in=codes) if codes else wanted:
        if one.is_current and one.folded in found and found[one.folded].is_current:
            doubtful.add(one.folded)
        found[one.folded] = one
    return {name: one for name, one in found.items() if name not in doubtful}


def find_municipality(name: str, province: str = "") -> Municipality | None:
    """Return the municipality called `name` (accents and case ignored); None when there is none, or more than one."""
    same = Municipality.objects.filter(folded=fold(name)).select_related("province")
    if province:
        same = same.filter(province=province)
    present = [one for one in same.order_by("pk") if one.is_current]
    candidates = present or list(same.order_by("pk"))
    return candidates[0] if len(candidates) == 1 else None


def states() -> list[State]:
    """Return every state with its codes, stateless included, by name: what the importers match citizenships against."""
    return list(State.objects.order_by("folded", "pk"))


def states_by_name() -> dict[str, str]:
    """Return the ISTAT code of each state by folded Italian and English name, ISO codes and Z code."""
    by_name: dict[str, str] = {}
    for state in states():
        for name in (state.cadastral, state.iso3, state.iso2, state.name_en, state.name):
            if name:
                by_name[fold(name)] = state.istat
    return by_name


def mediation_languages() -> QuerySet[Language]:
    """Return the short list of languages offered first, by name."""
    return Language.objects.filter(for_mediation=True).order_by("name", "pk")


def provinces() -> QuerySet[Province]:
    """Return the provinces by name."""
    return Province.objects.order_by("name", "pk")


def borders_url(province: str = "") -> str:
    """Return the address of the bundled borders: the municipalities of `province` where we have them, else provinces."""
    detailed = f"borders/comuni_{province}.geojson"
    known = province.isalpha() and finders.find(detailed)
    return static(detailed if known else "borders/province.geojson")


def datasets() -> QuerySet[Dataset]:
    """Return the versions of the loaded tables."""
    return Dataset.objects.order_by("code")
