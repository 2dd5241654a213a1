"""A script for psql that makes the table order_lines and copies the file into it, in typed columns."""

import re

from amounts import AmountReader
from dates import DateReader

MOST_COLUMNS = 300  # besides those with a role: a row has to fit into a page
NULLS = {"NULL", "null", "\\N"}
SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TEXT_ROLES = ("order_id", "customer", "status", "source", "category", "currency")
EXAMPLES = 3


def identifier(name):
    return '"%s"' % name.replace('"', '""')


def literal(text):
    return "'%s'" % text.replace("'", "''")


class Column:
    def __init__(self, name, sql_type, place, convert):
        self.name, self.sql_type, self.place, self.convert = name, sql_type, place, convert


class Loader:
    def __init__(self, table, meaning, learned, time_zone):
        self.table, self.meaning, self.learned, self.time_zone = table, meaning, learned, time_zone
        self.amount = AmountReader(learned.decimal)
        self.number = AmountReader(learned.decimal, True)
        self.date = DateReader(learned.order, learned.with_times, learned.with_zones)
        self.misread = {"amount": [0, []], "ordered_at": [0, []], "quantity": [0, []]}
        self.columns = self._role_columns()
        self.other_columns = self._other_columns()

    def _role_columns(self):
        places, product = self.meaning.columns, self.meaning.product
        self.product = ""
        columns = [Column("ordered_at", self._time_type(), places["ordered_at"], self._dates)]
        if product:
            columns += [Column("line_quantity", "numeric", product[0], self._numbers("quantity", self.number)),
                        Column("line_price", "numeric", product[1], self._numbers("amount", self.amount))]
            self.product = ", amount numeric GENERATED ALWAYS AS (line_quantity * line_price) STORED"
        else:
            columns.append(Column("amount", "numeric", places["amount"], self._numbers("amount", self.amount)))
        for role in TEXT_ROLES:
            if places.get(role) is not None:
                whole = role == "customer" and self.learned.whole_keys
                columns.append(Column(role, "bigint" if whole else "text", places[role], self._keys if role == "customer" else self._labels))
        for role, name in (("profit", "profit"), ("refunded", "taken_off")):
            if places.get(role) is not None:
                columns.append(Column(name, "numeric", places[role], self._numbers(None, self.amount)))
        return columns

    def _time_type(self):
        if not self.learned.with_times:
            return "date"
        return "timestamptz" if self.learned.with_zones or self.time_zone else "timestamp"

    # Under their titles; none empty, longer than PostgreSQL's 63 bytes, or like another.
    def _other_columns(self):
        taken = {c.place for c in self.columns}
        names = {c.name for c in self.columns} | {"line", "refunded_amount", "line_quantity", "line_price", "amount"}
        columns = []
        for place, title in enumerate(self.meaning.titles):
            if place in taken or len(columns) >= MOST_COLUMNS:
                continue
            name = cut(title)
            while not name or name in names:
                name = cut("column_%d%s" % (place + 1, "_" + name if name else ""))
            names.add(name)
            columns.append(Column(name, "text", place, self._texts))
        return columns

    # --- Converting a batch, a column at a time ---

    def _dates(self, texts):
        read = self.date
        if self.learned.time_column is not None:
            texts = [" ".join(pair) if pair[0].strip() else "" for pair in zip(texts, self.cells[self.learned.time_column])]
        return self._without_misread("ordered_at", texts, each(read, texts))

    def _numbers(self, role, read):
        return lambda texts: self._without_misread(role, texts, each(read, texts))

    def _without_misread(self, role, texts, values):
        if None not in values:
            return values
        if role:
            counted = self.misread[role]
            for text, value in zip(texts, values):
                if value is None:
                    counted[0] += 1
                    if len(counted[1]) < EXAMPLES and text not in counted[1]:
                        counted[1].append(text)
        return ["" if value is None else value for value in values]

    def _keys(self, texts):
        if self.meaning.key_fold:
            texts = [text.strip().lower() for text in texts]
        return self._labels(texts)

    def _labels(self, texts):
        return self._texts([text if text.strip() else "" for text in texts])

    @staticmethod
    def _texts(texts):
        distinct = set(texts)
        if not NULLS.isdisjoint(distinct):
            texts = ["" if text in NULLS else text for text in texts]
        if SPECIAL.search("\x00".join(distinct)):
            texts = [text.translate(ESCAPES) if SPECIAL.search(text) else text for text in texts]
        return texts

    # --- The script ---

    def write(self, out, progress, evidence=None):
        """The table, and whether it is whole: with evidence it ends where a value does not fit into its column."""
        columns = self.columns + self.other_columns
        if self.time_zone:
            out.write("SET timezone = %s;\n" % literal(self.time_zone))
        definition = ", ".join("%s %s" % (identifier(c.name), c.sql_type) for c in columns)
        out.write("CREATE TABLE order_lines (line bigint, %s%s);\n" % (definition, self.product))
        out.write("COPY order_lines (line, %s) FROM STDIN (NULL '');\n" % ", ".join(identifier(c.name) for c in columns))
        number, fits = 0, False
        for batch in self.table.batches(progress):
            if not batch:
                continue
            if evidence:
                evidence.learn(batch)
                if self.learned.whole_keys and not evidence.whole_keys:
                    break
            if self.learned.rule:
                self._continue_orders(batch)
            self.cells = list(zip(*batch))
            lines = map(str, range(number + 1, number + len(batch) + 1))
            converted = [c.convert(self.cells[c.place]) for c in columns]
            out.write("\n".join(map("\t".join, zip(lines, *converted))))
            out.write("\n")
            number += len(batch)
        else:
            fits = True
        out.write("\\.\n")
        return fits

    # Later lines of an order may leave out whose it is and when.
    def _continue_orders(self, batch):
        places = self.meaning.columns
        number, customer, date = places["order_id"], places["customer"], places["ordered_at"]
        before = getattr(self, "before", None)
        for row in batch:
            if before is not None and row[number] == before[number] and row[number]:
                if not row[customer]:
                    row[customer] = before[customer]
                if not row[date]:
                    row[date] = before[date]
            before = row
        self.before = before


def each(read, texts):
    values = {text: read(text) for text in set(texts)}
    return [values[text] for text in texts]


def cut(title):
    return title.encode("utf-8")[:63].decode("utf-8", "ignore").strip()
