#!/usr/bin/env python3
"""Works out every example and fee table again and compares: day by day, in exact fractions.

It takes nothing from the [expect] tables but the figures to compare with. `python3 check.py` ends with 0 when all agree.
"""

import datetime
import random
import re
import sys
import tomllib
from fractions import Fraction
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIGITS = {"EUR": 2, "DKK": 2, "JPY": 0, "BHD": 3}

# Bundesbank, base rate under section 247 BGB, percent.
BASE_RATES = """
2002-01-01 2.57   2002-07-01 2.47   2003-01-01 1.97   2003-07-01 1.22   2004-01-01 1.14   2004-07-01 1.13
2005-01-01 1.21   2005-07-01 1.17   2006-01-01 1.37   2006-07-01 1.95   2007-01-01 2.70   2007-07-01 3.19
2008-01-01 3.32   2008-07-01 3.19   2009-01-01 1.62   2009-07-01 0.12   2011-07-01 0.37   2012-01-01 0.12
2013-01-01 -0.13  2013-07-01 -0.38  2014-01-01 -0.63  2014-07-01 -0.73  2015-01-01 -0.83  2016-07-01 -0.88
2023-01-01 1.62   2023-07-01 3.12   2024-01-01 3.62   2024-07-01 3.37   2025-01-01 2.27   2025-07-01 1.27
"""

# Annex 2 of the RVG: "value up to: 1.0 fee".
ANNEX_2_OF_2021 = """
500 49 1000 88 1500 127 2000 166 3000 222 4000 278 5000 334 6000 390 7000 446 8000 502 9000 558 10000 614 13000 666
16000 718 19000 770 22000 822 25000 874 30000 955 35000 1036 40000 1117 45000 1198 50000 1279 65000 1373 80000 1467
95000 1561 110000 1655 125000 1749 140000 1843 155000 1937 170000 2031 185000 2125 200000 2219 230000 2351 260000 2483
290000 2615 320000 2747 350000 2879 380000 3011 410000 3143 440000 3275 470000 3407 500000 3539
"""
ANNEX_2_OF_2025 = """
500 51.50 1000 93 1500 134.50 2000 176 3000 235.50 4000 295 5000 354.50 6000 414 7000 473.50 8000 533 9000 592.50
10000 652 13000 707 16000 762 19000 817 22000 872 25000 927 30000 1013 35000 1099 40000 1185 45000 1271 50000 1357
65000 1456.50 80000 1556 95000 1655.50 110000 1755 125000 1854.50 140000 1954 155000 2053.50 170000 2153 185000 2252.50
200000 2352 230000 2492 260000 2632 290000 2772 320000 2912 350000 3052 380000 3192 410000 3332 440000 3472 470000 3612
500000 3752
"""

day = datetime.date.fromisoformat
NEXT = datetime.timedelta(days=1)


def pairs(text):
    words = text.split()
    return list(zip(words[::2], words[1::2]))


BASE = {day(since): Fraction(rate) for since, rate in pairs(BASE_RATES)}


def base_rate(date):
    return BASE[max(since for since in BASE if since <= date)]


def nearest(amount, digits, how="half_up"):
    """A fraction to the minor unit, half up or down."""
    unit = amount * 10**digits
    whole = unit.numerator // unit.denominator
    if how == "half_up" and (unit - whole) * 2 >= 1:
        whole += 1
    return Fraction(whole, 10**digits)


def text(amount, digits):
    sign = "-" if amount < 0 else ""
    units = abs(amount) * 10**digits
    assert units.denominator == 1, f"{amount} has more than {digits} digits"
    plain = str(units.numerator).zfill(digits + 1)
    return sign + (plain if digits == 0 else f"{plain[:-digits]}.{plain[-digits:]}")


# --------------------------------------------------------------------------------------------------------------- fees


def german_version(mandated):
    for since in ("2025-06-01", "2021-10-01", "2021-01-01"):
        if mandated >= since:
            return f"de-{since}"
    raise ValueError("no schedule before 2021")


def german_whole_fee(value, version, undisputed):
    """The 1.0 fee, read off the printed table; above it one step more for each 50,000 begun."""
    new = version == "de-2025-06-01"
    if undisputed and value <= 50 and version != "de-2021-01-01":
        return Fraction("31.50") if new else Fraction(30)
    table = [(Fraction(top), Fraction(fee)) for top, fee in pairs(ANNEX_2_OF_2025 if new else ANNEX_2_OF_2021)]
    for top, fee in table:
        if value <= top:
            return fee
    top, fee = table[-1]
    while top < value:
        top, fee = top + 50_000, fee + (175 if new else 165)
    return fee


def german_bill(mandated, value, rates_and_values, undisputed, deduct):
    version = german_version(mandated)
    fees = []
    for rate, of, small in rates_and_values:
        fees.append(max(Fraction(15), nearest(rate * german_whole_fee(of, version, undisputed and small), 2)))
    fifth = nearest(sum(fees) * Fraction(20, 100), 2)
    expenses = fifth if fifth < 20 else Fraction(20)
    net = sum(fees) + expenses
    vat = Fraction(0) if deduct else nearest(net * Fraction(19, 100), 2)
    return version, fees, expenses, vat


def dutch_fee(value):
    """Cent by cent would be the same: each slice of the value at its own percentage."""
    slices = [(2_500, "0.15"), (2_500, "0.10"), (5_000, "0.05"), (190_000, "0.01")]
    fee, left = Fraction(0), value
    for width, share in slices:
        part = min(left, Fraction(width))
        fee, left = fee + part * Fraction(share), left - part
    fee += left * Fraction("0.005")
    return nearest(sorted([Fraction(40), fee, Fraction(6775)])[1], 2)


def danish_fee(value):
    steps = pairs("1000 400 2500 700 5000 1000 10000 1300 25000 1700 50000 2250 100000 2850 250000 3850 500000 6400")
    fitting = [Fraction(fee) for top, fee in steps if value <= Fraction(top)]
    return fitting[0] if fitting else nearest(Fraction(6400) + (value - 500_000) * Fraction(1, 100), 2)


def bill(schedule, booking, deduct):
    """(version, fee, expenses, VAT) of an agency's fee."""
    value = Fraction(booking["value"])
    if schedule == "de":
        mandated = booking.get("mandated", booking["value_date"])
        undisputed = not booking.get("disputed", False)
        version, fees, expenses, vat = german_bill(mandated, value, [(Fraction(booking["rate"]), value, True)], undisputed, deduct)
        return version, fees[0], expenses, vat
    version, fee, percent = {"nl": ("nl-2012-07-01", dutch_fee, 21), "dk": ("dk-2016-07-01", danish_fee, 25)}[schedule]
    amount = fee(value)
    return version, amount, Fraction(0), Fraction(0) if deduct else nearest(amount * percent / 100, 2)


# ------------------------------------------------------------------------------------------------------------ account


class Claim:
    def __init__(self, fields, settings, findings):
        self.fields = fields
        self.reference = fields["reference"]
        self.arises = day(fields["value_date"])
        self.business = fields["debtor"] == "business"
        if fields["debtor"] == "unknown":
            findings.add("ACTS_AS_UNKNOWN")
        self.goods = fields.get("goods_or_services", True)
        since = next(fields[key] for key in ("concluded", "contract_date", "invoice_date", "due_date", "value_date") if key in fields)
        self.new_law = since >= "2014-07-29"
        self.first_day = self.first_interest_day(settings)
        if self.first_day is None:
            findings.add("NO_DEFAULT_DATE")
        age = next(fields[key] for key in ("due_date", "invoice_date", "default_date", "value_date") if key in fields)
        self.rank = (age, self.reference)
        self.loan = fields.get("allocation", settings.get("allocation", "367")) == "497"
        self.earned = Fraction(0)
        self.diary = []
        self.ended = False

    def first_interest_day(self, settings):
        fields = self.fields
        lag = NEXT if settings.get("first_day", "after_event") == "after_event" else 0 * NEXT

        def last_day_to_pay(date):
            moves = settings.get("rest_days", "as_given") == "next_working_day"
            while moves and (date.strftime("%w") in "06" or date.isoformat() in settings.get("holidays", [])):
                date += NEXT
            return date

        if "default_date" in fields:
            return day(fields["default_date"])
        if "due_date" in fields:
            return last_day_to_pay(day(fields["due_date"])) + lag
        if "reminder_date" in fields:
            return day(fields["reminder_date"]) + lag
        if self.business and "invoice_date" in fields:
            receipt = day(max(fields["invoice_date"], fields.get("received_date", "")))
            return last_day_to_pay(receipt + 30 * NEXT) + lag
        return None

    def rate(self, date):
        if "interest_rate" in self.fields:
            return Fraction(self.fields["interest_rate"])
        if "interest_points" in self.fields:
            points = Fraction(self.fields["interest_points"])
        elif self.business and self.goods:
            points = 9 if self.new_law else 8
        else:
            points = 5
        rate = base_rate(date) + points
        return rate if rate > 0 else Fraction(0)

    def flat_sum(self, law, currency):
        wanted = self.business and self.goods and self.new_law and self.fields.get("flat_sum", True)
        if not wanted or self.first_day is None:
            return None
        return {("de", "EUR"): Fraction(40), ("dk", "DKK"): Fraction(310)}.get((law, currency))


def share_of_year(date, count):
    """(days that a calendar day is worth, days of its year)."""
    if count == "actual/365":
        return 1, 365
    if count == "actual/actual":
        length = (datetime.date(date.year + 1, 1, 1) - datetime.date(date.year, 1, 1)).days
        return 1, length
    before = date - NEXT
    months = (date.year - before.year) * 12 + date.month - before.month
    return 30 * months + min(date.day, 30) - min(before.day, 30), 360


class Account:
    """Walks from the first day to the day of the statement."""

    def __init__(self, example, until=None):
        self.settings = example.get("settings", {})
        self.currency = self.settings.get("currency", "EUR")
        self.law = self.settings.get("law", "de")
        self.digits = DIGITS[self.currency]
        self.statement = day(example["as_of"])
        self.findings = set()
        self.claims = {
            fields["reference"]: Claim(fields, self.settings, self.findings)
            for fields in example["claim"]
            if fields["value_date"] <= example["as_of"]
        }
        seen = [
            entry
            for entry in example.get("booking", [])
            if entry["value_date"] <= example["as_of"] and (until is None or entry.get("booked_at", entry["value_date"]) < until)
        ]
        undone = {entry["reversal_of"] for entry in seen if entry["kind"] == "reversal"}
        self.bookings = [entry for entry in seen if entry["kind"] != "reversal" and entry["id"] not in undone]
        self.left = {}  # what is open of each debt but interest: ("principal", claim) or ("cost", id)
        self.interest_taken = {reference: Fraction(0) for reference in self.claims}
        self.costs = {}  # id -> (date, client's before agency's, id), side, claim, whether a cost of pursuing the claim
        self.flats = {}  # id -> [date, claim, amount, credited]
        self.legal_sum = Fraction(0)
        self.credits = []  # [booking, amount]
        self.lines = {}
        self.bills = []
        self.owed_in_all = Fraction(0)
        self.credited_in_all = Fraction(0)
        self.walk()

    # ---- debts

    def open(self, debt):
        kind, key = debt
        if kind != "interest":
            return self.left.get(debt, Fraction(0))
        claim = self.claims[key]
        if claim.ended:
            return Fraction(0)
        return nearest(claim.earned, self.digits, self.settings.get("rounding", "half_up")) - self.interest_taken[key]

    def take(self, debt, amount, booking):
        kind, key = debt
        if kind == "interest":
            self.interest_taken[key] += amount
            label = (booking, "interest", key, None)
        elif kind == "principal":
            self.left[debt] -= amount
            label = (booking, "principal", key, None)
        else:
            self.left[debt] -= amount
            _, side, claim, _ = self.costs[key]
            label = (booking, side, claim, key)
        self.lines[label] = self.lines.get(label, Fraction(0)) + amount

    def costs_of(self, claim):
        return [("cost", key) for key in sorted(self.costs, key=lambda key: self.costs[key][0]) if self.costs[key][2] == claim]

    def in_order(self):
        return [ref for ref in sorted(self.claims, key=lambda ref: self.claims[ref].rank) if ("principal", ref) in self.left]

    def of_claim(self, reference):
        interest, principal = ("interest", reference), ("principal", reference)
        return self.costs_of(reference) + ([principal, interest] if self.claims[reference].loan else [interest, principal])

    def way_of(self, booking):
        """All debts in the order in which a payment meets them; one that comes twice is empty the second time."""
        named = [booking["claim"]] if "claim" in booking else self.in_order()
        match booking.get("allocate_to"):
            case "principal" | "interest" as kind:
                yield from ((kind, reference) for reference in named)
            case "costs":
                yield from [] if "claim" in booking else self.costs_of(None)
                for reference in named:
                    yield from self.costs_of(reference)
        yield from self.costs_of(None)
        if "claim" in booking:
            yield from self.of_claim(booking["claim"])
        if self.settings.get("across_claims") == "interest_first":
            for reference in self.in_order():
                yield from self.costs_of(reference)
            loans = [ref for ref in self.in_order() if self.claims[ref].loan]
            yield from (("interest", ref) for ref in self.in_order() if ref not in loans)
            yield from (("principal", ref) for ref in self.in_order())
            yield from (("interest", ref) for ref in loans)
        else:
            for reference in self.in_order():
                yield from self.of_claim(reference)

    def spend(self, amount, booking):
        for debt in list(self.way_of(booking)):
            part = min(amount, self.open(debt))
            if part > 0:
                self.take(debt, part, booking["id"])
                amount -= part
        return amount

    # ---- what happens on a day

    def morning(self, today):
        for reference, claim in self.claims.items():
            if claim.arises == today:
                amount = Fraction(claim.fields["principal"])
                self.owed_in_all += amount
                self.left["principal", reference] = amount
                for note in sorted(self.bookings, key=lambda entry: entry["id"]):
                    if note["kind"] == "credit_note" and note.get("effect") == "from_start" and note["claim"] == reference:
                        self.credit_note(note)

    def earn(self, today):
        for reference, claim in self.claims.items():
            if claim.first_day is None or today < claim.first_day or claim.ended or ("principal", reference) not in self.left:
                continue
            worth, length = share_of_year(today, self.settings.get("day_count", "actual/365"))
            principal, rate = self.left["principal", reference], claim.rate(today)
            interest = principal * rate / 100 * worth / length
            claim.earned += interest
            claim.diary.append((today, principal, rate, length, worth, interest))

    def new_costs(self, today):
        for entry in self.bookings:
            if day(entry["value_date"]) != today or entry["kind"] not in ("client_cost", "agency_cost", "agency_fee"):
                continue
            if entry["kind"] == "agency_fee":
                version, fee, expenses, vat = bill(self.settings["fee_schedule"], entry, self.settings["input_tax_deductible"])
                amount = fee + expenses + vat
                self.bills.append((entry["id"], version, fee, expenses, vat, amount))
            else:
                amount = Fraction(entry["amount"])
            client = entry["kind"] == "client_cost"
            legal = not client or entry.get("cost", "dunning") == "dunning"
            self.add_cost(entry["id"], today, client, entry.get("claim"), legal, amount)
            self.legal_sum += amount if legal else 0
        for reference, claim in self.claims.items():
            amount = claim.flat_sum(self.law, self.currency)
            if amount is not None and max(claim.first_day, claim.arises) == today:
                self.add_cost(f"flat:{reference}", today, True, reference, False, amount)
                self.flats[f"flat:{reference}"] = [today, reference, amount, Fraction(0)]
        if self.law == "de":
            self.credit_flat_sums()

    def add_cost(self, key, today, client, claim, legal, amount):
        rank = (today, 0 if client else 1, key)
        self.costs[key] = (rank, "client_costs" if client else "agency_costs", claim, legal)
        self.left["cost", key] = amount
        self.owed_in_all += amount

    def credit_flat_sums(self):
        flats = sum((flat[2] for flat in self.flats.values()), Fraction(0))
        more = min(flats, self.legal_sum) - self.credited_in_all
        self.credited_in_all += more
        share = more
        for key in sorted(self.flats, key=lambda key: self.costs[key][0]):
            part = min(share, self.flats[key][2] - self.flats[key][3])
            self.flats[key][3] += part
            share -= part
        by_age = sorted(self.costs, key=lambda key: self.costs[key][0])
        for key in [key for key in by_age if self.costs[key][3]] + [key for key in by_age if key in self.flats]:
            part = min(more, self.left["cost", key])
            self.left["cost", key] -= part
            more -= part
        assert more == 0

    def credit_note(self, note):
        debt = ("principal", note["claim"])
        amount = Fraction(note["amount"])
        part = min(amount, self.left[debt])
        if part:
            self.take(debt, part, note["id"])
        if amount > part:
            self.credits.append([note["id"], amount - part])

    def use_credits(self):
        for credit in self.credits:
            credit[1] = self.spend(credit[1], {"id": credit[0]})

    def payments(self, today):
        for entry in self.of_day(today, "payment", "direct_payment"):
            rest = self.spend(Fraction(entry["amount"]), entry)
            if rest:
                self.credits.append([entry["id"], rest])

    def of_day(self, today, *kinds):
        found = [entry for entry in self.bookings if entry["kind"] in kinds and day(entry["value_date"]) == today]
        return sorted(found, key=lambda entry: entry["id"])

    def recall(self, entry):
        gone = [entry["claim"]] if "claim" in entry else self.in_order()
        debts = [] if "claim" in entry else self.costs_of(None)
        for reference in gone:
            debts += [*self.costs_of(reference), ("interest", reference), ("principal", reference)]
        for debt in debts:
            if self.open(debt):
                self.take(debt, self.open(debt), entry["id"])
        for reference in gone:
            self.claims[reference].ended = True
            del self.left["principal", reference]

    def walk(self):
        today = min(claim.arises for claim in self.claims.values())
        for entry in self.bookings:
            today = min(today, day(entry["value_date"]))
        late = self.settings.get("payment_day", "old_balance") == "new_balance"
        payments_first = self.settings.get("same_day", "debts_first") == "payments_first"
        while today <= self.statement:
            self.morning(today)
            if not late:
                self.earn(today)
            if not payments_first:
                self.new_costs(today)
            for note in self.of_day(today, "credit_note"):
                if note.get("effect") != "from_start":
                    self.credit_note(note)
            self.use_credits()
            self.payments(today)
            if payments_first:
                self.new_costs(today)
                self.use_credits()
            for entry in self.of_day(today, "write_off"):
                assert self.spend(Fraction(entry["amount"]), entry) == 0, "a write-off exceeds what is open"
            for entry in self.of_day(today, "recall"):
                self.recall(entry)
            if late:
                self.earn(today)
            today += NEXT

    # ---- what is shown

    def result(self):
        def side(name):
            return sum((self.left["cost", key] for key in self.costs if self.costs[key][1] == name), Fraction(0))

        shown = {
            "principal": sum((amount for debt, amount in self.left.items() if debt[0] == "principal"), Fraction(0)),
            "interest": sum((self.open(("interest", reference)) for reference in self.claims), Fraction(0)),
            "agency_costs": side("agency_costs"),
            "client_costs": side("client_costs"),
        }
        balance = sum(shown.values())
        paid = [Fraction(entry["amount"]) for entry in self.bookings if entry["kind"] in ("payment", "direct_payment")]
        shown["paid"] = sum(paid, Fraction(0))
        shown["credit"] = sum((amount for _, amount in self.credits), Fraction(0))
        shown["balance"] = balance
        return shown

    def periods(self):
        for reference in self.in_all_order():
            for (principal, rate, _), days in groupby(self.claims[reference].diary, key=lambda entry: entry[1:4]):
                days = list(days)
                if principal:
                    interest = sum(entry[5] for entry in days)
                    yield reference, days[0][0], days[-1][0], sum(entry[4] for entry in days), rate, principal, interest

    def in_all_order(self):
        return sorted(self.claims, key=lambda reference: self.claims[reference].rank)

    def allocation(self):
        lines = dict(self.lines)
        for booking, amount in self.credits:
            if amount:
                label = (booking, "credit", None, None)
                lines[label] = lines.get(label, Fraction(0)) + amount
        return lines

    def check_sums(self):
        """What must hold for any account."""
        shown = self.result()
        assert all(amount >= 0 for amount in shown.values()), shown
        assert not (shown["balance"] and shown["credit"]), shown
        taken = sum((amount for label, amount in self.allocation().items() if label[1] != "credit"), Fraction(0))
        how = self.settings.get("rounding", "half_up")
        interest = sum(nearest(claim.earned, self.digits, how) for claim in self.claims.values())
        assert self.owed_in_all - self.credited_in_all + interest - taken == shown["balance"]
        for entry in self.bookings:
            if entry["kind"] in ("payment", "direct_payment", "credit_note", "write_off"):
                lines = [amount for label, amount in self.allocation().items() if label[0] == entry["id"]]
                assert sum(lines) == Fraction(entry["amount"]), entry["id"]


# --------------------------------------------------------------------------------------------------------- comparison

compared = 0
wrong = []


def same(where, name, found, expected):
    global compared
    compared += 1
    if found != expected:
        wrong.append(f"{where}: {name}: worked out {found}, written {expected}")


def written_lines(rows, skip=()):
    return [(row["booking"], row["target"], row.get("claim"), row.get("cost"), row["amount"]) for row in rows]


def check_example(path):
    example = tomllib.loads(path.read_text())
    expect = example["expect"]
    account = Account(example)
    digits, where = account.digits, path.name
    account.check_sums()

    for name, amount in account.result().items():
        same(where, name, text(amount, digits), expect[name])
    same(where, "findings", sorted(account.findings), sorted(expect.get("findings", [])))

    periods = list(account.periods())
    rows = expect.get("period", [])
    same(where, "number of periods", len(periods), len(rows))
    for (reference, first, last, days, rate, principal, interest), row in zip(periods, rows):
        found = (reference, str(first), str(last), days, text(rate, 2), text(principal, digits))
        same(where, "period", found, tuple(row[key] for key in ("claim", "from", "to", "days", "rate", "principal")))
        same(where, "interest of a period", text(nearest(interest, 6), 6), row["interest"])
        same(where, "exact interest", interest, Fraction(row["exact"]))

    lines = {label + (text(amount, digits),) for label, amount in account.allocation().items()}
    rows = written_lines(expect.get("allocation", []))
    same(where, "lines that appear once", len(rows), len(set(rows)))
    same(where, "allocation", sorted(map(str, lines)), sorted(map(str, rows)))

    bills = [(key, version, *(text(amount, digits) for amount in rest)) for key, version, *rest in account.bills]
    rows = [tuple(row[key] for key in ("booking", "version", "fee", "expenses", "vat", "total")) for row in expect.get("fee", [])]
    same(where, "fees", sorted(bills), sorted(rows))
    flats = [(flat[1], str(flat[0]), text(flat[2], digits), text(flat[3], digits)) for flat in account.flats.values()]
    rows = [tuple(row[key] for key in ("claim", "date", "amount", "credited")) for row in expect.get("flat_sum", [])]
    same(where, "flat sums", sorted(flats), sorted(rows))

    check_deltas(where, example, account)
    for seed in range(5):  # the order of arrival does not matter
        mixed = dict(example, booking=random.Random(seed).sample(example.get("booking", []), len(example.get("booking", []))))
        mixed["claim"] = random.Random(seed).sample(example["claim"], len(example["claim"]))
        again = Account(mixed)
        same(where, "another order of arrival", (again.result(), again.allocation()), (account.result(), account.allocation()))
    return example


def check_deltas(where, example, account):
    rows = example["expect"].get("delta", [])
    for cause in {row["cause"] for row in rows}:
        entry = next(entry for entry in example["booking"] if entry["id"] == cause)
        before, after = Account(example, until=entry["booked_at"]).allocation(), account.allocation()
        change = {label: after.get(label, 0) - before.get(label, 0) for label in before.keys() | after.keys()}
        found = {label + (text(Fraction(amount), account.digits),) for label, amount in change.items() if amount}
        same(where, f"new lines of {cause}", sorted(map(str, found)), sorted(map(str, written_lines(row for row in rows if row["cause"] == cause))))


def check_germany(table):
    for version in table["version"]:
        for row in version["rows"]:
            fee = german_whole_fee(Fraction(row["value"]), version["id"], undisputed=False)
            same("de.toml", f"{version['id']} at {row['value']}", text(fee, 2), row["fee"])
        if "small_undisputed_fee" in version:
            fee = german_whole_fee(Fraction(version["small_undisputed_up_to"]), version["id"], undisputed=True)
            same("de.toml", f"{version['id']}, small claims", text(fee, 2), version["small_undisputed_fee"])
    for case in table["case"]:
        value = Fraction(case["value"])
        version, fees, expenses, vat = german_bill(
            case["mandated"], value, [(Fraction(case["rate"]), value, True)], not case["disputed"], case["deduct"]
        )
        found = (version, *(text(amount, 2) for amount in (fees[0], expenses, vat, fees[0] + expenses + vat)))
        same("de.toml", f"case {case}", found, tuple(case[key] for key in ("version", "fee", "expenses", "vat", "total")))
    for case in table["agreement"]:
        value = Fraction(case["value"])
        parts = [(Fraction(case["rate"]), value, True), (Fraction("0.7"), value / 2, False)]
        version, fees, expenses, vat = german_bill(case["mandated"], value, parts, True, False)
        net = sum(fees) + expenses
        found = (version, *(text(amount, 2) for amount in (value / 2, *fees, expenses, vat, net, net + vat)))
        keys = ("version", "agreement_value", "fee", "agreement_fee", "expenses", "vat", "total_without_vat", "total_with_vat")
        same("de.toml", f"agreement {case['value']}", found, tuple(case[key] for key in keys))
    for case in table["flat"]:
        flats, costs = 40 * Fraction(case["claims"]), Fraction(case["legal_costs"])
        together = max(flats, costs)
        found = tuple(text(amount, 2) for amount in (flats, flats + costs - together, together - flats, together))
        same("de.toml", f"flat {case}", found, tuple(case[key] for key in ("flat_sums", "credited", "legal_costs_owed", "together")))


def check_by_value(name, table, fee_of, percent):
    for row in table["version"][0]["rows"]:
        fee = fee_of(Fraction(row["value"]))
        vat = nearest(fee * percent / 100, 2)
        found = tuple(text(amount, 2) for amount in (fee, vat, fee + vat))
        same(name, f"at {row['value']}", found, tuple(row[key] for key in ("fee", "vat", "total_with_vat")))


def check_denmark(table):
    check_by_value("dk.toml", table, danish_fee, 25)
    for case in table["reminders"]:
        charged = []
        for date in map(day, case["dates"]):
            if len(charged) < 3 and all((date - other).days >= 10 for other in charged):
                charged.append(date)
        same("dk.toml", f"reminders {case['dates']}", text(Fraction(100 * len(charged)), 2), case["fee"])
    for case in table["compensation"]:
        amount = 310 * case["claims"] if case["debtor"] == "business" else 0
        same("dk.toml", f"compensation {case}", text(Fraction(amount), 2), case["amount"])


def check_page(examples):
    """The page must show the same figures as the files."""
    page = (HERE.parents[2] / "docs" / "account.md").read_text()
    parts = {int(part[:2]): part for part in re.split(r"^### ", page, flags=re.M)[1:] if part[:2].isdigit()}
    same("account.md", "numbers of the examples", sorted(parts), [example["number"] for example in examples])

    def cells(part, head):
        found = re.search(rf"^\| {head} \|.*\n\|[-:|]+\|\n((?:\|.*\n?)*)", part, flags=re.M)
        rows = found.group(1).splitlines() if found else []
        return [[cell.strip().replace(",", "") for cell in row.strip("|").split("|")] for row in rows]

    for example in examples:
        part, expect = parts[example["number"]], example["expect"]
        where = f"account.md {example['number']:02}"
        same(where, "title", part.splitlines()[0][3:], example["title"])
        day_and_figures = re.search(r"^\*\*Result (\S+):\*\* (.*) (\w+)$", part, flags=re.M)
        figures = [figure.rsplit(" ", 1)[1].replace(",", "") for figure in day_and_figures.group(2).split(" · ")]
        keys = ("principal", "interest", "agency_costs", "client_costs", "paid", "credit", "balance")
        same(where, "day", day_and_figures.group(1), example["as_of"])
        same(where, "currency", day_and_figures.group(3), example.get("settings", {}).get("currency", "EUR"))
        same(where, "result", figures, [expect[key] for key in keys])
        keys = ("claim", "from", "to", "days", "rate", "principal", "interest")
        same(where, "periods", cells(part, "claim"), [[str(row[key]) for key in keys] for row in expect.get("period", [])])
        keys = ("booking", "version", "fee", "expenses", "vat", "total")
        same(where, "fees", cells(part, "fee"), [[row[key] for key in keys] for row in expect.get("fee", [])])
        found = [[row[0], row[2]] for row in cells(part.split("New lines that")[0], "booking")]
        same(where, "allocation", found, [[row["booking"], row["amount"]] for row in expect.get("allocation", [])])
        late = part.split("New lines that")[1] if "New lines that" in part else ""
        found = [[row[0], row[2]] for row in cells(late, "booking")]
        same(where, "new lines", found, [[row["booking"], row["amount"]] for row in expect.get("delta", [])])
        for fields in example["claim"]:
            digits = DIGITS[example.get("settings", {}).get("currency", "EUR")]
            amount = f"{Fraction(fields['principal']).__float__():,.{digits}f}"
            same(where, "principal of the claim", f"claim {fields['reference']}: {amount} " in part, True)


def main():
    paths = sorted((HERE / "examples").glob("*.toml"))
    examples = [check_example(path) for path in paths]
    fees = {name: tomllib.loads((HERE / "fees" / f"{name}.toml").read_text()) for name in ("de", "nl", "dk")}
    check_germany(fees["de"])
    check_by_value("nl.toml", fees["nl"], dutch_fee, 21)
    check_denmark(fees["dk"])
    check_page(examples)
    for line in wrong:
        print(line)
    print(f"{len(paths)} examples, {compared} comparisons, {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
