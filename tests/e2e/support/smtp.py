"""A real SMTP server with STARTTLS and login."""

import socket
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from .tls import self_signed


class Mailbox:
    """Keeps what was handed over."""

    def __init__(self):
        self.mails, self.refuse = [], None

    async def handle_DATA(self, server, session, envelope):
        """Takes a mail, unless this one is refused on purpose."""
        if self.refuse and self.refuse(envelope):
            return "550 5.7.1 not wanted here"
        import email
        import email.policy

        self.mails.append((envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


class _Server(Controller):
    def __init__(self, mailbox, port, context, login):
        self._context, self._login = context, login
        super().__init__(mailbox, hostname="127.0.0.1", port=port, ready_timeout=20)

    def factory(self):
        return SMTP(
            self.handler,
            hostname="localhost",
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=self._login,
            timeout=30,
        )


class MailServer:
    """Starts and stops on one port, so that it can be down for a while."""

    def __init__(self, folder, port, user="dropcase", password="open sesame"):
        self.certificate, self.key, self.ca = self_signed(folder, "mail")
        self.user, self.password, self.port, self.mailbox, self._server = user, password, port, Mailbox(), None

    def _authenticate(self, server, session, envelope, mechanism, data):
        good = (getattr(data, "login", b""), getattr(data, "password", b"")) == (
            self.user.encode(),
            self.password.encode(),
        )
        return AuthResult(success=good, handled=good)

    def up(self):
        """Listens."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        self._server = _Server(self.mailbox, self.port, context, self._authenticate)
        self._server.start()

    def down(self):
        """Does not listen any more."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def settings(self):
        """The sections of dropcase.toml that use it."""
        return {
            "mail": {
                "transport": "smtp",
                "folder": None,
                "from": "Muster Inkasso <no-reply@example.com>",
                "smtp": {
                    "host": "localhost",
                    "port": self.port,
                    "tls": "starttls",
                    "user": self.user,
                    "password": self.password,
                    "ca_file": str(self.ca),
                    "timeout": "10s",
                },
            }
        }


class SilentServer:
    """Takes every connection and never says a word, on a port of the system's choice."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.held = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            try:
                self.held.append(self._listener.accept()[0])
            except OSError:
                return

    def down(self):
        """Lets go of everything."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.held:
            connection.close()

    def settings(self):
        """The sections of dropcase.toml that use it."""
        return {
            "mail": {
                "transport": "smtp",
                "folder": None,
                "from": "Muster Inkasso <no-reply@example.com>",
                "smtp": {"host": "127.0.0.1", "port": self.port, "tls": "none", "timeout": "5m"},
            }
        }
