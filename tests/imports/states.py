"""A few states, as the bundled table has them."""

from ali.imports.parsing import Countries, Country

_ROWS = """\
100|Italia|Italy|IT|ITA|
404|Costa d'Avorio|Côte d'Ivoire|CI|CIV|Z313
418|Congo|Congo|CG|COG|Z311
463|Repubblica Democratica del Congo|Democratic Republic of the Congo|CD|COD|Z312
422|Gambia|Gambia|GM|GMB|Z317
425|Guinea|Guinea|GN|GIN|Z319
426|Guinea-Bissau|Guinea-Bissau|GW|GNB|Z320
435|Mali|Mali|ML|MLI|Z329
441|Namibia|Namibia|NA|NAM|Z300
442|Niger|Niger|NE|NER|Z334
443|Nigeria|Nigeria|NG|NGA|Z335
450|Senegal|Senegal|SN|SEN|Z343
305|Bangladesh|Bangladesh|BD|BGD|Z249
344|Pakistan|Pakistan|PK|PAK|Z236
301|Afghanistan|Afghanistan|AF|AFG|Z200
453|Somalia|Somalia|SO|SOM|Z345
466|Eritrea|Eritrea|ER|ERI|Z368
307|Myanmar/Birmania|Myanmar/Burma|MM|MMR|Z206
319|Corea del Nord|North Korea|KP|PRK|Z214
320|Corea del Sud|South Korea|KR|KOR|Z213
243|Ucraina|Ukraine|UA|UKR|Z138
272|Kosovo|Kosovo||KOS|Z160
"""

LISTED = [
    Country(code=iso3, name_it=it, name_en=en, iso2=iso2, iso3=iso3, istat=istat, cadastral=cadastral)
    for istat, it, en, iso2, iso3, cadastral in (line.split("|") for line in _ROWS.splitlines())
]
STATES = Countries(LISTED)
