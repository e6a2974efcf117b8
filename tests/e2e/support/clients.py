"""Clients that nobody here wrote: OpenSSH sftp, curl, lftp, paramiko; each as a client of dropcase would use it."""

import subprocess
from contextlib import contextmanager

import paramiko
from paramiko.sftp import CMD_CLOSE

SSH_OPTIONS = [
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
    "-o",
    "IdentitiesOnly=yes",
    "-o",
    "PasswordAuthentication=no",
    "-o",
    "BatchMode=yes",
    "-F",
    "/dev/null",
]


def sftp_command(client, *options):
    """The command line of OpenSSH sftp for `client`, batch on standard input."""
    port = str(client.home.service.sftp_port)
    return [
        "sftp",
        *SSH_OPTIONS,
        "-i",
        str(client.identity),
        *options,
        "-P",
        port,
        "-b",
        "-",
        f"{client.user}@127.0.0.1",
    ]


def sftp(client, *commands, check=True, options=(), timeout=120):
    """Runs sftp commands; a command that fails ends the batch with exit 1 unless it starts with `-`."""
    done = subprocess.run(
        sftp_command(client, *options),
        input="\n".join(commands) + "\n",
        capture_output=True,
        text=True,
        timeout=timeout,
        errors="replace",
    )
    assert not check or done.returncode == 0, f"sftp {commands}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def curl_command(client, *arguments, url, timeout=120):
    """The command line of curl on `sftp:PATH` (key), `ftps:PATH` (password, explicit TLS required) or `ftp:PATH`."""
    scheme, path = url.split(":", 1)
    service = client.home.service
    if scheme == "sftp":
        login = [
            "--key",
            str(client.identity),
            "--pubkey",
            f"{client.identity}.pub",
            "-u",
            f"{client.user}:",
            "--insecure",
        ]
        address = f"sftp://127.0.0.1:{service.sftp_port}{path}"
    else:
        secure = ["--ssl-reqd", "--cacert", str(client.home.certificate)] if scheme == "ftps" else []
        login = [*secure, "-u", f"{client.user}:{client.password}"]
        address = f"ftp://localhost:{service.ftps_port}{path}"
    return ["curl", "-sS", "-4", "--max-time", str(timeout), *login, *arguments, address]


def curl(client, *arguments, url, check=True, timeout=120):
    """Runs curl; see `curl_command`."""
    command = curl_command(client, *arguments, url=url, timeout=timeout)
    done = subprocess.run(command, capture_output=True, timeout=timeout + 10)
    assert not check or done.returncode == 0, f"curl {url}: {done.returncode}\n{done.stderr.decode(errors='replace')}"
    return done


def lftp(client, script, check=True, timeout=120, scheme="ftp"):
    """lftp over FTPS (certificate checked) or sftp://."""
    service = client.home.service
    if scheme == "ftp":
        settings = [
            "set ftp:ssl-force true",
            "set ftp:ssl-protect-data true",
            f"set ssl:ca-file {client.home.certificate}",
            f"open -u {client.user},'{client.password}' -p {service.ftps_port} ftp://localhost",
        ]
    else:
        ssh = f"ssh -a -x -i {client.identity} {' '.join(SSH_OPTIONS)}"
        settings = [
            f'set sftp:connect-program "{ssh}"',
            f"open -u {client.user},x -p {service.sftp_port} sftp://127.0.0.1",
        ]
    fixed = [
        "set net:max-retries 2",
        "set net:timeout 10",
        "set cmd:fail-exit true",
        "set net:reconnect-interval-base 1",
    ]
    done = subprocess.run(
        ["lftp", "--norc", "-c", "; ".join([*fixed, *settings, script])],
        capture_output=True,
        text=True,
        timeout=timeout,
        errors="replace",
    )
    assert not check or done.returncode == 0, f"lftp {script}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


@contextmanager
def transport(client, password=None, key=True, **options):
    """A paramiko connection, logged in."""
    connection = paramiko.Transport(("127.0.0.1", client.home.service.sftp_port), **options)
    connection.banner_timeout = 30
    try:
        connection.start_client(timeout=30)
        if password is not None:
            connection.auth_password(client.user, password)
        elif key:
            connection.auth_publickey(client.user, paramiko.Ed25519Key.from_private_key_file(str(client.identity)))
        yield connection
    finally:
        connection.close()


@contextmanager
def connect(client, password=None, **options):
    """A paramiko SFTP session."""
    with transport(client, password, **options) as connection:
        session = paramiko.SFTPClient.from_transport(connection)
        session.get_channel().settimeout(60)
        yield session


def put_confirmed(session, path, content):
    """Writes a file and waits for the OK to its close; paramiko's own `close` takes a broken connection for one."""
    with session.open(path, "wb") as out:
        out.write(content)
        session._request(CMD_CLOSE, out.handle)
        out._closed = True


def asyncssh_options(client):
    """Keywords of `asyncssh.connect`."""
    return {
        "host": "127.0.0.1",
        "port": client.home.service.sftp_port,
        "username": client.user,
        "known_hosts": None,
        "client_keys": [str(client.identity)],
        "config": None,
    }
