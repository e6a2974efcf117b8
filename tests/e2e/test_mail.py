"""Mails: through a real SMTP server with STARTTLS and login, over its outages, and into a folder."""

import collections
import email
import email.policy

import pytest
from support import files
from support.ports import free_port
from support.smtp import MailServer, SilentServer
from support.waiting import wait_for


@pytest.fixture
def mail_server(tmp_path):
    """A mail server that is not up yet."""
    server = MailServer(tmp_path, free_port())
    yield server
    server.down()


def serve(home, server, **settings):
    """A client `acme` with an address, and the service on that mail server."""
    home.configure(server.settings())
    client = home.add_client("acme", {"answers": ["json"], **settings}, ["--email", "buchhaltung@example.com"])
    home.serve()
    return client


def test_the_subject_says_what_became_of_the_list(home, mail_server):
    mail_server.up()
    client = serve(home, mail_server, locale="de")
    client.drop("m.csv", files.table([files.claim(1), files.claim(2), files.claim(3, Hauptforderung="0")]).encode())
    client.answers.wait("m.csv")
    wait_for(lambda: mail_server.mailbox.mails, 60, "the mail")
    envelope, message = mail_server.mailbox.mails[0]
    assert envelope.rcpt_tos == ["buchhaltung@example.com"]
    assert "2" in message["Subject"] and "3" in message["Subject"] and "1" in message["Subject"]
    assert message["Message-ID"] and message["Date"]
    kinds = {part.get_content_type() for part in message.walk()}
    assert {"text/plain", "text/html"} <= kinds
    body = message.get_body(("plain",)).get_content()
    assert "Mustermann" not in body and "Mustermann" not in message["Subject"], "no debtor in a mail"


def test_down_for_a_while_then_each_mail_once(home, mail_server):
    client = serve(home, mail_server)
    for n in range(5):
        client.drop(f"m-{n}.csv", files.claims(n * 10, 2))
        client.answers.wait(f"m-{n}.csv")
    home.service.stop()
    home.serve()
    mail_server.up()
    wait_for(lambda: len(mail_server.mailbox.mails) >= 5, 150, "the five mails")
    client.drop("last.csv", files.claims(900, 1))
    wait_for(lambda: len(mail_server.mailbox.mails) >= 6, 60, "the sixth mail")
    ids = collections.Counter(message["Message-ID"] for _, message in mail_server.mailbox.mails)
    assert len(ids) == 6 and set(ids.values()) == {1}


def test_a_poison_mail_does_not_block_the_next(home, mail_server):
    mail_server.up()
    mail_server.mailbox.refuse = lambda envelope: "poison@example.com" in envelope.rcpt_tos
    client = serve(home, mail_server)
    poison = home.add_client("poison", {"answers": ["json"]}, ["--email", "poison@example.com"])
    poison.drop("p.csv", files.claims(1, 1))
    poison.answers.wait("p.csv")
    client.drop("m.csv", files.claims(1, 1))
    wait_for(lambda: mail_server.mailbox.mails, 60, "the mail behind the poison")
    assert mail_server.mailbox.mails[0][0].rcpt_tos == ["buchhaltung@example.com"]


def test_what_was_given_up_is_taken_up_again(home, mail_server):
    mail_server.up()
    mail_server.mailbox.refuse = lambda envelope: True
    client = serve(home, mail_server)
    client.drop("m.csv", files.claims(1, 1))
    code = client.answers.wait("m.csv").id
    wait_for(lambda: home.json("status")["outbox"]["failed"] == 1, 60, "the mail to be given up")
    [line] = home.json("outbox", "list", "--client", "acme")["outbox"]
    assert (line["kind"], line["state"], line["delivery"], line["error"]) == ("mail", "failed", code, "SMTP 550")
    mail_server.mailbox.refuse = None
    home.cli("outbox", "retry", str(line["id"]))
    wait_for(lambda: mail_server.mailbox.mails, 60, "the mail")
    wait_for(lambda: not home.json("outbox", "list")["outbox"], 60, "an empty outbox")
    assert home.json("status")["outbox"]["failed"] == 0
    assert home.cli("outbox", "retry", str(line["id"]), check=False).returncode == 3


def test_a_server_without_starttls_gets_nothing(home, mail_server):
    """STARTTLS is required: a server that does not offer it never sees a login or a mail."""
    from aiosmtpd.controller import Controller

    plain = Controller(mail_server.mailbox, hostname="127.0.0.1", port=mail_server.port, ready_timeout=20)
    plain.start()
    try:
        client = serve(home, mail_server)
        client.drop("m.csv", files.claims(1, 1))
        client.answers.wait("m.csv")
        wait_for(
            lambda: any(
                "mail" in str(line).lower() and line.get("level") in ("WARN", "ERROR")
                for line in home.service.log_lines()
            ),
            60,
            "a warning about the mail server",
        )
        assert not mail_server.mailbox.mails
    finally:
        plain.stop()


def test_files_go_out_while_the_server_swallows_connections(home):
    server = SilentServer()
    try:
        home.configure(server.settings())
        addresses = [part for n in range(40) for part in ("--email", f"buchhaltung-{n}@example.com")]
        client = home.add_client("acme", {"answers": ["json"]}, addresses)
        home.serve()
        client.drop("first.csv", files.claims(1, 2))
        client.answers.wait("first.csv")
        wait_for(lambda: len(server.held) == 4, 60, "as many connections as the service makes at once")
        for n in range(3):
            client.drop(f"next-{n}.csv", files.claims(100 + n * 10, 2))
            assert client.answers.wait(f"next-{n}.csv").taken == 2
        assert len(server.held) == 4, "no connection was given up meanwhile: all mails still wait"
    finally:
        server.down()


@pytest.mark.parametrize("locale", ["de", "en", "da"])
def test_mails_into_a_folder(home, locale):
    client = home.add_client("acme", {"answers": ["json"]}, ["--email", "bogholderi@example.com", "--locale", locale])
    home.serve()
    client.drop("m.csv", files.claims(1, 2))
    client.answers.wait("m.csv")
    folder = home.path / "mail"
    [path] = wait_for(lambda: list(folder.glob("*.eml")) if folder.is_dir() else [], 60, "the mail's file")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "bogholderi@example.com"
    assert "2" in message["Subject"]


def test_a_header_only_list_sends_no_error_mail(home):
    client = home.add_client("acme", {"answers": ["json"]}, ["--email", "buchhaltung@example.com"])
    home.serve()
    client.drop("nothing.csv", files.table([]).encode())
    assert client.answers.wait("nothing.csv").json()["status"] == "ACCP"
    client.drop("some.csv", files.claims(1, 1))
    client.answers.wait("some.csv")
    folder = home.path / "mail"
    wait_for(lambda: list(folder.glob("*.eml")) if folder.is_dir() else [], 60, "the mail of the second list")
    subjects = [
        str(email.message_from_bytes(p.read_bytes(), policy=email.policy.default)["Subject"])
        for p in folder.glob("*.eml")
    ]
    assert len(subjects) == 1, subjects
