"""SFTP version 3 by hand, for what no well-behaved client sends (draft-ietf-secsh-filexfer-02)."""

import struct

from . import clients

INIT, VERSION, OPEN, CLOSE, READ, WRITE, LSTAT = 1, 2, 3, 4, 5, 6, 7
OPENDIR, READDIR, REMOVE, MKDIR, REALPATH, STAT, RENAME, READLINK, SYMLINK = 11, 12, 13, 14, 16, 17, 18, 19, 20
STATUS, HANDLE, DATA, NAME, ATTRS, EXTENDED, EXTENDED_REPLY = 101, 102, 103, 104, 105, 200, 201
OK, EOF, NO_SUCH_FILE, PERMISSION_DENIED, FAILURE, BAD_MESSAGE, UNSUPPORTED = 0, 1, 2, 3, 4, 5, 8
FOR_READING, FOR_WRITING, CREATE, TRUNCATE = 1, 2, 8, 16


def text(value):
    """A string of the protocol."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(raw)) + raw


class Wire:
    """One `sftp` channel, spoken byte by byte."""

    def __init__(self, connection, init=True):
        self.channel = connection.open_session(timeout=30)
        self.channel.settimeout(30)
        self.channel.invoke_subsystem("sftp")
        self.number = 0
        if init:
            self.send(INIT, struct.pack(">I", 3))
            kind, body = self.receive()
            assert kind == VERSION and struct.unpack(">I", body[:4]) == (3,)
            self.extensions = self._extensions(body[4:])

    @staticmethod
    def _extensions(body):
        strings = []
        while body:
            length = struct.unpack(">I", body[:4])[0]
            strings.append(body[4 : 4 + length])
            body = body[4 + length :]
        return dict(zip(strings[::2], strings[1::2], strict=False))

    def send(self, kind, body):
        """A frame as it stands."""
        self.channel.sendall(struct.pack(">IB", len(body) + 1, kind) + body)

    def receive(self):
        """The next frame: (kind, body)."""
        length = struct.unpack(">I", self._exactly(4))[0]
        frame = self._exactly(length)
        return frame[0], frame[1:]

    def _exactly(self, count):
        out = b""
        while len(out) < count:
            piece = self.channel.recv(count - len(out))
            if not piece:
                raise EOFError("the channel was closed")
            out += piece
        return out

    def request(self, kind, body):
        """A request with a new id and its reply: (kind, body after the id)."""
        self.number += 1
        self.send(kind, struct.pack(">I", self.number) + body)
        reply, rest = self.receive()
        assert struct.unpack(">I", rest[:4])[0] == self.number
        return reply, rest[4:]

    def status(self, kind, body):
        """A request that is answered with a status: (code, message)."""
        reply, rest = self.request(kind, body)
        assert reply == STATUS, f"a status was expected, not {reply}"
        code, length = struct.unpack(">II", rest[:8])
        return code, rest[8 : 8 + length].decode()

    def opened(self, path, flags):
        """The handle of an open file."""
        reply, rest = self.request(OPEN, text(path) + struct.pack(">II", flags, 0))
        assert reply == HANDLE, rest
        return rest

    def closed(self):
        """Whether the peer closes the channel before it says anything else."""
        try:
            return self.channel.recv(1) == b""
        except (EOFError, OSError):
            return True


def wire(client):
    """A context with a logged-in connection; open channels on it with `Wire`."""
    return clients.transport(client)
