"""Fixtures: keys, a home for each test (or one shared by a module), its service checked when it ends."""

import subprocess

import pytest
from support.home import BINARY, Home


def pytest_collection_modifyitems(items):
    """No test may last for ever."""
    for item in items:
        item.add_marker(pytest.mark.timeout(300), append=False)


@pytest.fixture(scope="session", autouse=True)
def binary():
    """The release binary under test."""
    assert BINARY.exists(), f"build it first: cargo build --release ({BINARY})"
    return BINARY


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """A folder with one key pair of each kind that clients use."""
    folder = tmp_path_factory.mktemp("keys")
    for name, kind in {
        "ed25519": ["ed25519"],
        "other": ["ed25519"],
        "ecdsa": ["ecdsa"],
        "rsa": ["rsa", "-b", "3072"],
    }.items():
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-C", name, "-f", folder / name, "-t", *kind], check=True)
    return folder


def make_home(folder, keys):
    """A home below `folder`, taken down with its log checked."""
    home = Home(folder / "home", keys)
    try:
        yield home
    finally:
        if home.service is not None and home.service.running():
            home.service.stop()
    for log in folder.glob("service-*.log"):
        home.service.log_path = log
        home.service.check_log()


@pytest.fixture
def home(tmp_path, keys):
    """A home of the test's own; the service is not started."""
    yield from make_home(tmp_path, keys)


@pytest.fixture(scope="module")
def module_home(tmp_path_factory, keys):
    """A home that the tests of a module share."""
    yield from make_home(tmp_path_factory.mktemp("module"), keys)


@pytest.fixture
def client(home):
    """A client `acme` of a running service, answered in JSON and CSV."""
    client = home.add_client("acme", {"answers": ["json", "csv"]})
    home.serve()
    return client


@pytest.fixture(scope="module")
def shared(module_home):
    """A client `acme` of a running service that the tests of a module share."""
    client = module_home.add_client("acme", {"answers": ["json", "csv"]})
    module_home.serve()
    return client
