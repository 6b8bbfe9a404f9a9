"""A handful of real places: enough for most tests, loaded in two statements each."""

from ali.core.text import fold
from ali.places.models import Language, Municipality, Province, State

PROVINCES = [
    ("PD", "Padova", "028", "05", "Veneto"),
    ("VI", "Vicenza", "024", "05", "Veneto"),
    ("RO", "Rovigo", "029", "05", "Veneto"),
    ("RE", "Reggio nell'Emilia", "035", "08", "Emilia-Romagna"),
    ("BS", "Brescia", "017", "03", "Lombardia"),
]
MUNICIPALITIES = [
    ("028060", "Padova", "PD", "G224", True, 207412, "35121", 45.40276, 11.8832),
    ("028001", "Abano Terme", "PD", "A001", False, 20464, "35031", 45.35899, 11.79302),
    ("028016", "Cadoneghe", "PD", "B345", False, 15783, "35010", 45.45758, 11.91806),
    ("024116", "Vicenza", "VI", "L840", True, 110468, "36100", 45.54456, 11.55402),
    ("029041", "Rovigo", "RO", "H620", True, 49922, "45100", 45.06957, 11.79521),
    ("035033", "Reggio nell'Emilia", "RE", "H223", True, 172284, "42121", 44.69728, 10.63431),
    ("017029", "Brescia", "BS", "B157", True, 199853, "25121", 45.53249, 10.2259),
]
STATES = [
    ("100", "Italia", "Italy", "IT", "ITA", ""),
    ("243", "Ucraina", "Ukraine", "UA", "UKR", "Z138"),
    ("272", "Kosovo", "Kosovo", "", "KOS", "Z160"),
    ("301", "Afghanistan", "Afghanistan", "AF", "AFG", "Z200"),
    ("305", "Bangladesh", "Bangladesh", "BD", "BGD", "Z249"),
    ("344", "Pakistan", "Pakistan", "PK", "PAK", "Z236"),
    ("404", "Costa d'Avorio", "Côte d'Ivoire", "CI", "CIV", "Z313"),
    ("435", "Mali", "Mali", "ML", "MLI", "Z329"),
    ("443", "Nigeria", "Nigeria", "NG", "NGA", "Z335"),
    ("453", "Somalia", "Somalia", "SO", "SOM", "Z345"),
    ("999", "Apolide", "Stateless", "", "", ""),
]
LANGUAGES = [
    ("ita", "italiano", "Italiano"),
    ("eng", "inglese", "English"),
    ("fra", "francese", "Français"),
    ("ara", "arabo", "العربية"),
    ("ben", "bengalese (bangla)", "বাংলা"),
    ("bam", "bambara", "Bamanankan"),
    ("som", "somalo", "Soomaali"),
    ("ukr", "ucraino", "Українська"),
    ("urd", "urdu", "اردو"),
]


def load_small_places() -> None:
    """Five provinces with their capitals, eleven states (stateless too), nine languages. Twice is as good as once."""
    Province.objects.bulk_create(
        [
            Province(
                code=code, name=name, istat=istat, region_code=region_code, region=region, prefecture=code
            )
            for code, name, istat, region_code, region in PROVINCES
        ],
        ignore_conflicts=True,
    )
    Municipality.objects.bulk_create(
        [
            Municipality(
                istat=istat,
                name=name,
                folded=fold(name),
                province_id=province,
                cadastral=cadastral,
                is_capital=is_capital,
                population=population,
                postcode=postcode,
                latitude=latitude,
                longitude=longitude,
            )
            for istat, name, province, cadastral, is_capital, population, postcode, latitude, longitude in MUNICIPALITIES
        ],
        ignore_conflicts=True,
    )
    State.objects.bulk_create(
        [
            State(
                istat=istat,
                name=name,
                name_en=english,
                folded=fold(name),
                iso2=iso2,
                iso3=iso3,
                cadastral=belfiore,
            )
            for istat, name, english, iso2, iso3, belfiore in STATES
        ],
        ignore_conflicts=True,
    )
    Language.objects.bulk_create(
        [
            Language(code=code, name=name, native_name=native, for_mediation=True)
            for code, name, native in LANGUAGES
        ],
        ignore_conflicts=True,
    )


def municipality(name: str = "Padova") -> Municipality:
    """One of the small places by name."""
    load_small_places()
    return Municipality.objects.get(name=name)


def province(code: str = "PD") -> Province:
    """One of the five provinces by its letters."""
    load_small_places()
    return Province.objects.get(code=code)
