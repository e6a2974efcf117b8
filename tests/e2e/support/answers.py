"""What lies in a client's outbox, read from the disk (the protocol tests fetch it over the wire)."""

import csv
import functools
import hashlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import jsonschema

from .waiting import wait_for

NAME = re.compile(
    r"^(?P<name>.*?)(?P<validation>\.VALIDATION)?\.(?P<taken>\d+)-of-(?P<submitted>\d+)"
    r"\.(?P<id>[0-9a-z]{12})\.ack\.(?P<format>csv|xlsx|json|xml)$",
    re.DOTALL,
)


COLUMNS = "sheet row outcome case_number debtor_number invoice_number amount currency code field message".split()


@functools.cache
def schema():
    """The JSON schema of answers."""
    path = Path(__file__).parents[3] / "outbox" / "schema" / "acknowledgement-1.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text()))


@dataclass
class Answer:
    """One acknowledgement file and what its name says."""

    path: Path
    name: str
    validation: bool
    taken: int
    submitted: int
    id: str
    format: str

    def json(self):
        """The JSON answer, held against the schema that is shipped."""
        said = json.loads(self.path.read_text())
        schema().validate(said)
        return said

    def rows(self):
        """The lines of a CSV answer by the columns' own names; their headings are in the client's language."""
        text = self.path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
        assert len(lines[0]) == len(COLUMNS)
        return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]


def parse(path):
    """The answer at `path`, or None when its name is not an answer's."""
    found = NAME.match(path.name)
    if not found:
        return None
    parts = found.groupdict()
    return Answer(
        path,
        parts["name"],
        bool(parts["validation"]),
        int(parts["taken"]),
        int(parts["submitted"]),
        parts["id"],
        parts["format"],
    )


def codes(answer):
    """Every finding's code in a JSON answer, wherever it stands."""
    if isinstance(answer, dict):
        own = [answer["code"]] if isinstance(answer.get("code"), str) else []
        return own + [code for value in answer.values() for code in codes(value)]
    if isinstance(answer, list):
        return [code for value in answer for code in codes(value)]
    return []


class Answers:
    """The outbox and the archive of one client."""

    def __init__(self, folder):
        self.folder = folder

    def all(self):
        """Every acknowledgement that lies there."""
        found = [parse(path) for path in (self.folder / "outbox" / "acknowledgements").iterdir() if path.name[0] != "."]
        return [answer for answer in found if answer]

    def of(self, name):
        """The acknowledgements of the file `name`."""
        return [answer for answer in self.all() if answer.name == name]

    def wait(self, name, count=1, timeout=30.0, format="json"):
        """Waits for the `count`-th answer of `name` and returns the newest."""

        def there():
            found = sorted((a for a in self.of(name) if a.format == format), key=lambda a: a.id)
            return found if len(found) >= count else None

        return wait_for(there, timeout, f"answer {count} of {name!r} among {[a.path.name for a in self.all()][:5]}")[-1]

    def corrections(self, name):
        """The correction files of `name`."""
        return [
            p
            for p in (self.folder / "outbox" / "corrections").iterdir()
            if p.name.startswith(name.rpartition(".")[0] + ".correction.")
        ]

    def archived(self, content):
        """Paths in the archive with exactly this content."""
        wanted = hashlib.sha256(content).digest()
        files = [p for p in (self.folder / "archive").rglob("*") if p.is_file()]
        return [p for p in files if hashlib.sha256(p.read_bytes()).digest() == wanted]
