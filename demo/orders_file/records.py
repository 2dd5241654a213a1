"""From lines to records: the separator, lines before the header, and quotes, which may hold line ends or be none."""

import csv
from collections import deque
from itertools import islice

csv.field_size_limit(1 << 28)
SEPARATORS = (",", ";", "\t", "|")
MOST_LINES = 1000  # of one record
SAMPLE = 300
LINES, CHARACTERS = 20000, 1 << 24  # of a chunk


def split(line, separator, quoting=csv.QUOTE_MINIMAL, strict=False):
    return next(csv.reader([line], delimiter=separator, quoting=quoting, strict=strict), [])


def is_whole(text, separator):
    try:
        split(text, separator, strict=True)
        return True
    except csv.Error:
        return False


class Swallowed(Exception):
    pass


class Records:
    """The records of some lines, in chunks. Afterwards: number (of lines), spanning (records over several lines) and stray (quotes)."""

    def __init__(self, lines, separator, width=0):
        self.separator, self.width = separator, width
        self.lines, self.number = iter(lines), 0
        self.spanning, self.stray = [], []
        self.waiting = deque()
        self.slow = self._records()

    def __iter__(self):
        for rows, _ in self.chunks():
            yield from rows

    def chunks(self):
        """(rows, the number of the line on which each ends)"""
        size = 1
        while True:
            lines = list(islice(self.lines, size))
            if not lines:
                return
            size = max(1, min(LINES, CHARACTERS // (len(lines[-1]) + 1)))
            rows = self._simple(lines)
            if rows is not None:
                yield rows, range(self.number + 1, self.number + len(rows) + 1)
                self.number += len(rows)
                continue
            self.waiting.extend(lines)
            rows, numbers = [], []
            while self.waiting:
                rows.append(next(self.slow))
                numbers.append(self.number)
            yield rows, numbers

    # Most lines are a record each.
    def _simple(self, lines):
        if any(line.count('"') & 1 for line in lines):
            return None
        rows = list(csv.reader(lines, delimiter=self.separator))
        return rows if len(rows) == len(lines) else None

    def _records(self):
        reader = self._reader()
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except Swallowed:
                self.stray.append(self.number)
                row, reader = split(self._literal(self.given), self.separator), self._reader()
            self.is_due = False
            yield row

    def _reader(self):
        self.is_due = False
        return csv.reader(self._texts(), delimiter=self.separator)

    # Each text is one record. A reader that asks for another in the middle of one has met a quote that begins a field
    # and never ends.
    def _texts(self):
        while True:
            if self.is_due:
                raise Swallowed
            line = self._next_line()
            if line is None:
                return
            self.number += 1
            if line.count('"') & 1:
                line = self._open_quote(line)
            self.given, self.is_due = line, True
            yield line

    def _next_line(self):
        line = self.waiting.popleft() if self.waiting else next(self.lines, None)
        return line if line is None else line.rstrip("\r\n")

    def _open_quote(self, line):
        if is_whole(line, self.separator):
            self.stray.append(self.number)
            return line
        text = self._closed(line)
        if text is not None:
            self.spanning.append(self.number)
            self.number += text.count("\n")
            return text
        self.stray.append(self.number)
        return self._literal(line)

    # Looks ahead for the end of the quote. What it passes is put back where the quote turns out to be an inch mark or the like.
    def _closed(self, line):
        text, taken, size = [line], [], len(line)
        while len(taken) < MOST_LINES and size < 1 << 20:
            following = self._next_line()
            if following is None:
                break
            taken.append(following)
            text.append(following)
            size += len(following)
            if following.count('"') & 1:
                whole = "\n".join(text)
                if is_whole(whole, self.separator) and not self._swallows(text, whole):
                    return whole
                break
        self.waiting.extendleft(reversed(taken))
        return None

    # A quote that is none makes one field of what are records by themselves.
    def _swallows(self, text, whole):
        width = self.width or len(split(whole, self.separator))
        alone = [len(split(line, self.separator, csv.QUOTE_NONE)) for line in text]
        return width > 1 and all(count == width for count in alone[:-1])

    def _literal(self, line):
        fields = split(line, self.separator, csv.QUOTE_NONE)
        fields = [f[1:-1] if len(f) > 1 and f[0] == f[-1] == '"' else f for f in fields]
        return self.separator.join('"%s"' % f.replace('"', '""') for f in fields)


class Layout:
    """Where the table is in the file: its separator, the lines before it, and the titles of its columns."""

    def __init__(self, separator, skipped, titles):
        self.separator, self.skipped, self.titles = separator, skipped, titles


def find_layout(sample, meanings):
    """sample: the first lines; meanings: how many roles the titles in a record have."""
    declared = 0
    separators = SEPARATORS
    if sample and sample[0].strip().strip('"').lower().startswith("sep=") and len(sample[0].strip().strip('"')) <= 5:
        declared = 1
        separators = ((sample[0].strip().strip('"')[4:] or "\t"),)
    best = None
    for separator in separators:
        records = Records(sample[declared:], separator)
        found = header_of(records, meanings)
        if found and (best is None or found[0] > best[0]):
            best = (found[0], separator, found[1] + declared, found[2])
    return Layout(*best[1:]) if best else None


# The record that names most roles; where none names any, the first one that is as wide as the table.
def header_of(records, meanings):
    rows, before = [], 0
    for chunk, numbers in records.chunks():
        for row, number in zip(chunk, numbers):
            rows.append((before, [cell.strip() for cell in row]))
            before = number
    widths = [len(row) for _, row in rows if any(row)]
    if not widths:
        return None
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    candidates = [(meanings(row), -place, line, row) for place, (line, row) in enumerate(rows[:40])
                  if sum(1 for cell in row if cell) > (1 if usual > 1 else 0)]
    if not candidates:
        candidates = [(0, 0, line, row) for line, row in rows[:1]]
    roles, _, line, row = max(candidates)
    if not roles:
        line, row = next(((li, r) for li, r in rows if len(r) == usual and any(r)), (line, row))
    alike = sum(1 for width in widths if abs(width - len(row)) <= 1)
    return (roles, alike / len(widths) if len(row) > 1 else 0, len(row)), line, row
