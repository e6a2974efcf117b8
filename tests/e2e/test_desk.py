"""The case desk by file: every record type over SFTP, good and bad, and nobody at the case of another."""

import concurrent.futures

import pytest
from support import files
from support.records import line, put, told


@pytest.fixture(scope="module")
def desk(module_home, tmp_path_factory):
    """Two clients with a case each: the first of two claims, both under the same debtor number."""
    first = module_home.add_client("acme", {"answers": ["json"]})
    second = module_home.add_client("beta", {"answers": ["json"]})
    module_home.serve()
    folder = tmp_path_factory.mktemp("lists")
    claims = [files.claim(1), files.claim(1, Rechnungsnummer="R-2")]
    put(first, folder, "claims.csv", claims)
    put(second, folder, "claims-2.csv", [files.claim(1, Rechnungsnummer="R-9")])
    return first, second, folder


def case_of(client):
    """The client's only case."""
    return client.home.json("case", "list", "--client", client.key, "--status", "all")["cases"][0]


def account(client):
    """What is owed on it today: a cancellation counts from the day on which it came."""
    return client.home.json("case", "account", case_of(client)["number"])


def test_every_record_type_of_clients(desk):
    client, _, folder = desk
    number = case_of(client)["number"]
    answer = put(
        client,
        folder,
        "all.csv",
        [
            line("direct_payment", invoice="R-1", number="Z-1", day="01.03.2026", amount="40,00"),
            line("Zahlung", invoice="R-1", number="Z-2", day="02.03.2026", amount="10,00"),
            line("payment_cancellation", number="Z-2"),
            line("credit_note", invoice="R-2", number="G-1", day="03.03.2026", amount="20,00"),
            line("credit_note", invoice="R-2", number="G-2", day="03.03.2026", amount="5,00"),
            line("credit_note_cancellation", number="G-2"),
            line("hold", case=number, until="31.12.2099", reason="Ratenzahlung"),
            line("resume", case=number),
            line("address_change", debtor="D-1", street="Neue Straße 7", town="Leipzig"),
            line("dispute", invoice="R-2", reason="Ware mangelhaft"),
            line("address_search", debtor="D-1"),
            line("message", case=number, text="Wie ist der Stand?"),
            line("answer", case=number, text="Ja."),
        ],
    )
    assert told(answer) == ["accepted"] * 12 + ["accepted NO_OPEN_QUERY"]
    assert {record["case_number"] for record in answer["records"]} == {number}
    shown = client.home.json("case", "show", number)
    assert shown["debtor_details"]["city"] == "Leipzig"
    assert [claim["disputed"] for claim in shown["claim_list"]] == [False, True]
    kinds = [entry["kind"] for entry in shown["history"]]
    assert kinds.count("direct_payment") == 2
    assert {"payment_cancellation", "credit_note", "paused", "resumed", "message", "answer"} <= set(kinds)
    owed = account(client)
    assert (owed["paid"], owed["credit"]) == ("40.00", "0.00")
    lines = sum(round(float(entry["amount"]) * 100) for entry in owed["lines"])
    assert lines == round(float(owed["balance"]) * 100)


def test_what_is_wrong_is_said_and_nothing_is_booked(desk):
    client, _, folder = desk
    number = case_of(client)["number"]
    cancelled = [
        line("direct_payment", invoice="R-1", number="Y-0", day="01.03.2026", amount="1,00"),
        line("payment_cancellation", number="Y-0"),
    ]
    assert told(put(client, folder, "cancelled.csv", cancelled)) == ["accepted", "accepted"]
    before = client.home.json("case", "show", number)["bookings"]
    answer = put(
        client,
        folder,
        "bad.csv",
        [
            line("direct_payment", invoice="R-77", number="Y-1", day="01.03.2026", amount="1,00"),
            line("direct_payment", invoice="R-1", number="Y-2", day="01.03.2026", amount="0,00"),
            line("direct_payment", invoice="R-1", number="Y-3", day="01.03.2026", amount="-5,00"),
            line("direct_payment", invoice="R-1", number="Y-4", day="01.03.2099", amount="5,00"),
            line("direct_payment", invoice="R-1", number="Y-5", amount="5,00"),
            line("payment_cancellation", number="Y-0"),
            line("payment_cancellation", number="Z-99"),
            line("credit_note", debtor="D-1", number="G-9", day="03.03.2026", amount="1,00"),
            line("credit_note", invoice="R-2", number="G-8", day="03.03.2026", amount="9999,00"),
            line("hold", case=number, until="01.01.2020"),
            line("resume", case=number),
            line("hold", case=number, invoice="R-77"),
            line("message", case=number),
            line("close", case=number),
            line("status_change", case=number),
            line("tanzen", case=number),
        ],
    )
    expected = [
        "UNKNOWN_REFERENCE",
        "AMOUNT_NOT_POSITIVE",
        "AMOUNT_NOT_POSITIVE",
        "DATE_IN_FUTURE",
        "REQUIRED",
        "ALREADY_CANCELLED",
        "UNKNOWN_REFERENCE",
        "CLAIM_NOT_NAMED",
        "AMOUNT_ABOVE_CLAIM",
        "DATE_PASSED",
        "NOT_PAUSED",
        "UNKNOWN_REFERENCE",
        "REQUIRED",
    ]
    assert told(answer)[:13] == [f"rejected {code}" for code in expected]
    assert all(outcome.startswith("rejected") for outcome in told(answer)[13:])
    assert client.home.json("case", "show", number)["bookings"] == before


def test_the_same_payments_twice_are_booked_once(desk):
    client, _, folder = desk
    rows = [line("direct_payment", invoice="R-1", number="D-1", day="05.03.2026", amount="3,00")]
    assert told(put(client, folder, "payments.csv", rows)) == ["accepted"]
    paid = account(client)["paid"]
    assert put(client, folder, "payments-again.csv", rows)["status"] == "DUPL"
    rows.append(line("direct_payment", invoice="R-1", number="D-2", day="05.03.2026", amount="2,00"))
    assert told(put(client, folder, "payments-more.csv", rows)) == ["duplicate DUPLICATE", "accepted"]
    assert round(float(account(client)["paid"]) - float(paid), 2) == 2.00


def test_nobody_reaches_the_case_of_another(desk):
    first, second, folder = desk
    number = case_of(first)["number"]
    before = first.home.json("case", "show", number)
    tries = [
        line("hold", case=number),
        line("message", case=number, text="Wer?"),
        line("recall", invoice="R-1"),
        line("direct_payment", invoice="R-2", number="Q-1", day="01.03.2026", amount="1,00"),
        line("payment_cancellation", number="Z-1"),
        line("credit_note_cancellation", number="G-1"),
        line("address_change", case=number, street="Andere Straße 1", town="Berlin"),
        line("dispute", invoice="R-1"),
    ]
    unknown = [
        line("hold", case="99999999"),
        line("recall", invoice="R-555"),
        line("payment_cancellation", number="Z-555"),
    ]
    answer = put(second, folder, "foreign.csv", [*tries, *unknown])
    assert told(answer) == ["rejected UNKNOWN_REFERENCE"] * len([*tries, *unknown])
    messages = {finding["message"].split("„")[0] for record in answer["records"] for finding in record["findings"]}
    assert len(messages) == 1, "what is somebody else's is told apart from what does not exist"
    assert not any("case_number" in record for record in answer["records"])
    # The same debtor number is its own case.
    assert told(put(second, folder, "own.csv", [line("hold", debtor="D-1")])) == ["accepted"]
    assert first.home.json("case", "show", number) == before


def test_a_hundred_bookings_at_once(desk):
    client, _, folder = desk
    number = case_of(client)["number"]
    before = account(client)["paid"]

    def by_command(n):
        client.home.cli("case", "book", number, "payment", "1.00", "--key", f"B-{n}", "--value-date", "2026-03-01")

    def by_file(n):
        rows = [
            line("direct_payment", invoice="R-1", number=f"F-{n}-{i}", day="01.03.2026", amount="1,00")
            for i in range(10)
        ]
        return told(put(client, folder, f"parallel-{n}.csv", rows))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        commands = [pool.submit(by_command, n) for n in range(50)]
        lists = [pool.submit(by_file, n) for n in range(5)]
        for done in commands:
            done.result()
        for done in lists:
            assert {outcome.split()[0] for outcome in done.result()} == {"accepted"}
    assert round(float(account(client)["paid"]) - float(before), 2) == 100.00


def test_a_recall_ends_the_case(desk):
    client, _, folder = desk
    assert told(put(client, folder, "recall.csv", [line("recall", invoice="R-2", reason="Irrtum")])) == ["accepted"]
    assert case_of(client)["closed"] is None
    rows = [
        line("recall", debtor="D-1"),
        line("direct_payment", debtor="D-1", number="L-1", day="01.03.2026", amount="1,00"),
    ]
    told_of = told(put(client, folder, "recall-all.csv", rows))
    assert told_of[0] == "accepted"
    assert case_of(client)["closing_reason"] == "RECALLED_BY_CLIENT"
    late = [
        line("direct_payment", debtor="D-1", number="L-2", day="02.03.2026", amount="1,00"),
        line("hold", debtor="D-1"),
    ]
    outcomes = told(put(client, folder, "late.csv", late))
    assert outcomes[0].startswith("accepted CASE_CLOSED")
    assert outcomes[1] == "rejected CASE_CLOSED"
