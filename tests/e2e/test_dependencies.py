"""The check of licences and bans tells what deny.toml forbids."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))
from dependencies import allowed, banned  # noqa: E402

LICENCES = {"MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0", True),
        ("GPL-3.0 OR MIT", True),
        ("MIT/GPL-3.0", True),
        ("MIT AND GPL-3.0", False),
        ("(MIT OR GPL-3.0) AND ISC", True),
        ("(MIT OR GPL-3.0) AND MPL-2.0", False),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0 WITH Classpath-exception-2.0 OR ISC", True),
        ("MPL-2.0", False),
    ],
)
def test_licences(expression, expected):
    assert allowed(expression, LICENCES) is expected


def test_bans():
    rules = [{"crate": "openssl-sys"}, {"crate": "quick-xml:<0.41"}]
    told = {
        (name, version): banned({"name": name, "version": version}, rules)
        for name, version in [
            ("openssl-sys", "0.9.1"),
            ("quick-xml", "0.40.9"),
            ("quick-xml", "0.41.0"),
            ("xml", "0.1.0"),
        ]
    }
    assert list(told.values()) == [True, True, False, False]
