# Was Kunden auf Deutsch lesen.
#
# Ein Befund: die Nachricht sagt, was ist; `.fix` sagt, was zu tun ist.
# Jede Nachricht kennt $value, $column und $field; fehlt ein Wert, steht dort `none`.
# Die weiteren Werte eines Befunds stehen in `language/arguments.rs`.

## Die Datei

EMPTY_FILE = Die Datei ist leer.
    .fix = Bitte die Datei noch einmal erzeugen und erneut ablegen.
HEADER_ONLY = Die Datei enthält nur die Kopfzeile und keine Datensätze.
    .fix = Es ist nichts zu tun.
UNKNOWN_FORMAT = { $looks_like ->
    [none] Das Format der Datei ist nicht lesbar.
    [binary] Das Format der Datei ist nicht lesbar; sie enthält keinen Text.
   *[other] Das Format der Datei ist nicht lesbar (erkannt: { $looks_like }).
}
    .fix = Bitte als CSV, TXT, XLSX, XLS, ODS oder XML ablegen. Vorlagen liegen im Ordner „templates“.
NO_HEADER = Es wurde keine Kopfzeile mit Spaltennamen gefunden.
    .fix = Bitte die Spaltennamen in die erste Zeile schreiben, zum Beispiel „Kundennummer“, „Rechnungsnummer“, „Hauptforderung“.
MISSING_COLUMN = Die Spalte „{ $field }“ fehlt in der Datei.
    .fix = { $expected ->
    [none] Bitte eine Spalte „{ $field }“ ergänzen.
   *[other] Bitte eine Spalte ergänzen, die so heißt: { $expected }.
}
UNKNOWN_COLUMN = Die Spalte „{ $column }“ ist nicht bekannt; ihr Inhalt wird bei der Forderung aufbewahrt.
    .fix = Es ist nichts zu tun. Soll der Inhalt ausgewertet werden, bitte einen Spaltennamen aus dem Leitfaden im Ordner „templates“ verwenden.
COLUMN_TWICE = Die Spalte „{ $column }“ bringt „{ $field }“ ein zweites Mal.
    .fix = Bitte nur eine dieser Spalten übergeben oder eine davon umbenennen.
PASSWORD_PROTECTED = Die Datei ist mit einem Kennwort geschützt.
    .fix = Bitte ohne Kennwort speichern und erneut ablegen. Die Übertragung selbst ist verschlüsselt.
CORRUPT_FILE = Die Datei ist beschädigt und lässt sich nicht öffnen.
    .fix = Bitte die Datei öffnen, neu speichern und erneut ablegen.
BAD_ENCODING = Die Zeichenkodierung der Datei ist nicht lesbar.
    .fix = Bitte als UTF-8 oder Windows-1252 (ANSI) speichern.
NUL_BYTES = Die Datei enthält Zeichen, die in einem Text nicht vorkommen dürfen (NUL-Bytes).
    .fix = Bitte die Datei neu erzeugen und als UTF-8 oder Windows-1252 (ANSI) speichern.
FILE_TOO_LARGE = { $limit ->
    [none] Die Datei ist zu groß.
   *[other] Die Datei ist größer als die vereinbarten { $limit }.
}
    .fix = Bitte auf mehrere Dateien aufteilen.
UNPACKS_TOO_LARGE = Die Datei wird beim Entpacken zu groß.
    .fix = Bitte auf mehrere Dateien aufteilen und leere formatierte Bereiche löschen.
TOO_MANY_CELLS = { $limit ->
    [none] Die Datei hat zu viele Zellen, Zeilen oder Spalten.
   *[other] Die Datei hat zu viele Zellen, Zeilen oder Spalten (höchstens { $limit }).
}
    .fix = Bitte auf mehrere Dateien aufteilen und leere Zeilen und Spalten löschen.
XML_FORBIDDEN = Die XML-Datei enthält eine Dokumenttyp-Definition oder eigene Entitäten; das ist aus Sicherheitsgründen nicht erlaubt.
    .fix = Bitte die XML-Datei ohne DOCTYPE erzeugen.
XML_TOO_DEEP = Die XML-Datei ist zu tief verschachtelt.
    .fix = Bitte die Datei nach dem Schema im Ordner „templates“ erzeugen.
XML_MALFORMED = Die XML-Datei ist nicht wohlgeformt.
    .fix = Bitte die Datei nach dem Schema im Ordner „templates“ erzeugen und vorher prüfen.
CUT_LAST_LINE = Die letzte Zeile ist unvollständig; vielleicht wurde die Übertragung abgebrochen.
    .fix = Bitte prüfen, ob die Datei vollständig angekommen ist, und sie sonst erneut ablegen.
TOO_EXPENSIVE = Die Datei konnte nicht in vertretbarer Zeit gelesen werden.
    .fix = Bitte auf mehrere Dateien aufteilen oder als CSV ablegen.
BAD_FILE_NAME = Der Name der Datei kann nicht verwendet werden.
    .fix = Bitte nur Buchstaben, Ziffern, Punkt, Binde- und Unterstrich verwenden.
QUARANTINED = Die Datei konnte wegen eines Fehlers auf unserer Seite nicht verarbeitet werden. Wir sind benachrichtigt und kümmern uns darum.
    .fix = Bitte nicht erneut ablegen; wir melden uns.

## Papiere, Pakete und Nachrichten

PAPER_MISSING = Die Anlage „{ $paper }“ ist nicht dabei.
    .fix = Bitte legen Sie sie in das Paket, oder nach „inbox/documents“ unter einem Namen, der mit der Rechnungsnummer beginnt.
PAPER_WITHOUT_CASE = Der Name der Datei „{ $paper }“ beginnt mit keiner Nummer einer Akte oder Rechnung, die wir kennen.
    .fix = Bitte benennen Sie sie so, dass sie mit unserem Aktenzeichen oder Ihrer Rechnungsnummer beginnt (etwa „RE-4711_Vertrag.pdf“), und übergeben Sie sie erneut.
PAPER_NOT_NAMED = Die Datei „{ $paper }“ im Paket nennt keine Zeile der Liste; sie wurde nicht abgelegt.
    .fix = Bitte nennen Sie sie in der Spalte „Anlage“, oder legen Sie sie nach „inbox/documents“.
PAPER_TYPE_NOT_TAKEN = Eine Datei dieser Art wird nicht als Anlage angenommen{ $looks_like ->
    [none] .
   *[other] {" "}(erkannt: { $looks_like }).
}
    .fix = Bitte übergeben Sie PDF, PNG, JPEG, TIFF, DOCX, XLSX, Text, XML oder E-Mails (EML, MSG).
PAPER_TOO_LARGE = Die Anlage ist zu groß{ $limit ->
    [none] .
   *[other] {" "}(höchstens { $limit }).
}
    .fix = Bitte verkleinern oder teilen Sie sie.
TOO_MANY_PAPERS = Es sind zu viele Dateien{ $limit ->
    [none] .
   *[other] {" "}(höchstens { $limit }).
}
    .fix = Bitte verteilen Sie sie auf mehrere Übergaben.
BUNDLE_WITHOUT_LIST = Im Paket ist keine Liste mit Datensätzen.
    .fix = Bitte legen Sie die Liste (CSV, XLSX, ODS, XML) in das Paket. Einzelne Papiere gehören nach „inbox/documents“.
BUNDLE_SEVERAL_LISTS = Im Paket sind mehrere Listen.
    .fix = Bitte bilden Sie für jede Liste ein eigenes Paket.
BUNDLE_BAD_NAME = Im Paket steht eine Datei mit einem unzulässigen Namen.
    .fix = Bitte bilden Sie das Paket neu, mit einfachen Dateinamen ohne „..“ und ohne Laufwerk.
BUNDLE_NAME_TWICE = Im Paket stehen zwei Dateien mit demselben Namen{ $paper ->
    [none] .
   *[other] : „{ $paper }“.
}
    .fix = Bitte benennen Sie eine davon um.
BUNDLE_LINK = Im Paket steht eine Verknüpfung statt einer Datei.
    .fix = Bitte legen Sie die Datei selbst in das Paket.
BUNDLE_NESTED = Im Paket steht ein weiteres Archiv{ $paper ->
    [none] .
   *[other] : „{ $paper }“.
}
    .fix = Bitte legen Sie dessen Dateien unmittelbar in das Paket.
MESSAGE_WITHOUT_TEXT = Der Nachricht fehlt ihr Text.
    .fix = Bitte legen Sie eine Textdatei (TXT) dazu.

## Die Zeile

TOO_FEW_FIELDS = { $expected ->
    [none] Die Zeile hat weniger Felder als die Kopfzeile.
   *[other] Die Zeile hat { $found } Felder, die Kopfzeile { $expected }.
}
    .fix = Bitte die fehlenden Felder ergänzen; leere Felder brauchen trotzdem ihr Trennzeichen.
TOO_MANY_FIELDS = { $limit ->
    [none] { $expected ->
        [none] Die Zeile hat mehr Felder als die Kopfzeile.
       *[other] Die Zeile hat { $found } Felder, die Kopfzeile { $expected }.
    }
   *[other] Die Zeile hat mehr als { $limit } Felder.
}
    .fix = Bitte Texte, die das Trennzeichen enthalten, in Anführungszeichen setzen.
FIELD_TOO_LONG = { $limit ->
    [none] Der Text ist zu lang.
   *[other] Der Text ist länger als { $limit } Zeichen.
}
    .fix = Bitte kürzen.
UNCLOSED_QUOTE = Ein Anführungszeichen wird nicht geschlossen.
    .fix = Bitte das schließende Anführungszeichen ergänzen; ein Anführungszeichen im Text bitte verdoppeln.
TOTALS_LINE = Diese Zeile wurde als Summenzeile erkannt und nicht übernommen.
    .fix = Es ist nichts zu tun.
UNKNOWN_RECORD_TYPE = Die Satzart „{ $value }“ ist nicht bekannt.
    .fix = Bitte eine Satzart aus dem Leitfaden im Ordner „templates“ verwenden oder das Feld leer lassen (neue Forderung).
RECORD_TYPE_NOT_TAKEN = Die Satzart „{ $value }“ wird aus dieser Quelle nicht angenommen.
    .fix = { $value ->
        [agency_payment] Eine Zahlung, die bei Ihnen eingegangen ist, bitte als „Direktzahlung“ melden.
       *[other] Welche Satzarten Sie verwenden können, steht im Leitfaden im Ordner „templates“.
    }

## Der Wert

REQUIRED = Die Angabe „{ $field }“ fehlt.
    .fix = { $or ->
    [none] Bitte „{ $field }“ ergänzen.
   *[other] Bitte „{ $field }“ ergänzen; möglich ist auch: { $or }.
}
NEEDED_BEFORE_LETTER = Die Angabe „{ $field }“ fehlt; sie wird für das erste Schreiben an den Schuldner gebraucht.
    .fix = Bitte nachreichen.
DATE_UNREADABLE = „{ $value }“ ist kein Datum.
    .fix = Bitte als TT.MM.JJJJ schreiben, zum Beispiel 31.12.2026.
DATE_AMBIGUOUS = „{ $value }“ kann auf zwei Arten gelesen werden: Tag und Monat sind nicht zu unterscheiden.
    .fix = Bitte als TT.MM.JJJJ schreiben, zum Beispiel 31.12.2026.
AMOUNT_UNREADABLE = „{ $value }“ ist kein Betrag.
    .fix = Bitte als Zahl schreiben, zum Beispiel 1234,56.
AMOUNT_AMBIGUOUS = „{ $value }“ kann auf zwei Arten gelesen werden: als Tausender- oder als Dezimaltrennzeichen.
    .fix = Bitte mit Nachkommastellen schreiben, zum Beispiel 1234,56.
AMOUNT_PRECISION = { $currency ->
    [none] „{ $value }“ hat mehr Nachkommastellen, als die Währung kennt.
   *[other] „{ $value }“ hat mehr Nachkommastellen, als { $currency } kennt.
}
    .fix = Bitte auf ganze kleinste Einheiten (Cent) runden.
NUMBER_DAMAGED = Die Nummer „{ $value }“ wurde von der Tabellenkalkulation verändert: Zahlen mit mehr als 15 Ziffern verlieren dort Stellen.
    .fix = Bitte die Spalte als Text formatieren und die Nummer neu eintragen.
CELL_ERROR = Die Zelle enthält den Fehlerwert { $value }.
    .fix = Bitte die Formel berichtigen oder den Wert eintragen.
VALUE_UNREADABLE = „{ $value }“ ist für „{ $field }“ nicht lesbar; der Wert wird so aufbewahrt, wie er kam.
    .fix = Bitte bei Gelegenheit berichtigen; der Leitfaden im Ordner „templates“ sagt, was möglich ist.
CONTROL_CHARACTERS = Der Text enthält unsichtbare Steuerzeichen; sie wurden ersetzt.
    .fix = Bitte bei Gelegenheit aus der Quelle entfernen.

## Die Forderung

AMOUNT_NOT_POSITIVE = Der Betrag „{ $value }“ ist nicht größer als null.
    .fix = Bitte den offenen Betrag als positive Zahl eintragen.
AMOUNT_NEGATIVE = Der Betrag „{ $value }“ ist negativ.
    .fix = Bitte null oder einen positiven Betrag eintragen.
AMOUNT_TOO_LOW = { $limit ->
    [none] Der Betrag liegt unter dem vereinbarten Mindestbetrag.
   *[other] Der Betrag liegt unter dem vereinbarten Mindestbetrag von { $limit }.
}
    .fix = Forderungen unter dem Mindestbetrag können nicht übernommen werden.
AMOUNT_TOO_HIGH = { $reason ->
    [beyond] Der Betrag ist höher als { $limit } und kann nicht gebucht werden.
   *[other] { $limit ->
        [none] Der Betrag „{ $value }“ ist ungewöhnlich hoch.
       *[other] Der Betrag „{ $value }“ ist ungewöhnlich hoch (ab { $limit } wird nachgefragt).
    }
}
    .fix = Bitte prüfen, ob Komma und Tausendertrennzeichen stimmen.
DATE_IN_FUTURE = Das Datum „{ $value }“ liegt in der Zukunft.
    .fix = Bitte das Datum berichtigen oder die Forderung nach der Fälligkeit übergeben.
DATE_IMPLAUSIBLE = { $earliest ->
    [none] Das Datum „{ $value }“ liegt unwahrscheinlich weit zurück.
   *[other] Das Datum „{ $value }“ liegt unwahrscheinlich weit zurück (vor dem { $earliest }).
}
    .fix = Bitte das Jahr prüfen und vierstellig schreiben.
DUE_BEFORE_INVOICE = { $invoice_date ->
    [none] Die Fälligkeit liegt vor dem Rechnungsdatum.
   *[other] Die Fälligkeit liegt vor dem Rechnungsdatum { $invoice_date }.
}
    .fix = Bitte prüfen. Bei Vorauszahlung, etwa Miete, ist nichts zu tun.
BIRTH_DATE_IMPLAUSIBLE = { $reason ->
    [minor] Nach dem Geburtsdatum „{ $value }“ ist der Schuldner minderjährig.
    [future] Das Geburtsdatum „{ $value }“ liegt in der Zukunft.
    [too_old] Nach dem Geburtsdatum „{ $value }“ wäre der Schuldner älter als 120 Jahre.
   *[other] „{ $value }“ kann nicht das Geburtsdatum des Schuldners sein.
}
    .fix = { $reason ->
    [minor] Stimmt das Datum, ist nichts zu berichtigen; bitte teilen Sie mit, wer ihn gesetzlich vertritt (Spalte „Vertreter“).
    [future] Bitte das Jahr prüfen und vierstellig schreiben, oder das Feld leer lassen.
    [too_old] Bitte das Jahr prüfen und vierstellig schreiben, oder das Feld leer lassen.
   *[other] Bitte das Geburtsdatum prüfen oder leer lassen.
}
UNKNOWN_CURRENCY = „{ $value }“ ist keine bekannte Währung.
    .fix = Bitte den Währungscode aus drei Buchstaben verwenden, zum Beispiel EUR.
INCORRECT_CURRENCY = { $expected ->
    [none] Die Währung „{ $value }“ passt nicht zur Akte.
   *[other] Die Währung „{ $value }“ passt nicht; erwartet wird { $expected }.
}
    .fix = Bitte die Forderung in der vereinbarten Währung übergeben.
UNKNOWN_COUNTRY = „{ $value }“ ist kein bekanntes Land.
    .fix = Bitte den Ländercode aus zwei Buchstaben verwenden, zum Beispiel DE.
POSTCODE_IMPLAUSIBLE = { $country ->
    [none] „{ $value }“ ist keine Postleitzahl dieses Landes.
   *[other] „{ $value }“ ist keine Postleitzahl in { $country }.
}
    .fix = { $expected ->
    [none] Bitte Postleitzahl und Land prüfen; führende Nullen gehören dazu.
   *[other] Bitte Postleitzahl und Land prüfen; dort hat sie die Form { $expected }, führende Nullen gehören dazu.
}
IBAN_INVALID = Die Prüfziffer der IBAN „{ $value }“ stimmt nicht.
    .fix = Bitte die IBAN prüfen.
EMAIL_INVALID = „{ $value }“ ist keine E-Mail-Adresse.
    .fix = Bitte die Adresse prüfen.
PHONE_INVALID = „{ $value }“ ist keine Telefonnummer.
    .fix = Bitte mit Vorwahl schreiben, zum Beispiel +49 30 1234567.
TIME_BARRED = { $date ->
    [none] Die Forderung ist wahrscheinlich verjährt.
   *[other] Die Forderung ist wahrscheinlich seit { $date } verjährt.
}
    .fix = Bitte prüfen, ob die Verjährung gehemmt war oder ein Titel vorliegt, und das mitteilen.
INTEREST_REASON_MISSING = { $statutory ->
    [none] Der Zinssatz liegt über dem gesetzlichen; der Grund fehlt.
   *[other] Der Zinssatz liegt über dem gesetzlichen von { $statutory } %; der Grund fehlt.
}
    .fix = Bitte den Zinsgrund angeben, zum Beispiel die vertragliche Vereinbarung.
ACTS_AS_UNKNOWN = { $reason ->
    [no_column] Die Liste sagt in keiner Spalte, wer als Verbraucher und wer gewerblich handelt; wer nicht als gewerblich zu erkennen ist, wird als Verbraucher behandelt.
   *[other] Es ist nicht angegeben, ob der Schuldner als Verbraucher oder gewerblich handelt; er wird als Verbraucher behandelt.
}
    .fix = { $reason ->
    [no_column] Bitte künftig eine Spalte „{ $field }“ mit „Verbraucher“ oder „gewerblich“ ergänzen.
   *[other] Bitte künftig angeben („Verbraucher“ oder „gewerblich“).
}
NO_DEFAULT_DATE = Aus den Angaben ergibt sich kein Verzugsbeginn; es werden keine Zinsen berechnet.
    .fix = Bitte Fälligkeit, Mahndatum oder Verzugsdatum nachreichen.
PRINCIPAL_ABOVE_ORIGINAL = { $original ->
    [none] Der offene Betrag ist höher als der ursprüngliche Rechnungsbetrag.
   *[other] Der offene Betrag ist höher als der ursprüngliche Rechnungsbetrag von { $original }.
}
    .fix = Bitte prüfen. Mahnkosten und Zinsen gehören in eigene Spalten.

## Die Akte

UNKNOWN_REFERENCE = Unter „{ $value }“ ist uns keine Ihrer Akten bekannt.
    .fix = Bitte das Aktenzeichen, die Kunden-, Rechnungs- oder Zahlungsnummer prüfen.
AMBIGUOUS_REFERENCE = „{ $value }“ steht für mehrere Ihrer Akten.
    .fix = Bitte das Aktenzeichen angeben.
REFERENCES_DISAGREE = Die Nummern dieser Zeile gehören nicht zur selben Akte („{ $value }“).
    .fix = Bitte die Nummern prüfen; eine davon genügt.
CASE_CLOSED = Die Akte ist abgeschlossen.
    .fix = Bitte die Akte prüfen oder uns schreiben.
CLAIM_NOT_NAMED = Die Akte hat mehrere Forderungen; welche gemeint ist, steht nicht dabei.
    .fix = Bitte die Rechnungsnummer angeben.
AMOUNT_ABOVE_CLAIM = Die Gutschrift ist höher als die Forderung ({ $limit }).
    .fix = Bitte Betrag und Rechnungsnummer prüfen.
AMOUNT_ABOVE_OPEN = Der Betrag ist höher als das, was offen ist ({ $limit }).
    .fix = Bitte den Betrag prüfen.
OVERPAYMENT = Die Zahlung ist höher als der offene Betrag; { $over } stehen als Guthaben.
    .fix = Bitte prüfen, ob der Betrag stimmt; wir melden uns wegen des Guthabens.
UNMATCHED_PAYMENT = { $found ->
    [none] Zu dieser Zahlung ließ sich keine Akte finden.
    [several] Im Text stehen Nummern mehrerer Akten.
   *[other] Die Rechnungsnummer passt zur Akte { $found }, aber weder Name noch Betrag.
}
    .fix = Bitte das Aktenzeichen eintragen und die Zeile erneut ablegen.
UNMATCHED_RETURN = Es ist keine Zahlung über diesen Betrag gebucht, die diese Rückgabe meinen könnte.
    .fix = Bitte die Zahlungsnummer eintragen und die Zeile erneut ablegen.
AMBIGUOUS_RETURN = Mehrere Zahlungen über diesen Betrag haben die Referenz dieser Rückgabe.
    .fix = Bitte die Zahlungsnummer der gemeinten eintragen und die Zeile erneut ablegen.
ALREADY_CANCELLED = „{ $value }“ ist bereits storniert.
    .fix = Es ist nichts zu tun; sonst bitte die Nummer prüfen.
ALREADY_RECALLED = Diese Forderung ist bereits zurückgerufen.
    .fix = Es ist nichts zu tun.
POSSIBLE_DUPLICATE = Derselbe Betrag vom selben Tag ist schon gebucht; er wurde noch einmal gebucht.
    .fix = Ist es dieselbe Buchung, bitte stornieren. Mit einer Zahlungsnummer kommt das nicht vor.
STEP_NOT_ALLOWED = Aus dem Stand „{ $from }“ geht eine Akte nicht nach „{ $value }“.
    .fix = Bitte den Stand prüfen; Vollstreckung braucht einen Titel, beendet wird mit „close“.
DATE_PASSED = Der Tag ist schon vorbei.
    .fix = Bitte einen Tag ab heute angeben.
NOT_PAUSED = Die Akte ruht nicht.
    .fix = Es ist nichts zu tun.
NOTHING_TO_CHANGE = Es steht keine neue Anschrift, E-Mail oder Telefonnummer in der Zeile.
    .fix = Bitte angeben, was sich geändert hat.
NO_OPEN_QUERY = Zu dieser Akte ist keine Rückfrage offen; der Text wurde als Nachricht aufgenommen.
    .fix = Bitte prüfen, ob die Akte stimmt.
PLAN_RUNNING = Zu dieser Akte läuft schon eine Ratenvereinbarung.
    .fix = Bitte zuerst die laufende beenden.
PLAN_TOO_LONG = Mit dieser Rate sind es mehr als { $limit } Raten.
    .fix = Bitte eine höhere Rate angeben.
NO_FEE_SCHEDULE = Der Auftrag dieses Mandanten nennt keine Gebührentabelle, oder sie kennt den Fall nicht.
    .fix = Bitte die Gebührentabelle beim Auftrag eintragen oder den Betrag angeben.
VALUE_NOT_ALLOWED = „{ $value }“ ist hier nicht vorgesehen.
    .fix = Bitte einen der Werte aus der Satzbeschreibung angeben.
TOO_MANY_REQUESTS = Eine Datei darf höchstens { $limit } Anfragen enthalten.
    .fix = Bitte die übrigen Anfragen in einer weiteren Datei stellen, oder eine Liste statt vieler einzelner Akten anfordern.

## Gegen den Bestand

DUPLICATE = Diese Forderung wurde schon übergeben.
    .fix = Es ist nichts zu tun; bitte nicht erneut übergeben.
DUPLICATE_DIFFERS = { $field ->
    [none] Diese Forderung wurde schon übergeben, aber mit anderem Betrag oder Datum.
   *[other] Diese Forderung wurde schon übergeben, aber mit anderem Wert in „{ $field }“.
}
    .fix = Bitte die Rechnungsnummer prüfen. Hat sich der Betrag geändert, bitte die Änderung mitteilen.
DEBTOR_MISMATCH = { $reason ->
    [birth_date] Die Kundennummer „{ $value }“ gehört schon zu jemandem dieses Namens mit einem anderen Geburtsdatum.
   *[other] Die Kundennummer „{ $value }“ gehört schon zu einem anderen Namen.
}
    .fix = { $reason ->
    [birth_date] Bitte Nummer und Geburtsdatum prüfen; jeder Schuldner braucht eine eigene Nummer.
   *[other] Bitte Nummer und Namen prüfen; jeder Schuldner braucht eine eigene Nummer.
}
LIKELY_TWIN = Name und Anschrift sind dieselben wie unter der Kundennummer „{ $value }“.
    .fix = Ist es dieselbe Person, bitte künftig eine Nummer verwenden und uns Bescheid geben.
UNKNOWN_CREDITOR = Der Gläubiger „{ $value }“ ist nicht bekannt.
    .fix = Bitte das vereinbarte Kürzel des Gläubigers verwenden.
NO_MANDATE = Für diese Forderung besteht zurzeit kein Auftrag.
    .fix = Bitte mit uns klären, ab wann und für welchen Gläubiger übergeben wird.
WITHHELD = Nichts zu ändern: Die Zeile ist in Ordnung und wurde zurückgehalten, weil andere Zeilen zu berichtigen sind.
    .fix = Bitte zusammen mit den berichtigten Zeilen erneut ablegen.

## Der Kontoauszug

ENTRIES_LEFT_OUT = In diesem Kontoauszug wurde ausgelassen, was keine eingegangene Zahlung ist: Belastungen: { $debits }, vorgemerkte Umsätze: { $pending }, zurückgekommene eigene Überweisungen: { $returned }.
    .fix = Es ist nichts zu tun.
BATCH_DIFFERS = Die Einzelumsätze dieser Sammelbuchung ergeben nicht die Buchung: erwartet { $expected }, gefunden { $found }.
    .fix = Bitte die Sammelbuchung mit der Bank oder mit der Datei der Einzelumsätze (camt.054) abgleichen.

## Wo

place-row-column = Zeile { $row }, Spalte „{ $column }“
place-row = Zeile { $row }
place-column = Spalte „{ $column }“
place-sheet = Blatt „{ $sheet }“

## Spalten der Antworten und Berichte

heading-sheet = Blatt
heading-row = Zeile
heading-outcome = Ergebnis
heading-case_number = Aktenzeichen
heading-debtor_number = Kundennummer
heading-invoice_number = Rechnungsnummer
heading-amount = Betrag
heading-currency = Währung
heading-code = Code
heading-field = Feld
heading-message = Hinweis
heading-todo = Was zu tun ist
heading-creditor = Gläubiger
heading-debtor = Schuldner
heading-opened = Angelegt am
heading-closed = Geschlossen am
heading-stage = Stand
heading-processing = Bearbeitung
heading-payment = Zahlung
heading-claims = Forderungen
heading-principal = Hauptforderung
heading-costs = Nebenkosten
heading-paid = Gezahlt
heading-balance = Offen
heading-closing_reason = Abschlussgrund
heading-handed_over = Übergeben am
heading-file = Datei
heading-delivery = Lieferung
heading-mode = Art
heading-status = Status
heading-submitted = Übergeben
heading-accepted = Übernommen
heading-rejected = Abgewiesen
heading-duplicate = Doppelt
heading-withheld = Zurückgehalten
heading-finished = Beantwortet am
total = Summe

outcome-accepted = übernommen
outcome-rejected = abgewiesen
outcome-duplicate = schon übergeben
outcome-withheld = zurückgehalten
outcome-file = Datei
# Beim Prüfen wird nichts übernommen.
outcome-accepted-validate = in Ordnung
outcome-rejected-validate = würde abgewiesen
outcome-duplicate-validate = schon übergeben
outcome-withheld-validate = würde zurückgehalten

status-ACCP = alles übernommen
status-PART = teilweise übernommen
status-RJCT = abgewiesen
status-DUPL = schon einmal übergeben
status-none = in Arbeit
mode-import = Übergabe
mode-validate = Prüfung

stage-extrajudicial = außergerichtlich
stage-judicial_dunning = gerichtliches Mahnverfahren
stage-litigation = Klageverfahren
stage-enforcement = Vollstreckung
stage-insolvency = Insolvenz
stage-long_term_monitoring = Langzeitüberwachung
stage-ended = beendet
processing-in_progress = in Bearbeitung
processing-paused = ruht
processing-ended = beendet
payment-unpaid = unbezahlt
payment-partially_paid = teilweise bezahlt
payment-fully_paid = bezahlt

## Mails

greeting = Guten Tag,
regards = Mit freundlichen Grüßen
automatic = Diese Nachricht wurde automatisch erstellt.
delivery-subject = { $mode ->
    [validate] Prüfung „{ $file }“: { $submitted ->
        [0] keine Datensätze
       *[other] { $accepted } von { $submitted } in Ordnung{ $faulty ->
            [0] { "" }
           *[other] , { $faulty } zu berichtigen
        }
    }
   *[import] { $status ->
        [WAIT] „{ $file }“ konnte noch nicht verarbeitet werden
        [DUPL] „{ $file }“ wurde schon einmal übergeben
       *[other] „{ $file }“: { $submitted ->
            [0] { $faulty ->
                [0] keine Datensätze
               *[other] nicht lesbar
            }
           *[other] { $accepted } von { $submitted } übernommen{ $duplicate ->
                [0] { "" }
               *[other] , { $duplicate } schon übergeben
            }{ $faulty ->
                [0] { "" }
               *[other] , { $faulty } zu berichtigen
            }{ $withheld ->
                [0] { "" }
               *[other] , { $withheld } zurückgehalten
            }
        }
    }
}
delivery-summary = { $mode ->
    [validate] Ihre Datei „{ $file }“ wurde geprüft. Es wurde nichts übernommen.
   *[import] { $status ->
        [ACCP] Ihre Datei „{ $file }“ wurde vollständig übernommen.
        [PART] Ihre Datei „{ $file }“ wurde teilweise übernommen.
        [WAIT] Ihre Datei „{ $file }“ konnte wegen eines Fehlers auf unserer Seite noch nicht verarbeitet werden.
        [DUPL] Ihre Datei „{ $file }“ ist inhaltlich schon einmal angekommen (Lieferung { $first }). Sie wurde nicht noch einmal übernommen.
       *[other] Ihre Datei „{ $file }“ konnte nicht übernommen werden.
    }
}
delivery-counts = Datensätze: { $submitted } – übernommen: { $accepted }, zu berichtigen: { $rejected }, schon übergeben: { $duplicate }, zurückgehalten: { $withheld }
delivery-counts-validate = Datensätze: { $submitted } – in Ordnung: { $accepted }, zu berichtigen: { $rejected }, schon übergeben: { $duplicate }, zurückzuhalten: { $withheld }
delivery-next = { $next ->
    [correct] Die Zeilen, die zu berichtigen sind, liegen in „outbox/corrections“. Bitte dort berichtigen, speichern und die Datei wieder in „inbox“ ablegen.
    [file] Was an der Datei zu ändern ist, steht in der Antwort in „outbox/acknowledgements“.
    [wait] Wir kümmern uns darum. Bitte legen Sie die Datei nicht erneut ab.
   *[nothing] Es ist nichts zu tun. Die Antwort mit den Aktenzeichen liegt in „outbox/acknowledgements“.
}
delivery-next-validate = { $next ->
    [correct] Was zu berichtigen ist, steht in der Antwort in „outbox/acknowledgements“ und in der Datei in „outbox/corrections“. Zum Übernehmen bitte die berichtigte Datei in „inbox“ ablegen.
    [file] Was an der Datei zu ändern ist, steht in der Antwort in „outbox/acknowledgements“.
    [wait] Wir kümmern uns darum. Bitte legen Sie die Datei nicht erneut ab.
   *[nothing] Zum Übernehmen bitte die Datei in „inbox“ ablegen.
}
duplicate-file-fix = Es ist nichts zu tun. Die Zeilen zeigen das Ergebnis der ersten Lieferung.
report-subject = { $report } liegt bereit
report-summary = { $report } liegt in „outbox/reports“: { $file }
report-cases = Bericht „Akten“
report-deliveries = Bericht „Übergaben“
quarantine-subject = Lieferung { $delivery } von { $client } in Quarantäne
quarantine-summary = Die Lieferung { $delivery } des Mandanten { $client } konnte wegen eines Fehlers des Dienstes nicht bearbeitet werden und liegt in Quarantäne. Der Mandant wurde benachrichtigt.
quarantine-next = Ursache: `dropcase delivery show { $delivery }` und das Protokoll. Danach: `dropcase delivery resubmit { $delivery }`.

## Nachrichten

message-date = Datum
message-kind = Art
message-reply = Antwort auf Ihre Nachricht vom { $date }
message-news = Nachricht zu Ihrer Akte
message-query = Rückfrage; bitte antworten Sie uns
message-papers = Beigefügt, im selben Ordner:
message-how-answer = So antworten Sie: Speichern Sie die beiden Zeilen hier unten mit Ihrem Text als CSV-Datei und legen Sie sie in den Ordner „inbox“.
message-how-more = Möchten Sie darauf antworten? Speichern Sie die beiden Zeilen hier unten mit Ihrem Text als CSV-Datei und legen Sie sie in den Ordner „inbox“.
message-your-text = Ihr Text
message-subject = { $kind ->
    [query] Rückfrage zur Akte { $case }
   *[reply] Antwort zur Akte { $case }
}
message-summary = { $kind ->
    [query] zur Akte { $case } haben wir eine Rückfrage:
   *[reply] zur Akte { $case } antworten wir Ihnen:
}
message-next = Derselbe Text liegt in „outbox/messages“ ({ $file }){ $papers ->
    [0] .
    [one] , mit einer Anlage.
   *[other] , mit { $papers } Anlagen.
} Dort steht auch, wie Sie per Datei antworten. Bitte antworten Sie nicht auf diese Mail.

## Antworten auf Anfragen

heading-postal_code = PLZ
heading-city = Ort
heading-country = Land
heading-value = Angabe
heading-paused_until = Ruht bis
heading-contract_number = Vertragsnummer
heading-invoice_date = Rechnungsdatum
heading-due_date = Fälligkeit
heading-claim_reason = Forderungsgrund
heading-disputed = Bestritten
heading-interest = Zinsen
heading-agency_costs = Inkassokosten
heading-client_costs = Kosten des Gläubigers
heading-credit = Guthaben
heading-as_of = Stand
heading-value_date = Wertstellung
heading-booked = Gebucht am
heading-booking = Buchung
heading-claim = Forderung
heading-number = Ihre Nummer
heading-at = Wann
heading-what = Was
heading-details = Einzelheiten
heading-text = Text
case-title = Akte
case-none = Keine Akte gefunden
case-facts = Akte
case-claims = Forderungen
case-account = Kontostand
case-payments = Zahlungen
case-history = Verlauf
case-messages = Nachrichten
case-cancels = storniert
report-request = Antwort auf Ihre Anfrage
yes-no-yes = ja
yes-no-no = nein
booking-payment = Zahlung vor der Übergabe
booking-direct_payment = Zahlung an Sie
booking-agency_payment = Zahlung an uns
booking-credit_note = Gutschrift
booking-recall = Rückruf
history-opened = Akte angelegt
history-claim_added = Forderung aufgenommen
history-message = Ihre Nachricht
history-answer = Ihre Antwort
history-reply = Antwort von uns
history-query = Rückfrage von uns
history-direct_payment = Zahlung an Sie
history-agency_payment = Zahlung an uns
history-payment_cancellation = Zahlung storniert
history-credit_note = Gutschrift
history-credit_note_cancellation = Gutschrift storniert
history-recalled = Akte zurückgerufen
history-claim_recalled = Forderung zurückgerufen
history-paused = Akte ruht
history-resumed = Akte wird fortgesetzt
history-disputed = Forderung bestritten
history-address_change = Anschrift oder Kontakt geändert
history-address_search = Adressermittlung beauftragt
history-stage = Verfahrensstand geändert
history-handler = Sachbearbeitung gewechselt
history-cost = Kosten
history-write_off = Ausbuchung
history-payment_plan = Ratenvereinbarung
history-payment_plan_kept = Ratenvereinbarung erfüllt
history-payout = Auszahlung an Sie
history-closed = Akte geschlossen
history-letter = Brief
history-sms = SMS
history-call = Anruf
history-visit = Besuch
history-agreement = Vereinbarung
history-note = Notiz
closing-FULL_PAYMENT = vollständig bezahlt
closing-PARTIAL_SUCCESS = teilweise bezahlt
closing-SETTLEMENT = Vergleich
closing-COMPLETED_BY_CREDIT = durch Gutschrift erledigt
closing-RECALLED_BY_CLIENT = von Ihnen zurückgerufen
closing-RETURNED_TO_CLIENT = an Sie zurückgegeben
closing-WRITE_OFF = ausgebucht
closing-IRRECOVERABLE = uneinbringlich
closing-POOR_CREDIT_RATING = schlechte Bonität
closing-INSOLVENCY = Insolvenz
closing-COMPANY_LIQUIDATED = Firma erloschen
closing-UNKNOWN_ADDRESS = Anschrift unbekannt
closing-DEBTOR_ABROAD = Schuldner im Ausland
closing-DEBTOR_DECEASED = Schuldner verstorben
closing-MINOR_DEBTOR = Schuldner minderjährig
closing-CLAIM_DISPUTED = Forderung bestritten
closing-CLAIM_DISMISSED = Klage abgewiesen
closing-FRAUD = Betrug
closing-TIME_BARRED = verjährt
closing-TOO_LOW_FOR_LEGAL_ACTION = zu gering für ein Verfahren
closing-HIGH_COST_RISK = Kostenrisiko zu hoch
closing-MISSING_DATA = Angaben fehlen
closing-DUPLICATE = doppelt
closing-PAID_BEFORE_HANDOVER = vor der Übergabe bezahlt
closing-LONG_TERM_MONITORING = Langzeitüberwachung

## Vorlagen

ack-sheet = Ergebnis
list-sheet = Übergabe
guide-sheet = Leitfaden
list-file = Uebergabe
guide-file = Leitfaden
guide-title = Leitfaden zum Satzaufbau
guide-intro = Diese Spalten versteht der Dateieingang. Die Reihenfolge der Spalten ist frei, Groß- und Kleinschreibung, Leerzeichen und Bindestriche in Spaltennamen sind ohne Bedeutung. Spalten, die Sie nicht brauchen, lassen Sie weg.
guide-field = Spalte
guide-headers = Auch erkannt als
guide-type = Inhalt
guide-needed = Nötig
guide-name = Feldname
needed-required = ja
needed-letter = vor dem ersten Schreiben
needed-optional = nein
kind-text = Text
kind-code = Auswahl
kind-date = Datum (TT.MM.JJJJ)
kind-money = Betrag (1234,56)
kind-percent = Prozentsatz (5,12)
kind-bool = ja oder nein
kind-list = Text, mehrere mit Komma getrennt
kind-length = höchstens { $limit } Zeichen
note-required = Diese Angabe ist nötig; ohne sie wird die Zeile abgewiesen.
note-letter = Diese Angabe wird vor dem ersten Schreiben gebraucht.
note-optional = Diese Angabe ist freiwillig.
example-hint = Beispielzeile – bitte löschen

## README

readme-title = So funktioniert dieser Bereich
readme-valid-rows = Eine Zeile mit Fehlern hält die anderen nicht auf; die guten werden übernommen.
readme-whole-file = Ist eine Zeile fehlerhaft, wird keine der Datei übernommen.
readme-completion-hold = Einige Sekunden nach dem Hochladen wird die Datei abgeholt.
readme-completion-rename = Bitte laden Sie unter einem vorläufigen Namen hoch (zum Beispiel liste.csv.part) und benennen Sie die Datei danach um; erst dann wird sie abgeholt.
readme-completion-marker = Legen Sie nach der Datei eine leere Datei mit der Endung .ok daneben (zum Beispiel liste.csv.ok); erst dann wird sie abgeholt.
choice-acts_as-consumer = Verbraucher
choice-acts_as-business = gewerblich
choice-salutation-mr = Herr
choice-salutation-ms = Frau
choice-salutation-company = Firma
choice-visibility-internal = intern
choice-visibility-client = Mandant
choice-allocate_to-principal = Hauptforderung
choice-allocate_to-costs = Kosten
choice-allocate_to-interest = Zinsen
example-number = BEISPIEL
example-reason = Warenlieferung
example-service = Dienstleistung
guide-about = Bedeutung
guide-findings = Codes der Befunde
guide-code = Code
needed-one_of = eine davon
note-one_of = Diese Angabe oder eine gleichwertige ist nötig.
guide-records = Satzarten
guide-record = Satzart
guide-records-intro = Was eine Zeile will, sagt die Spalte „Satzart“; ist sie leer oder fehlt sie, ist es eine neue Forderung. Von Angaben mit Schrägstrich genügt eine.
record-new_claim = Forderung
record-about-new_claim = Übergibt eine Forderung; sie kommt zur laufenden Akte des Kunden oder eröffnet eine.
record-additional_claim = Folgeforderung
record-about-additional_claim = Fügt einer laufenden Akte eine Rechnung hinzu.
record-debtor = Schuldner
record-about-debtor = Bringt Stammdaten ohne Forderung.
record-direct_payment = Direktzahlung
record-about-direct_payment = Der Schuldner hat an Sie gezahlt.
record-payment_cancellation = Zahlungsstorno
record-about-payment_cancellation = Nimmt eine Zahlung zurück, etwa nach einer Rücklastschrift.
record-credit_note = Gutschrift
record-about-credit_note = Vermindert eine Forderung.
record-credit_note_cancellation = Storno Gutschrift
record-about-credit_note_cancellation = Nimmt eine Gutschrift zurück.
record-recall = Rückruf
record-about-recall = Nimmt eine Forderung zurück, ohne Rechnungsnummer die ganze Akte.
record-hold = Stundung
record-about-hold = Lässt die Akte ruhen, bis zu einem Tag oder bis zur Fortsetzung.
record-resume = Fortsetzung
record-about-resume = Lässt die Akte weitergehen.
record-address_change = Adressänderung
record-about-address_change = Nennt eine neue Anschrift, E-Mail oder Telefonnummer.
record-address_search = Adressermittlung
record-about-address_search = Beauftragt die Suche nach der Anschrift.
record-dispute = Einwand
record-about-dispute = Der Schuldner bestreitet eine Forderung, ohne Rechnungsnummer alle der Akte.
record-message = Nachricht
record-about-message = Schreibt der Sachbearbeitung.
record-answer = Antwort
record-about-answer = Antwortet auf eine Rückfrage.
record-request = Anfrage
record-about-request = Fragt nach Ihren Akten oder nach einer Akte; die Antwort liegt nach Sekunden in „outbox/reports“. Ohne weitere Angaben: alle offenen Akten.
record-document = Dokument
record-about-document = Ordnet Papiere eines Pakets einer Akte zu.

## Für das Backoffice

office-list-file = Auftraege
office-list-sheet = Aufträge
office-records-intro = Was eine Zeile will, sagt die Spalte „Satzart“. Die Akte nennt ihre Nummer; eine Nummer des Mandanten genügt, wo sie unter allen Akten nur eine meint. Von Angaben mit Schrägstrich genügt eine.
example-handler = Sachgebiet 3
record-agency_payment = Zahlungseingang
record-about-agency_payment = Bucht, was der Schuldner an uns gezahlt hat.
record-cost = Kosten
record-about-cost = Bucht eigene Kosten oder eine Gebühr nach Vereinbarung.
record-write_off = Ausbuchung
record-about-write_off = Verzichtet auf einen Betrag, ohne Betrag auf alles Offene.
record-history_entry = Historie
record-about-history_entry = Trägt Brief, Anruf, Besuch oder Notiz in den Verlauf ein; intern, wenn nichts anderes gesagt ist.
record-status_change = Statusänderung
record-about-status_change = Bringt die Akte in einen anderen Verfahrensstand.
record-handler_change = Sachbearbeiterwechsel
record-about-handler_change = Gibt die Akte jemand anderem, ohne Angabe niemandem.
record-reply = Rückantwort
record-about-reply = Schreibt dem Mandanten; beantwortet seine älteste offene Nachricht.
record-query = Rückfrage
record-about-query = Fragt den Mandanten.
record-payment_plan = Ratenplan
record-about-payment_plan = Vereinbart Monatsraten in dieser Höhe.
record-payout = Auszahlung
record-about-payout = Vermerkt, was an den Mandanten ausgezahlt wurde.
record-close = Abschluss
record-about-close = Beendet die Akte.
