"""What the SFTP server does with peers that break the rules, and what it keeps one client from."""

import struct

import paramiko
import pytest
from support import clients, files, wire
from support.clients import connect, sftp
from support.waiting import wait_for
from support.wire import Wire


def test_extensions_are_advertised(shared):
    with wire.wire(shared) as connection:
        extensions = Wire(connection).extensions
    for name in (b"posix-rename@openssh.com", b"fsync@openssh.com", b"limits@openssh.com", b"statvfs@openssh.com"):
        assert name in extensions


def test_limits_hold_the_largest_read(shared):
    with wire.wire(shared) as connection:
        channel = Wire(connection)
        kind, body = channel.request(wire.EXTENDED, wire.text("limits@openssh.com"))
        packet, read, write, handles = struct.unpack(">QQQQ", body[:32])
        assert (
            kind == wire.EXTENDED_REPLY
            and packet >= 34_000
            and 32_768 <= read <= packet
            and 32_768 <= write <= packet
            and handles > 0
        )
        handle = channel.opened("README.txt", wire.FOR_READING)
        kind, body = channel.request(wire.READ, handle + struct.pack(">QI", 0, read))
        assert kind == wire.DATA


def test_an_oversized_frame_closes_the_channel(shared):
    """Bytes inside the oversized frame must never be taken as requests."""
    with wire.wire(shared) as connection:
        channel = Wire(connection)
        hidden = struct.pack(">IB", 4 + 1 + 4 + len(b"inbox/hidden"), wire.MKDIR)
        channel.channel.sendall(struct.pack(">I", 0x7FFF_FFFF) + hidden)
        assert channel.closed()
        assert Wire(connection).request(wire.STAT, wire.text("."))[0] == wire.ATTRS, (
            "other channels of the connection live on"
        )


def test_a_request_before_init_is_not_served(shared):
    with wire.wire(shared) as connection:
        channel = Wire(connection, init=False)
        channel.send(wire.STAT, struct.pack(">I", 1) + wire.text("."))
        assert channel.closed()


@pytest.mark.parametrize(
    "body", [b"", b"\0", struct.pack(">I", 9) + b"\xff\xff\xff\xff", struct.pack(">I", 9) + wire.text("a") + b"\0\0"]
)
def test_malformed_requests_get_a_status_or_an_end(shared, body):
    with wire.wire(shared) as connection:
        channel = Wire(connection)
        channel.send(wire.OPEN, body)
        try:
            kind, rest = channel.receive()
            assert kind == wire.STATUS
            assert struct.unpack(">I", rest[4:8])[0] in (wire.BAD_MESSAGE, wire.FAILURE)
        except EOFError:
            pass
    assert shared.home.service.running()


def test_an_unknown_request_is_unsupported(shared):
    with wire.wire(shared) as connection:
        assert Wire(connection).status(77, b"")[0] == wire.UNSUPPORTED
        assert Wire(connection).status(wire.EXTENDED, wire.text("nobody@example.com"))[0] == wire.UNSUPPORTED


def test_a_put_into_the_outbox_says_where_to_put_it(shared):
    with wire.wire(shared) as connection:
        channel = Wire(connection)
        code, message = channel.status(
            wire.OPEN, wire.text("outbox/x.csv") + struct.pack(">II", wire.FOR_WRITING | wire.CREATE, 0)
        )
    assert code == wire.PERMISSION_DENIED
    assert "inbox" in message


def test_no_exec_no_shell_no_forwarding(shared):
    with clients.transport(shared) as connection:
        for ask in (
            lambda c: c.exec_command("md5sum x"),
            lambda c: c.invoke_shell(),
            lambda c: c.invoke_subsystem("nothing"),
        ):
            with pytest.raises(paramiko.SSHException):
                ask(connection.open_session(timeout=10))
        with pytest.raises(paramiko.SSHException):
            connection.open_channel("direct-tcpip", ("127.0.0.1", 1), ("127.0.0.1", 1), timeout=10)
        assert paramiko.SFTPClient.from_transport(connection).listdir("."), "the connection lives on"


def test_two_clients_do_not_see_each_other(shared):
    other = shared.home.add_client("other", {"answers": ["json"]})
    (shared.folder / "templates" / "only-for-acme.txt").write_text("x")
    with connect(other) as session:
        for path in (
            "../acme/templates/only-for-acme.txt",
            "/../acme",
            "../../clients/acme/inbox",
            "templates/only-for-acme.txt",
            "/etc/passwd",
            "inbox/../../acme/templates/only-for-acme.txt",
            "../acme/templates/../templates",
        ):
            with pytest.raises(OSError):
                session.stat(path)
            with pytest.raises(OSError):
                session.open(path).close()
        assert session.normalize("../../..") == "/"


def test_symlinks_are_neither_made_nor_followed(shared, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody's business")
    (shared.folder / "inbox" / "link").symlink_to(secret)
    (shared.folder / "archive" / "folder").symlink_to(tmp_path)
    try:
        with connect(shared) as session:
            with pytest.raises(OSError):
                session.symlink("/etc/passwd", "inbox/own-link")
            for path in ("inbox/link", "archive/folder/secret.txt"):
                with pytest.raises(OSError):
                    session.open(path).read()
            with pytest.raises(OSError):
                session.listdir("archive/folder")
            with pytest.raises(OSError), session.open("archive/folder/new.csv", "wb") as out:
                out.write(b"x")
    finally:
        (shared.folder / "inbox" / "link").unlink(missing_ok=True)
        (shared.folder / "archive" / "folder").unlink()
    assert secret.read_text() == "nobody's business"


def test_hidden_and_foreign_folders_do_not_exist(shared):
    with connect(shared) as session:
        for path in ("uploads", "work", "../uploads", ".ssh"):
            with pytest.raises(OSError):
                session.listdir(path)
        with pytest.raises(OSError):
            session.mkdir("new")
        with pytest.raises(OSError):
            session.rmdir("inbox")
        with pytest.raises(OSError):
            session.rename("inbox", "inbax")


def test_archive_and_templates_are_read_only(shared):
    with connect(shared) as session:
        template = next(n for n in session.listdir("templates"))
        with pytest.raises(OSError):
            session.remove(f"templates/{template}")
        with pytest.raises(OSError):
            session.open("archive/x.csv", "wb")


def test_subfolders_are_walked(shared, tmp_path):
    (tmp_path / "s.csv").write_bytes(files.claims(100, 1))
    sftp(shared, "mkdir inbox/2026", "mkdir inbox/2026/november", f"put {tmp_path}/s.csv inbox/2026/november/sub.csv")
    assert shared.answers.wait("sub.csv").taken == 1


def test_a_message_about_no_case_is_answered(shared, tmp_path):
    """A text in messages/ is a message on the case that its name begins with."""
    with connect(shared) as session, session.open("inbox/messages/hallo.txt", "wb") as out:
        out.write(b"Guten Tag")
    answer = shared.answers.wait("hallo.txt").json()
    from support.answers import codes

    assert "PAPER_WITHOUT_CASE" in codes(answer)


def test_rights_of_a_user(shared, keys):
    """A user that may only fetch reports sees neither inbox nor answers."""
    home = shared.home
    home.cli("client", "user", "add", "acme", "acme-reader", "--key", f"{keys}/other.pub", "--right", "reports")
    reader = clients_of(shared, "acme-reader", keys / "other")
    with connect(reader) as session:
        assert "inbox" not in session.listdir(".")
        assert session.listdir("outbox") == ["reports"]
        with pytest.raises(OSError):
            session.open("inbox/x.csv", "wb")


def clients_of(client, user, identity):
    """Another user of the same client."""
    from support.home import Client

    other = Client(client.home, client.key, identity)
    other.user = user
    return other


def test_unknown_user_and_wrong_key_look_the_same(shared, keys):
    for user, identity in (("nobody", shared.identity), (shared.user, keys / "other")):
        with pytest.raises(paramiko.AuthenticationException):
            with clients.transport(clients_of(shared, user, identity)):
                pass


def test_sessions_per_client_are_limited(home):
    home.configure({"sftp": {"max_sessions_per_client": 2}})
    client = home.add_client("acme")
    home.serve()
    with connect(client), connect(client):
        with pytest.raises((paramiko.SSHException, EOFError, OSError)):
            with connect(client):
                pass

    def again():
        try:
            with connect(client):
                return True
        except (paramiko.SSHException, EOFError, OSError):
            return False

    wait_for(again, what="a place after the others left")


def test_login_grace(home):
    home.configure({"sftp": {"login_grace": "1s"}})
    home.add_client("acme")
    service = home.serve()
    import socket

    with socket.create_connection(("127.0.0.1", service.sftp_port), 10) as stranger:
        stranger.settimeout(20)
        received = b""
        while True:
            piece = stranger.recv(4096)
            if not piece:
                break
            received += piece
    assert received.startswith(b"SSH-2.0-")


def test_idle_sessions_end(home):
    home.configure({"sftp": {"idle_timeout": "1s"}})
    client = home.add_client("acme")
    home.serve()
    with clients.transport(client) as connection:
        paramiko.SFTPClient.from_transport(connection).listdir(".")
        wait_for(lambda: not connection.is_active(), 15, "the end of the idle session")


def proposal(client):
    """What the server offers, line by line, as the client heard it."""
    said = sftp(client, "ls", options=["-vv"]).stderr
    return said[said.index("peer server KEXINIT proposal") :].split("kex: ")[0]


def test_only_current_algorithms_are_offered(shared):
    offered = proposal(shared)
    assert "mlkem768x25519-sha256" in offered and "kex-strict-s-v00@openssh.com" in offered
    for weak in (
        "sha1,",
        "sha1\n",
        "group1-",
        "group14-sha1",
        "ssh-rsa",
        "ssh-dss",
        "-cbc",
        "3des",
        "arcfour",
        "hmac-md5",
        "zlib",
    ):
        assert weak not in offered, f"{weak} in\n{offered}"
    macs = [name for line in offered.splitlines() if "MACs" in line for name in line.split()[-1].split(",")]
    assert macs and all("-etm@" in name for name in macs), "encrypt-then-MAC only"


@pytest.mark.parametrize(
    "option",
    [
        "-oKexAlgorithms=curve25519-sha256",
        "-oCiphers=aes128-gcm@openssh.com",
        "-oCiphers=chacha20-poly1305@openssh.com",
        "-oHostKeyAlgorithms=ssh-ed25519",
        "-oMACs=hmac-sha2-256-etm@openssh.com",
    ],
)
def test_current_algorithms_are_served(shared, option):
    options = [option] if "MAC" not in option else [option, "-oCiphers=aes128-ctr"]
    assert "inbox" in sftp(shared, "ls", options=options).stdout
