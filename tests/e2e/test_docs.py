"""The documentation says what the programs do."""

import re
import subprocess
from pathlib import Path

import pytest
from support.home import BINARY

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_code_stands_in_the_guide_for_clients():
    """The table of codes is the catalogue's: none is missing, none is made up."""
    source = (ROOT / "parsers" / "src" / "finding.rs").read_text()
    catalogue = set(re.findall(r'^\s+\w+ = "([A-Z_]+)", (?:Error|Warning|Info);', source, re.MULTILINE))
    table = (DOCS / "clients.md").read_text().partition("### Codes")[2]
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert len(catalogue) > 50
    assert documented == catalogue


@pytest.mark.parametrize("name", ["pickup.sh", "pickup.ps1"])
def test_pick_up_scripts_stay_short(name):
    lines = [line for line in (DOCS / name).read_text().splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) <= 20


@pytest.mark.parametrize("page", ["README.md", "docs/clients.md", "docs/operators.md", "ARCHITECTURE.md"])
def test_links_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{target} in {page}"


@pytest.mark.parametrize("page", ["README.md", "docs/operators.md"])
def test_commands_of_the_pages_exist(page):
    """Each `dropcase …` line of a code block names a command and options that the binary knows."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    lines = [
        line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.startswith("dropcase ")
    ]
    assert len(lines) >= 8
    for line in lines:
        words = line.split("#")[0].split()[1:]
        command = []
        for word in words:
            if not re.fullmatch(r"[a-z]+", word) or len(command) == 3:
                break
            command.append(word)
        while command:
            shown = subprocess.run([BINARY, *command, "--help"], capture_output=True, text=True)
            if shown.returncode == 0 and f"dropcase {' '.join(command)}" in shown.stdout:
                break
            command.pop()
        assert command, line
        for option in [word for word in words if word.startswith("--")]:
            assert option in shown.stdout, f"{option} of `{line}` in\n{shown.stdout}"
