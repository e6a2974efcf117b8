# Hvad kunder læser på dansk.
#
# Et fund: beskeden siger, hvad der er galt; `.fix` siger, hvad der skal gøres.
# Alle beskeder kender $value, $column og $field; mangler en værdi, står der `none`.
# Et funds øvrige værdier står i `language/arguments.rs`.

## Filen

EMPTY_FILE = Filen er tom.
    .fix = Dan filen igen, og læg den ind på ny.
HEADER_ONLY = Filen indeholder kun overskriftsrækken og ingen poster.
    .fix = Der er ikke noget at gøre.
UNKNOWN_FORMAT = { $looks_like ->
    [none] Filens format kan ikke læses.
    [binary] Filens format kan ikke læses; den indeholder ingen tekst.
   *[other] Filens format kan ikke læses (genkendt: { $looks_like }).
}
    .fix = Læg filen ind som CSV, TXT, XLSX, XLS, ODS eller XML. Skabeloner ligger i mappen “templates”.
NO_HEADER = Der blev ikke fundet en overskriftsrække med kolonnenavne.
    .fix = Skriv kolonnenavnene i første række, for eksempel “Kunde_Nr”, “Faktura_Nr”, “Hovedstol”.
MISSING_COLUMN = Kolonnen “{ $field }” mangler i filen.
    .fix = { $expected ->
    [none] Tilføj en kolonne “{ $field }”.
   *[other] Tilføj en kolonne med et af disse navne: { $expected }.
}
UNKNOWN_COLUMN = Kolonnen “{ $column }” kendes ikke; indholdet gemmes sammen med fordringen.
    .fix = Der er ikke noget at gøre. Skal indholdet bruges, så anvend et kolonnenavn fra vejledningen i mappen “templates”.
COLUMN_TWICE = Kolonnen “{ $column }” bringer “{ $field }” en gang til.
    .fix = Send kun den ene af kolonnerne, eller giv den ene et andet navn.
PASSWORD_PROTECTED = Filen er beskyttet med en adgangskode.
    .fix = Gem den uden adgangskode, og læg den ind igen. Selve overførslen er krypteret.
CORRUPT_FILE = Filen er beskadiget og kan ikke åbnes.
    .fix = Åbn filen, gem den på ny, og læg den ind igen.
BAD_ENCODING = Filens tegnsæt kan ikke læses.
    .fix = Gem den som UTF-8 eller Windows-1252 (ANSI).
NUL_BYTES = Filen indeholder tegn, som ikke må forekomme i en tekst (NUL-bytes).
    .fix = Dan filen igen, og gem den som UTF-8 eller Windows-1252 (ANSI).
FILE_TOO_LARGE = { $limit ->
    [none] Filen er for stor.
   *[other] Filen er større end de aftalte { $limit }.
}
    .fix = Del den op i flere filer.
UNPACKS_TOO_LARGE = Filen bliver for stor, når den pakkes ud.
    .fix = Del den op i flere filer, og slet tomme formaterede områder.
TOO_MANY_CELLS = { $limit ->
    [none] Filen har for mange celler, rækker eller kolonner.
   *[other] Filen har for mange celler, rækker eller kolonner (højst { $limit }).
}
    .fix = Del den op i flere filer, og slet tomme rækker og kolonner.
XML_FORBIDDEN = XML-filen indeholder en dokumenttype eller egne entiteter; det er af sikkerhedsgrunde ikke tilladt.
    .fix = Dan XML-filen uden DOCTYPE.
XML_TOO_DEEP = XML-filen er indlejret for dybt.
    .fix = Dan filen efter skemaet i mappen “templates”.
XML_MALFORMED = XML-filen er ikke velformet.
    .fix = Dan filen efter skemaet i mappen “templates”, og kontrollér den først.
CUT_LAST_LINE = Den sidste linje er ufuldstændig; overførslen er måske blevet afbrudt.
    .fix = Kontrollér, om hele filen er kommet frem, og læg den ellers ind igen.
TOO_EXPENSIVE = Filen kunne ikke læses inden for rimelig tid.
    .fix = Del den op i flere filer, eller læg den ind som CSV.
BAD_FILE_NAME = Filens navn kan ikke bruges.
    .fix = Brug kun bogstaver, cifre, punktum, bindestreg og understregning.
QUARANTINED = Filen kunne ikke behandles på grund af en fejl hos os. Vi har fået besked og ser på det.
    .fix = Læg den ikke ind igen; vi kontakter jer.

## Papirer, pakker og beskeder

PAPER_MISSING = Bilaget “{ $paper }” er ikke med.
    .fix = Læg det i pakken, eller i “inbox/documents” under et navn, der begynder med fakturanummeret.
PAPER_WITHOUT_CASE = Navnet på filen “{ $paper }” begynder ikke med et sags- eller fakturanummer, vi kender.
    .fix = Navngiv den, så den begynder med vores sagsnummer eller dit fakturanummer (f.eks. “RE-4711_kontrakt.pdf”), og aflever den igen.
PAPER_NOT_NAMED = Ingen linje i listen nævner filen “{ $paper }” i pakken; den blev ikke lagt på en sag.
    .fix = Nævn den i kolonnen “Bilag”, eller læg den i “inbox/documents”.
PAPER_TYPE_NOT_TAKEN = En fil af denne type modtages ikke som bilag{ $looks_like ->
    [none] .
   *[other] {" "}(genkendt: { $looks_like }).
}
    .fix = Aflever PDF, PNG, JPEG, TIFF, DOCX, XLSX, tekst, XML eller e-mails (EML, MSG).
PAPER_TOO_LARGE = Bilaget er for stort{ $limit ->
    [none] .
   *[other] {" "}(højst { $limit }).
}
    .fix = Gør det mindre, eller del det.
TOO_MANY_PAPERS = Der er for mange filer{ $limit ->
    [none] .
   *[other] {" "}(højst { $limit }).
}
    .fix = Fordel dem på flere afleveringer.
BUNDLE_WITHOUT_LIST = Pakken indeholder ingen liste.
    .fix = Læg listen (CSV, XLSX, ODS, XML) i pakken. Enkelte papirer hører til i “inbox/documents”.
BUNDLE_SEVERAL_LISTS = Pakken indeholder flere lister.
    .fix = Lav en pakke for hver liste.
BUNDLE_BAD_NAME = Pakken indeholder en fil med et navn, der ikke er tilladt.
    .fix = Lav pakken igen med enkle filnavne, uden “..” og uden drev.
BUNDLE_NAME_TWICE = To filer i pakken har samme navn{ $paper ->
    [none] .
   *[other] : “{ $paper }”.
}
    .fix = Omdøb en af dem.
BUNDLE_LINK = Pakken indeholder et link i stedet for en fil.
    .fix = Læg selve filen i pakken.
BUNDLE_NESTED = Pakken indeholder endnu et arkiv{ $paper ->
    [none] .
   *[other] : “{ $paper }”.
}
    .fix = Læg dets filer direkte i pakken.
MESSAGE_WITHOUT_TEXT = Beskeden mangler sin tekst.
    .fix = Læg en tekstfil (TXT) ved.

## Rækken

TOO_FEW_FIELDS = { $expected ->
    [none] Rækken har færre felter end overskriftsrækken.
   *[other] Rækken har { $found } felter, overskriftsrækken { $expected }.
}
    .fix = Tilføj de manglende felter; også tomme felter skal have deres skilletegn.
TOO_MANY_FIELDS = { $limit ->
    [none] { $expected ->
        [none] Rækken har flere felter end overskriftsrækken.
       *[other] Rækken har { $found } felter, overskriftsrækken { $expected }.
    }
   *[other] Rækken har mere end { $limit } felter.
}
    .fix = Sæt tekster, der indeholder skilletegnet, i anførselstegn.
FIELD_TOO_LONG = { $limit ->
    [none] Teksten er for lang.
   *[other] Teksten er længere end { $limit } tegn.
}
    .fix = Forkort den.
UNCLOSED_QUOTE = Et anførselstegn bliver ikke afsluttet.
    .fix = Tilføj det afsluttende anførselstegn; et anførselstegn inde i en tekst skal skrives dobbelt.
TOTALS_LINE = Rækken blev genkendt som en sumlinje og udeladt.
    .fix = Der er ikke noget at gøre.
UNKNOWN_RECORD_TYPE = Posttypen “{ $value }” kendes ikke.
    .fix = Brug en posttype fra vejledningen i mappen “templates”, eller lad feltet stå tomt (ny fordring).
RECORD_TYPE_NOT_TAKEN = Posttypen “{ $value }” modtages ikke herfra.
    .fix = { $value ->
        [agency_payment] En betaling, som I selv har modtaget, meldes som “direkte betaling”.
       *[other] Vejledningen i mappen “templates” siger, hvilke posttyper I kan bruge.
    }

## Værdien

REQUIRED = “{ $field }” mangler.
    .fix = { $or ->
    [none] Tilføj “{ $field }”.
   *[other] Tilføj “{ $field }”; også muligt: { $or }.
}
NEEDED_BEFORE_LETTER = “{ $field }” mangler; oplysningen skal bruges til det første brev til skyldneren.
    .fix = Eftersend den.
DATE_UNREADABLE = “{ $value }” er ikke en dato.
    .fix = Skriv den som ÅÅÅÅ-MM-DD, for eksempel 2026-12-31.
DATE_AMBIGUOUS = “{ $value }” kan læses på to måder: dag og måned kan ikke skelnes.
    .fix = Skriv datoen som ÅÅÅÅ-MM-DD, for eksempel 2026-12-31.
AMOUNT_UNREADABLE = “{ $value }” er ikke et beløb.
    .fix = Skriv det som et tal, for eksempel 1234,56.
AMOUNT_AMBIGUOUS = “{ $value }” kan læses på to måder: som tusind- eller som decimalskilletegn.
    .fix = Skriv beløbet med decimaler, for eksempel 1234,56.
AMOUNT_PRECISION = { $currency ->
    [none] “{ $value }” har flere decimaler, end valutaen har.
   *[other] “{ $value }” har flere decimaler, end { $currency } har.
}
    .fix = Afrund til hele mindste enheder (øre, cent).
NUMBER_DAMAGED = Nummeret “{ $value }” er blevet ændret af regnearket: tal med mere end 15 cifre mister cifre dér.
    .fix = Formatér kolonnen som tekst, og skriv nummeret igen.
CELL_ERROR = Cellen indeholder fejlværdien { $value }.
    .fix = Ret formlen, eller skriv værdien.
VALUE_UNREADABLE = “{ $value }” kan ikke læses som “{ $field }”; værdien gemmes, som den kom.
    .fix = Ret den ved lejlighed; vejledningen i mappen “templates” siger, hvad der er muligt.
CONTROL_CHARACTERS = Teksten indeholder usynlige kontroltegn; de er erstattet.
    .fix = Fjern dem ved kilden ved lejlighed.

## Fordringen

AMOUNT_NOT_POSITIVE = Beløbet “{ $value }” er ikke større end nul.
    .fix = Skriv det åbne beløb som et positivt tal.
AMOUNT_NEGATIVE = Beløbet “{ $value }” er negativt.
    .fix = Skriv nul eller et positivt beløb.
AMOUNT_TOO_LOW = { $limit ->
    [none] Beløbet er under det aftalte mindstebeløb.
   *[other] Beløbet er under det aftalte mindstebeløb på { $limit }.
}
    .fix = Fordringer under mindstebeløbet kan ikke overtages.
AMOUNT_TOO_HIGH = { $reason ->
    [beyond] Beløbet er højere end { $limit } og kan ikke bogføres.
   *[other] { $limit ->
        [none] Beløbet “{ $value }” er usædvanligt højt.
       *[other] Beløbet “{ $value }” er usædvanligt højt (fra { $limit } spørger vi).
    }
}
    .fix = Kontrollér decimalkomma og tusindskilletegn.
DATE_IN_FUTURE = Datoen “{ $value }” ligger i fremtiden.
    .fix = Ret datoen, eller send fordringen, når den er forfalden.
DATE_IMPLAUSIBLE = { $earliest ->
    [none] Datoen “{ $value }” ligger usandsynligt langt tilbage.
   *[other] Datoen “{ $value }” ligger usandsynligt langt tilbage (før { $earliest }).
}
    .fix = Kontrollér årstallet, og skriv det med fire cifre.
DUE_BEFORE_INVOICE = { $invoice_date ->
    [none] Forfaldsdatoen ligger før fakturadatoen.
   *[other] Forfaldsdatoen ligger før fakturadatoen { $invoice_date }.
}
    .fix = Kontrollér datoerne. Ved forudbetaling, for eksempel husleje, er der ikke noget at gøre.
BIRTH_DATE_IMPLAUSIBLE = { $reason ->
    [minor] Efter fødselsdatoen “{ $value }” er skyldneren mindreårig.
    [future] Fødselsdatoen “{ $value }” ligger i fremtiden.
    [too_old] Efter fødselsdatoen “{ $value }” ville skyldneren være over 120 år.
   *[other] “{ $value }” kan ikke være skyldnerens fødselsdato.
}
    .fix = { $reason ->
    [minor] Er datoen rigtig, er der ikke noget at rette; oplys hvem der er værge for skyldneren (kolonnen “Repræsentant”).
    [future] Kontrollér årstallet, og skriv det med fire cifre, eller lad feltet stå tomt.
    [too_old] Kontrollér årstallet, og skriv det med fire cifre, eller lad feltet stå tomt.
   *[other] Kontrollér fødselsdatoen, eller lad feltet stå tomt.
}
UNKNOWN_CURRENCY = “{ $value }” er ikke en kendt valuta.
    .fix = Brug valutakoden på tre bogstaver, for eksempel DKK.
INCORRECT_CURRENCY = { $expected ->
    [none] Valutaen “{ $value }” passer ikke til sagen.
   *[other] Valutaen “{ $value }” passer ikke; der forventes { $expected }.
}
    .fix = Send fordringen i den aftalte valuta.
UNKNOWN_COUNTRY = “{ $value }” er ikke et kendt land.
    .fix = Brug landekoden på to bogstaver, for eksempel DK.
POSTCODE_IMPLAUSIBLE = { $country ->
    [none] “{ $value }” er ikke et postnummer i dette land.
   *[other] “{ $value }” er ikke et postnummer i { $country }.
}
    .fix = { $expected ->
    [none] Kontrollér postnummer og land; foranstillede nuller hører med.
   *[other] Kontrollér postnummer og land; dér har det formen { $expected }, og foranstillede nuller hører med.
}
IBAN_INVALID = Kontrolcifrene i IBAN “{ $value }” er forkerte.
    .fix = Kontrollér IBAN-nummeret.
EMAIL_INVALID = “{ $value }” er ikke en e-mailadresse.
    .fix = Kontrollér adressen.
PHONE_INVALID = “{ $value }” er ikke et telefonnummer.
    .fix = Skriv det med landekode, for eksempel +45 12 34 56 78.
TIME_BARRED = { $date ->
    [none] Fordringen er sandsynligvis forældet.
   *[other] Fordringen har sandsynligvis været forældet siden { $date }.
}
    .fix = Kontrollér, om forældelsen er afbrudt, eller om der er dom eller forlig, og giv os besked.
INTEREST_REASON_MISSING = { $statutory ->
    [none] Rentesatsen er højere end den lovbestemte; begrundelsen mangler.
   *[other] Rentesatsen er højere end den lovbestemte på { $statutory } %; begrundelsen mangler.
}
    .fix = Angiv begrundelsen, for eksempel aftalen i kontrakten.
ACTS_AS_UNKNOWN = { $reason ->
    [no_column] Ingen kolonne i listen angiver, hvem der er forbruger eller erhverv; den, der ikke kan ses at være erhverv, behandles som forbruger.
   *[other] Det er ikke angivet, om skyldneren er forbruger eller erhverv; skyldneren behandles som forbruger.
}
    .fix = { $reason ->
    [no_column] Tilføj fremover en kolonne “{ $field }” med “Forbruger” eller “Erhverv”.
   *[other] Angiv det fremover (“Forbruger” eller “Erhverv”).
}
NO_DEFAULT_DATE = Oplysningerne giver ikke nogen dato for misligholdelsen; der beregnes ikke renter.
    .fix = Eftersend forfaldsdato, rykkerdato eller misligholdelsesdato.
PRINCIPAL_ABOVE_ORIGINAL = { $original ->
    [none] Det åbne beløb er højere end fakturaens oprindelige beløb.
   *[other] Det åbne beløb er højere end fakturaens oprindelige beløb på { $original }.
}
    .fix = Kontrollér beløbet. Rykkergebyrer og renter hører til i egne kolonner.

## Sagen

UNKNOWN_REFERENCE = Vi kender ingen af dine sager under “{ $value }”.
    .fix = Kontrollér sags-, kunde-, faktura- eller betalingsnummeret.
AMBIGUOUS_REFERENCE = “{ $value }” står for flere af dine sager.
    .fix = Angiv sagsnummeret.
REFERENCES_DISAGREE = Rækkens numre hører ikke til samme sag (“{ $value }”).
    .fix = Kontrollér numrene; ét af dem er nok.
CASE_CLOSED = Sagen er afsluttet.
    .fix = Kontrollér sagen, eller skriv til os.
CLAIM_NOT_NAMED = Sagen har flere krav; rækken siger ikke, hvilket der menes.
    .fix = Angiv fakturanummeret.
AMOUNT_ABOVE_CLAIM = Kreditnotaen er højere end kravet ({ $limit }).
    .fix = Kontrollér beløb og fakturanummer.
AMOUNT_ABOVE_OPEN = Beløbet er højere end det skyldige ({ $limit }).
    .fix = Kontrollér beløbet.
OVERPAYMENT = Betalingen er højere end det skyldige; { $over } står som tilgodehavende.
    .fix = Kontrollér beløbet; vi vender tilbage om tilgodehavendet.
UNMATCHED_PAYMENT = { $found ->
    [none] Der blev ikke fundet nogen sag til betalingen.
    [several] Teksten indeholder numre på flere sager.
   *[other] Fakturanummeret passer til sag { $found }, men hverken navn eller beløb gør.
}
    .fix = Udfyld sagsnummeret, og læg rækken ind igen.
UNMATCHED_RETURN = Der er ikke bogført nogen betaling på dette beløb, som returneringen kunne gælde.
    .fix = Udfyld betalingsnummeret, og læg rækken ind igen.
AMBIGUOUS_RETURN = Flere betalinger på dette beløb har returneringens reference.
    .fix = Udfyld betalingsnummeret på den, der menes, og læg rækken ind igen.
ALREADY_CANCELLED = “{ $value }” er allerede annulleret.
    .fix = Der er intet at gøre; ellers kontrollér nummeret.
ALREADY_RECALLED = Kravet er allerede tilbagekaldt.
    .fix = Der er intet at gøre.
POSSIBLE_DUPLICATE = Samme beløb fra samme dag er allerede bogført; det blev bogført igen.
    .fix = Er det samme postering, så annullér den. Med et betalingsnummer sker det ikke.
STEP_NOT_ALLOWED = En sag går ikke fra “{ $from }” til “{ $value }”.
    .fix = Kontrollér fasen; inddrivelse kræver et grundlag, og “close” afslutter sagen.
DATE_PASSED = Dagen er passeret.
    .fix = Angiv en dag fra i dag og frem.
NOT_PAUSED = Sagen er ikke i bero.
    .fix = Der er intet at gøre.
NOTHING_TO_CHANGE = Der er hverken ny adresse, e-mail eller telefonnummer i rækken.
    .fix = Angiv, hvad der er ændret.
NO_OPEN_QUERY = Der er intet åbent spørgsmål på sagen; teksten blev taget som en besked.
    .fix = Kontrollér, at det er den rigtige sag.
PLAN_RUNNING = Der løber allerede en afdragsordning på sagen.
    .fix = Afslut først den løbende.
PLAN_TOO_LONG = Med denne rate bliver det mere end { $limit } rater.
    .fix = Angiv en højere rate.
NO_FEE_SCHEDULE = Klientens aftale nævner ingen gebyrtabel, eller tabellen kender ikke tilfældet.
    .fix = Angiv gebyrtabellen i aftalen, eller skriv beløbet.
VALUE_NOT_ALLOWED = “{ $value }” er ikke en mulig værdi her.
    .fix = Angiv en af værdierne fra postbeskrivelsen.
TOO_MANY_REQUESTS = En fil må højst indeholde { $limit } forespørgsler.
    .fix = Stil de øvrige forespørgsler i en ny fil, eller bed om en liste i stedet for mange enkelte sager.

## Mod det, der allerede findes

DUPLICATE = Fordringen er sendt tidligere.
    .fix = Der er ikke noget at gøre; send den ikke igen.
DUPLICATE_DIFFERS = { $field ->
    [none] Fordringen er sendt tidligere, men med et andet beløb eller en anden dato.
   *[other] Fordringen er sendt tidligere, men med en anden værdi i “{ $field }”.
}
    .fix = Kontrollér fakturanummeret. Er beløbet ændret, så giv os besked om ændringen.
DEBTOR_MISMATCH = { $reason ->
    [birth_date] Kundenummeret “{ $value }” hører allerede til en med dette navn og en anden fødselsdato.
   *[other] Kundenummeret “{ $value }” hører allerede til et andet navn.
}
    .fix = { $reason ->
    [birth_date] Kontrollér nummer og fødselsdato; hver skyldner skal have sit eget nummer.
   *[other] Kontrollér nummer og navn; hver skyldner skal have sit eget nummer.
}
LIKELY_TWIN = Navn og adresse er de samme som under kundenummeret “{ $value }”.
    .fix = Er det samme person, så brug ét nummer fremover, og giv os besked.
UNKNOWN_CREDITOR = Kreditor “{ $value }” kendes ikke.
    .fix = Brug den aftalte kode for kreditor.
NO_MANDATE = Der er for tiden ingen aftale for denne fordring.
    .fix = Afklar med os, fra hvornår og for hvilken kreditor der sendes.
WITHHELD = Intet at ændre: Rækken er i orden og blev holdt tilbage, fordi andre rækker skal rettes.
    .fix = Læg den ind igen sammen med de rettede rækker.

## Kontoudtoget

ENTRIES_LEFT_OUT = Udeladt af dette kontoudtog, fordi det ikke er modtagne betalinger: hævninger: { $debits }, endnu ikke bogførte posteringer: { $pending }, egne overførsler, der kom retur: { $returned }.
    .fix = Der er ikke noget at gøre.
BATCH_DIFFERS = De enkelte posteringer i denne samlepostering giver ikke posteringens tal: forventet { $expected }, fundet { $found }.
    .fix = Afstem samleposteringen med banken eller med filen med de enkelte posteringer (camt.054).

## Hvor

place-row-column = Række { $row }, kolonne “{ $column }”
place-row = Række { $row }
place-column = Kolonne “{ $column }”
place-sheet = Ark “{ $sheet }”

## Kolonner i svar og rapporter

heading-sheet = Ark
heading-row = Række
heading-outcome = Resultat
heading-case_number = Sagsnummer
heading-debtor_number = Kundenummer
heading-invoice_number = Fakturanummer
heading-amount = Beløb
heading-currency = Valuta
heading-code = Kode
heading-field = Felt
heading-message = Besked
heading-todo = Hvad der skal gøres
heading-creditor = Kreditor
heading-debtor = Skyldner
heading-opened = Oprettet
heading-closed = Afsluttet
heading-stage = Stadie
heading-processing = Behandling
heading-payment = Betaling
heading-claims = Fordringer
heading-principal = Hovedstol
heading-costs = Omkostninger
heading-paid = Betalt
heading-balance = Restgæld
heading-closing_reason = Afslutningsårsag
heading-handed_over = Modtaget
heading-file = Fil
heading-delivery = Levering
heading-mode = Art
heading-status = Status
heading-submitted = Sendt
heading-accepted = Overtaget
heading-rejected = Afvist
heading-duplicate = Dublet
heading-withheld = Holdt tilbage
heading-finished = Besvaret
total = I alt

outcome-accepted = overtaget
outcome-rejected = afvist
outcome-duplicate = sendt tidligere
outcome-withheld = holdt tilbage
outcome-file = fil
# Ved kontrol overtages intet.
outcome-accepted-validate = i orden
outcome-rejected-validate = ville blive afvist
outcome-duplicate-validate = sendt tidligere
outcome-withheld-validate = ville blive holdt tilbage

status-ACCP = alt overtaget
status-PART = delvist overtaget
status-RJCT = afvist
status-DUPL = sendt tidligere
status-none = under behandling
mode-import = overdragelse
mode-validate = kontrol

stage-extrajudicial = udenretlig
stage-judicial_dunning = betalingspåkrav
stage-litigation = retssag
stage-enforcement = tvangsfuldbyrdelse
stage-insolvency = insolvens
stage-long_term_monitoring = langtidsovervågning
stage-ended = afsluttet
processing-in_progress = under behandling
processing-paused = sat i bero
processing-ended = afsluttet
payment-unpaid = ikke betalt
payment-partially_paid = delvist betalt
payment-fully_paid = betalt

## Mails

greeting = Goddag,
regards = Med venlig hilsen
automatic = Denne besked er dannet automatisk.
delivery-subject = { $mode ->
    [validate] Kontrol af “{ $file }”: { $submitted ->
        [0] ingen poster
       *[other] { $accepted } af { $submitted } i orden{ $faulty ->
            [0] { "" }
           *[other] , { $faulty } skal rettes
        }
    }
   *[import] { $status ->
        [WAIT] “{ $file }” kunne endnu ikke behandles
        [DUPL] “{ $file }” er sendt tidligere
       *[other] “{ $file }”: { $submitted ->
            [0] { $faulty ->
                [0] ingen poster
               *[other] kan ikke læses
            }
           *[other] { $accepted } af { $submitted } overtaget{ $duplicate ->
                [0] { "" }
               *[other] , { $duplicate } sendt tidligere
            }{ $faulty ->
                [0] { "" }
               *[other] , { $faulty } skal rettes
            }{ $withheld ->
                [0] { "" }
               *[other] , { $withheld } holdt tilbage
            }
        }
    }
}
delivery-summary = { $mode ->
    [validate] Jeres fil “{ $file }” er kontrolleret. Intet er overtaget.
   *[import] { $status ->
        [ACCP] Jeres fil “{ $file }” er overtaget fuldt ud.
        [PART] Jeres fil “{ $file }” er overtaget delvist.
        [WAIT] Jeres fil “{ $file }” kunne endnu ikke behandles på grund af en fejl hos os.
        [DUPL] Samme fil som “{ $file }” er kommet tidligere (levering { $first }). Den er ikke overtaget igen.
       *[other] Jeres fil “{ $file }” kunne ikke overtages.
    }
}
delivery-counts = Poster: { $submitted } – overtaget: { $accepted }, skal rettes: { $rejected }, sendt tidligere: { $duplicate }, holdt tilbage: { $withheld }
delivery-counts-validate = Poster: { $submitted } – i orden: { $accepted }, skal rettes: { $rejected }, sendt tidligere: { $duplicate }, ville blive holdt tilbage: { $withheld }
delivery-next = { $next ->
    [correct] Rækkerne, der skal rettes, ligger i “outbox/corrections”. Ret dem dér, gem, og læg filen i “inbox” igen.
    [file] Hvad der skal ændres i filen, står i svaret i “outbox/acknowledgements”.
    [wait] Vi ser på det. Læg ikke filen ind igen.
   *[nothing] Der er ikke noget at gøre. Svaret med sagsnumrene ligger i “outbox/acknowledgements”.
}
delivery-next-validate = { $next ->
    [correct] Hvad der skal rettes, står i svaret i “outbox/acknowledgements” og i filen i “outbox/corrections”. Læg den rettede fil i “inbox” for at overdrage fordringerne.
    [file] Hvad der skal ændres i filen, står i svaret i “outbox/acknowledgements”.
    [wait] Vi ser på det. Læg ikke filen ind igen.
   *[nothing] Læg filen i “inbox” for at overdrage fordringerne.
}
duplicate-file-fix = Der er ikke noget at gøre. Rækkerne viser resultatet af den første levering.
report-subject = { $report } er klar
report-summary = { $report } ligger i “outbox/reports”: { $file }
report-cases = Rapporten “Sager”
report-deliveries = Rapporten “Overdragelser”
quarantine-subject = Levering { $delivery } fra { $client } i karantæne
quarantine-summary = Levering { $delivery } fra klienten { $client } kunne ikke behandles på grund af en fejl i tjenesten og ligger i karantæne. Klienten har fået besked.
quarantine-next = Årsagen: `dropcase delivery show { $delivery }` og loggen. Derefter: `dropcase delivery resubmit { $delivery }`.

## Beskeder

message-date = Dato
message-kind = Art
message-reply = Svar på jeres besked af { $date }
message-news = Besked om jeres sag
message-query = Forespørgsel; svar os venligst
message-papers = Vedlagt, i samme mappe:
message-how-answer = Sådan svarer I: Gem de to linjer herunder med jeres tekst som CSV-fil, og læg den i mappen “inbox”.
message-how-more = Vil I svare på beskeden? Gem de to linjer herunder med jeres tekst som CSV-fil, og læg den i mappen “inbox”.
message-your-text = Jeres tekst
message-subject = { $kind ->
    [query] Forespørgsel om sag { $case }
   *[reply] Svar om sag { $case }
}
message-summary = { $kind ->
    [query] Vi har et spørgsmål til sag { $case }:
   *[reply] Her er vores svar om sag { $case }:
}
message-next = Samme tekst ligger i “outbox/messages” ({ $file }){ $papers ->
    [0] ;
    [one] {" "}med et bilag;
   *[other] {" "}med { $papers } bilag;
} der står også, hvordan I svarer med en fil. Svar venligst ikke på denne mail.

## Svar på forespørgsler

heading-postal_code = Postnr.
heading-city = By
heading-country = Land
heading-value = Oplysning
heading-paused_until = I bero til
heading-contract_number = Aftalenummer
heading-invoice_date = Fakturadato
heading-due_date = Forfaldsdato
heading-claim_reason = Kravets grundlag
heading-disputed = Bestridt
heading-interest = Renter
heading-agency_costs = Inkassoomkostninger
heading-client_costs = Kreditors omkostninger
heading-credit = Tilgodehavende
heading-as_of = Pr.
heading-value_date = Valuteringsdato
heading-booked = Bogført den
heading-booking = Postering
heading-claim = Krav
heading-number = Jeres nummer
heading-at = Hvornår
heading-what = Hvad
heading-details = Detaljer
heading-text = Tekst
case-title = Sag
case-none = Ingen sag fundet
case-facts = Sag
case-claims = Krav
case-account = Saldo
case-payments = Betalinger
case-history = Forløb
case-messages = Beskeder
case-cancels = annulleret
report-request = Svar på jeres forespørgsel
yes-no-yes = ja
yes-no-no = nej
booking-payment = Betaling før overdragelsen
booking-direct_payment = Betaling til jer
booking-agency_payment = Betaling til os
booking-credit_note = Kreditnota
booking-recall = Tilbagekaldelse
history-opened = Sag oprettet
history-claim_added = Krav tilføjet
history-message = Jeres besked
history-answer = Jeres svar
history-reply = Svar fra os
history-query = Forespørgsel fra os
history-direct_payment = Betaling til jer
history-agency_payment = Betaling til os
history-payment_cancellation = Betaling annulleret
history-credit_note = Kreditnota
history-credit_note_cancellation = Kreditnota annulleret
history-recalled = Sag tilbagekaldt
history-claim_recalled = Krav tilbagekaldt
history-paused = Sag i bero
history-resumed = Sag genoptaget
history-disputed = Krav bestridt
history-address_change = Adresse eller kontakt ændret
history-address_search = Adressesøgning bestilt
history-stage = Fase ændret
history-handler = Sagsbehandler skiftet
history-cost = Omkostninger
history-write_off = Afskrivning
history-payment_plan = Afdragsordning
history-payment_plan_kept = Afdragsordning overholdt
history-payout = Udbetalt til jer
history-closed = Sag afsluttet
history-letter = Brev
history-sms = SMS
history-call = Opkald
history-visit = Besøg
history-agreement = Aftale
history-note = Notat
closing-FULL_PAYMENT = betalt fuldt ud
closing-PARTIAL_SUCCESS = delvist betalt
closing-SETTLEMENT = forlig
closing-COMPLETED_BY_CREDIT = afsluttet ved kreditnota
closing-RECALLED_BY_CLIENT = tilbagekaldt af jer
closing-RETURNED_TO_CLIENT = returneret til jer
closing-WRITE_OFF = afskrevet
closing-IRRECOVERABLE = uerholdelig
closing-POOR_CREDIT_RATING = dårlig kreditværdighed
closing-INSOLVENCY = insolvens
closing-COMPANY_LIQUIDATED = virksomhed opløst
closing-UNKNOWN_ADDRESS = adresse ukendt
closing-DEBTOR_ABROAD = skyldner i udlandet
closing-DEBTOR_DECEASED = skyldner afgået ved døden
closing-MINOR_DEBTOR = skyldner er mindreårig
closing-CLAIM_DISPUTED = krav bestridt
closing-CLAIM_DISMISSED = krav afvist
closing-FRAUD = bedrageri
closing-TIME_BARRED = forældet
closing-TOO_LOW_FOR_LEGAL_ACTION = for lavt til retslige skridt
closing-HIGH_COST_RISK = for høj omkostningsrisiko
closing-MISSING_DATA = oplysninger mangler
closing-DUPLICATE = dublet
closing-PAID_BEFORE_HANDOVER = betalt før overdragelsen
closing-LONG_TERM_MONITORING = langtidsovervågning

## Skabeloner

ack-sheet = Resultat
list-sheet = Overdragelse
guide-sheet = Vejledning
list-file = overdragelse
guide-file = vejledning
guide-title = Vejledning i postopbygning
guide-intro = Disse kolonner forstås. Kolonnernes rækkefølge er fri; store og små bogstaver, mellemrum og bindestreger i kolonnenavne har ingen betydning. Udelad kolonner, som I ikke har brug for.
guide-field = Kolonne
guide-headers = Genkendes også som
guide-type = Indhold
guide-needed = Nødvendig
guide-name = Feltnavn
needed-required = ja
needed-letter = før det første brev
needed-optional = nej
kind-text = tekst
kind-code = valg
kind-date = dato (ÅÅÅÅ-MM-DD)
kind-money = beløb (1234,56)
kind-percent = procentsats (5,12)
kind-bool = ja eller nej
kind-list = tekst, flere adskilt med komma
kind-length = højst { $limit } tegn
note-required = Denne oplysning er nødvendig; uden den afvises rækken.
note-letter = Denne oplysning skal bruges før det første brev.
note-optional = Denne oplysning er frivillig.
example-hint = Eksempelrække – slettes

## README

readme-title = Sådan fungerer dette område
readme-valid-rows = En række med fejl holder ikke de andre tilbage; de gode bliver overtaget.
readme-whole-file = Er der fejl i én række, bliver ingen af filens rækker overtaget.
readme-completion-hold = Filen hentes nogle sekunder efter uploaden.
readme-completion-rename = Upload under et midlertidigt navn (for eksempel liste.csv.part), og omdøb filen bagefter; først da hentes den.
readme-completion-marker = Læg efter filen en tom fil med endelsen .ok ved siden af (for eksempel liste.csv.ok); først da hentes den.
choice-acts_as-consumer = Forbruger
choice-acts_as-business = Erhverv
choice-salutation-mr = Hr.
choice-salutation-ms = Fru
choice-salutation-company = Firma
choice-visibility-internal = intern
choice-visibility-client = klient
choice-allocate_to-principal = hovedstol
choice-allocate_to-costs = omkostninger
choice-allocate_to-interest = renter
example-number = EKSEMPEL
example-reason = Varelevering
example-service = Tjenesteydelse
guide-about = Betydning
guide-findings = Fundenes koder
guide-code = Kode
needed-one_of = en af dem
note-one_of = Denne eller en tilsvarende oplysning er nødvendig.
guide-records = Posttyper
guide-record = Posttype
guide-records-intro = Hvad en linje vil, står i kolonnen “Posttype”; er den tom eller mangler den, er det et nyt krav. Af oplysninger med skråstreg er én nok.
record-new_claim = krav
record-about-new_claim = Overdrager et krav; det lægges på kundens løbende sag eller opretter en.
record-additional_claim = tillægskrav
record-about-additional_claim = Føjer en faktura til en løbende sag.
record-debtor = skyldner
record-about-debtor = Bringer stamdata uden krav.
record-direct_payment = betaling
record-about-direct_payment = Skyldneren har betalt til jer.
record-payment_cancellation = annullering af betaling
record-about-payment_cancellation = Tager en betaling tilbage, for eksempel efter en tilbageført betaling.
record-credit_note = kreditnota
record-about-credit_note = Nedsætter et krav.
record-credit_note_cancellation = annullering af kreditnota
record-about-credit_note_cancellation = Tager en kreditnota tilbage.
record-recall = tilbagekaldelse
record-about-recall = Tager et krav tilbage, uden fakturanummer hele sagen.
record-hold = henstand
record-about-hold = Lader sagen hvile, til en dag eller til den genoptages.
record-resume = genoptagelse
record-about-resume = Lader sagen fortsætte.
record-address_change = adresseændring
record-about-address_change = Oplyser en ny adresse, e-mail eller telefon.
record-address_search = adressesøgning
record-about-address_search = Bestiller en søgning efter adressen.
record-dispute = indsigelse
record-about-dispute = Skyldneren bestrider et krav, uden fakturanummer alle på sagen.
record-message = besked
record-about-message = Skriver til sagsbehandleren.
record-answer = svar
record-about-answer = Svarer på et spørgsmål fra os.
record-request = forespørgsel
record-about-request = Spørger efter jeres sager eller en enkelt sag; svaret ligger efter sekunder i “outbox/reports”. Uden andet: alle åbne sager.
record-document = bilag
record-about-document = Lægger papirer fra en pakke på en sag.

## Til backoffice

office-list-file = ordrer
office-list-sheet = Ordrer
office-records-intro = Hvad en linje vil, står i kolonnen “Posttype”. Sagen nævnes ved sit nummer; et af klientens numre er nok, hvor det blandt alle sager kun betyder én. Af oplysninger med skråstreg er én nok.
example-handler = Team 3
record-agency_payment = indbetaling til inkasso
record-about-agency_payment = Bogfører, hvad skyldneren har betalt til os.
record-cost = omkostning
record-about-cost = Bogfører en egen omkostning eller et gebyr efter aftale.
record-write_off = afskrivning
record-about-write_off = Opgiver et beløb, uden beløb alt, der er åbent.
record-history_entry = historik
record-about-history_entry = Skriver brev, opkald, besøg eller notat i historikken; internt, når intet andet er sagt.
record-status_change = statusændring
record-about-status_change = Bringer sagen til et andet stadie.
record-handler_change = sagsbehandlerskift
record-about-handler_change = Giver sagen til en anden, uden angivelse til ingen.
record-reply = svar til klient
record-about-reply = Skriver til klienten; besvarer dens ældste åbne besked.
record-query = spørgsmål til klient
record-about-query = Spørger klienten.
record-payment_plan = afdragsordning
record-about-payment_plan = Aftaler månedlige afdrag på dette beløb.
record-payout = udbetaling
record-about-payout = Noterer, hvad der er udbetalt til klienten.
record-close = afslutning
record-about-close = Afslutter sagen.
