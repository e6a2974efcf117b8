"""Licences, bans and sources of everything that is built in, by deny.toml: for machines without cargo-deny.

    python3 tests/dependencies.py

What cargo-deny knows besides (the texts of licences, wildcards, crates in two versions) is left to it.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
TERM = re.compile(r"\(|\)|[^\s()]+")


def allowed(expression, licences):
    """Whether an SPDX expression may be met with `licences` alone; `MIT/Apache-2.0` is the old way to write OR."""
    terms = TERM.findall(expression.replace("/", " OR "))

    def alternatives():
        met = conjunction()
        while terms[:1] == ["OR"]:
            terms.pop(0)
            met = conjunction() or met
        return met

    def conjunction():
        met = licence()
        while terms[:1] == ["AND"]:
            terms.pop(0)
            met = licence() and met
        return met

    def licence():
        name = terms.pop(0)
        if name == "(":
            met = alternatives()
            if terms.pop(0) != ")":
                raise ValueError(expression)
            return met
        if terms[:1] == ["WITH"]:
            name += f" WITH {terms[1]}"
            del terms[:2]
        return name in licences

    met = alternatives()
    if terms:
        raise ValueError(expression)
    return met


def version(text):
    """A version as a tuple that compares; what stands behind its three numbers does not count."""
    return tuple(int(number) for number in re.findall(r"\d+", text.split("-")[0].split("+")[0])[:3])


def banned(package, rules):
    """Whether a rule forbids the crate, or the crate below a version (`name:<1.2`)."""
    for rule in rules:
        name, _, below = rule["crate"].partition(":<")
        if package["name"] == name and (not below or version(package["version"]) < version(below)):
            return True
    return False


def packages(targets):
    """All packages that the workspace builds in on one of the targets, by id."""
    found = {}
    for target in targets:
        command = [
            "cargo",
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--all-features",
            "--filter-platform",
            target,
        ]
        metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        built = {node["id"] for node in metadata["resolve"]["nodes"]}
        found |= {package["id"]: package for package in metadata["packages"] if package["id"] in built}
    return found


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    licences, bans = set(rules["licenses"]["allow"]), rules["bans"]["deny"]
    found = packages(rules["graph"]["targets"])
    wrong = []
    for package in found.values():
        name = f"{package['name']} {package['version']}"
        if package["source"] not in (None, REGISTRY):
            wrong.append(f"{name}: from {package['source']}")
        if not package["license"] or not allowed(package["license"], licences):
            wrong.append(f"{name}: licence {package['license'] or package['license_file']}")
        if banned(package, bans):
            wrong.append(f"{name}: banned")
    print("\n".join(sorted(wrong)))
    print(f"{len(found)} packages, {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
