"""Files to drop, made by the tests: good lists, bad lists, hostile ones."""

import csv
import io
import struct
import zipfile
import zlib

import openpyxl

COLUMNS = [
    "Kundennummer",
    "Vorname",
    "Nachname",
    "Straße",
    "Hausnummer",
    "PLZ",
    "Ort",
    "E-Mail",
    "Rechnungsnummer",
    "Rechnungsdatum",
    "Fälligkeit",
    "Hauptforderung",
    "Forderungsgrund",
    "Vertragsdatum",
    "Verbraucher",
]


def claim(number, **changes):
    """One good line: debtor D-number with invoice R-number."""
    row = dict(
        zip(
            COLUMNS,
            [
                f"D-{number}",
                "Erika",
                "Mustermann",
                "geheimgasse",
                "5a",
                "01067",
                "Dresden",
                "erika@example.com",
                f"R-{number}",
                "15.01.2026",
                "14.02.2026",
                f"{100 + number},50",
                "Warenlieferung",
                "02.01.2026",
                "ja",
            ],
            strict=False,
        )
    )
    row.update(changes)
    return row


def table(rows, separator=";", header=True):
    """Lines of a delimited text."""
    columns = list(rows[0]) if rows else COLUMNS
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    if header:
        writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


def claims(first, count, **changes):
    """A good CSV with `count` claims from number `first` on."""
    return table([claim(n, **changes) for n in range(first, first + count)]).encode()


def workbook(rows, sheet="Forderungen"):
    """An XLSX with a header and rows."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(list(rows[0]) if rows else COLUMNS)
    for row in rows:
        page.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def encrypted_workbook(rows):
    """An XLSX that asks for a password."""
    import msoffcrypto

    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(workbook(rows))).encrypt("geheim", out)
    return out.getvalue()


def encrypted_bundle(name, content, password=b"geheim"):
    """A ZIP of one member that asks for a password: the traditional encryption of PKWARE's APPNOTE, 6.1."""
    checksum = zlib.crc32(content)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def stir(byte):
        keys[0] = ~zlib.crc32(bytes([byte]), ~keys[0] & 0xFFFFFFFF) & 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = ~zlib.crc32(bytes([keys[1] >> 24]), ~keys[2] & 0xFFFFFFFF) & 0xFFFFFFFF

    for byte in password:
        stir(byte)
    data = bytearray()
    for byte in bytes(11) + bytes([checksum >> 24]) + content:
        word = (keys[2] | 2) & 0xFFFF
        data.append(byte ^ ((word * (word ^ 1) >> 8) & 0xFF))
        stir(byte)
    raw = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 33, checksum, len(data), len(content), len(raw), 0)
    local = b"PK\3\4" + common + raw + bytes(data)
    entry = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    archive = local + entry + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        assert made.read(name, password) == content
    return archive


def exploding_workbook(unpacked):
    """An XLSX of a few megabytes whose sheet unpacks to `unpacked` bytes: one block of deflate, repeated."""
    opening = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    block = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>' * 16384
    closing = b"</sheetData></worksheet>"
    times = unpacked // len(block)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflate.compress(opening) + deflate.flush(zlib.Z_FULL_FLUSH)
    one = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    last = deflate.compress(closing) + deflate.flush(zlib.Z_FINISH)
    checksum = zlib.crc32(opening)
    for _ in range(times):
        checksum = zlib.crc32(block, checksum)
    checksum = zlib.crc32(closing, checksum)
    size = len(opening) + times * len(block) + len(closing)
    return replace_member(workbook([claim(1)]), "xl/worksheets/sheet1.xml", first + one * times + last, checksum, size)


def replace_member(archive, member, packed, checksum, size):
    """Rewrites a ZIP with `member` replaced by ready-made deflated bytes."""
    out, directory = io.BytesIO(), b""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        names = source.namelist()
        for name in names:
            if name == member:
                data, crc, length = packed, checksum, size
            else:
                plain = source.read(name)
                deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
                data, crc, length = deflate.compress(plain) + deflate.flush(), zlib.crc32(plain), len(plain)
            offset, raw = out.tell(), name.encode()
            common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(data), length, len(raw), 0)
            out.write(b"PK\3\4" + common + raw + data)
            directory += b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw
    start = out.tell()
    out.write(directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), start, 0))
    return out.getvalue()
