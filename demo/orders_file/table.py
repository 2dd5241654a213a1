"""The records of a file as batches of equally wide rows, without what is no order: totals, repeated headers, empty lines."""

import re
from contextlib import closing

from asking import Refusal, quoted
from records import Records

TOTALS = re.compile(r"(итог|итого|всего|общий итог|total|totals|grand total|subtotal|sub-total|sum|summe|gesamt|gesamtsumme|zwischensumme|"
                    r"somme|total général|total general|suma|suma total|razem|ogółem|łącznie)\b", re.I)


class Table:
    """batches() reads the file once; what it met on the way is in the lists afterwards."""

    def __init__(self, source, layout, date_column):
        self.source, self.layout, self.width = source, layout, len(layout.titles)
        self.date_column = date_column

    def batches(self, progress=None):
        self.totals, self.headers, self.wide, self.too_wide, self.rows, self.blank = [], 0, [], 0, 0, 0
        with closing(self.source.lines()) as lines:
            yield from self._batches(lines, progress)

    def _batches(self, lines, progress):
        for _ in range(self.layout.skipped):
            next(lines, None)
        self.records = Records(lines, self.layout.separator, self.width)
        is_first = True
        for rows, numbers in self.records.chunks():
            if is_first:
                rows, numbers, is_first = rows[1:], numbers[1:], False
            if set(map(len, rows)) != {self.width}:
                rows = [row for row in map(self._fitted, rows, numbers) if row]
            yield self._orders(rows)
            if progress:
                progress.at(self.source.position())

    def _fitted(self, row, number):
        if not row or not any(cell.strip() for cell in row):
            self.blank += 1
            return None
        if len(row) > self.width:
            if any(cell.strip() for cell in row[self.width:]):
                self.rows += 1
                self.too_wide += 1
                if len(self.wide) < 3:
                    self.wide.append((self.layout.skipped + number, row))
                return None
            return row[:self.width]
        return row + [""] * (self.width - len(row))

    # A line of totals has no date where an order has one; a page's header has the title.
    def _orders(self, batch):
        column = self.date_column
        dateless = {text for text in {row[column] for row in batch} if not any("0" <= c <= "9" for c in text)}
        self.rows += len(batch)
        if not dateless:
            return batch
        return [row for row in batch if row[column] not in dateless or self._is_order(row)]

    def _is_order(self, row):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            self.blank += 1
            self.rows -= 1
            return False
        if cells == [title.strip() for title in self.layout.titles]:
            self.headers += 1
            return False
        first = next((cell for cell in cells if cell), "")
        if TOTALS.match(first):
            self.totals.append(self.layout.separator.join(cells))
            return False
        return True

    def check(self):
        if not self.rows:
            raise Refusal("%s has a header but no orders." % quoted(self.source.name))
        if self.too_wide > 0.1 * self.rows:
            line, row = self.wide[0]
            raise Refusal("%d of %d lines of %s have more values than the header has titles, first line %d: %s. "
                          "A separator within a value needs quotes around it: save the file with quotes, or with another separator." % (
                              self.too_wide, self.rows, quoted(self.source.name), line, quoted(self.layout.separator.join(row))))
