"""What the file holds is learned from its beginning, before anything is loaded: what can be read in two ways is asked now. Loading goes
on learning, so that what the rest says otherwise is never missed."""

import datetime
import re
from collections import Counter

from amounts import AmountReader, Decimals, currency_of
from asking import Question, Refusal, listed, quoted
from dates import DateReader, Dates, readings_agree
from folding import Lines, Rule
from records import SAMPLE, find_layout
from table import Table
from titles import ASKED, Meaning, Names, plain

WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")
MONEY = ("quantity", "price", "refunded", "profit", "line_amount")
MOST_STATUSES, MOST_TITLES = 200, 50000
LOOK = 1 << 24  # bytes that mostly tell what the rest is like


def headers(text):
    """What may be the header, cut up, whatever the separator is."""
    return [re.split(r"[;,\t|]", line) for line in text.splitlines()[:30]] or [[]]


def open_table(source, options):
    """The layout and the meaning of a file, from its first lines."""
    source.scan()
    source.check_format()
    names = Names()
    source.choose_encoding(options.get("encoding"), lambda text: max(map(names.count, headers(text))),
                           lambda text: names.language(max(headers(text), key=names.count)))
    sample, size = [], 0
    for line in source.lines():
        sample.append(line)
        size += len(line)
        if len(sample) >= SAMPLE or size > 1 << 24:
            break
    given = {plain(re.sub(r"^lower\s*\(|\)$| per (order|line)$", "", v)) for role in ("customer", "ordered_at", "amount", "order_id")
             for v in (options.get(role) or "").split("*") if v.strip()}
    layout = find_layout(sample, lambda row: names.count(row) + 10 * sum(plain(cell) in given for cell in row if cell))
    if not layout or not any(layout.titles):
        raise Refusal("%s has no line that names columns." % quoted(source.name))
    if len(layout.titles) > MOST_TITLES:
        raise Refusal("%s has %d columns, which are no orders: its lines may end in a way that is not usual." % (quoted(source.name), len(layout.titles)))
    check_header(layout, source.name)
    return layout, Meaning(layout.titles, options, source.name)


# Without a header the first order would be lost, and no column found by its name.
def check_header(layout, name):
    data = [t for t in layout.titles if re.fullmatch(r"[-+]?[0-9][-+0-9.,:/TZ ]*", t)]
    if data and len(data) * 2 >= len([t for t in layout.titles if t]) or layout.titles and layout.titles[0] in data:
        raise Refusal("The first line of %s has to name the columns, but it holds %s." % (quoted(name), quoted(data[0])))


class Learned:
    """What was found out: plain values, which loading.py needs besides the layout and the meaning."""

    def __init__(self, values=()):
        vars(self).update(values)

    def __eq__(self, other):
        return vars(self) == vars(other)


def learn(source, options, progress):
    """(layout, what was learned, whether from the whole file). Only a beginning that leaves a doubt is not enough."""
    layout, meaning = open_table(source, options)
    table = Table(source, layout, meaning.columns["ordered_at"])
    evidence = Evidence(meaning, layout.titles)
    look = LOOK
    for batch in table.batches(progress):
        if batch:
            evidence.learn(batch)
        if look < source.position() < source.size:
            try:
                return layout, decide(evidence, meaning, options), False
            except Refusal:
                look = source.size
    table.check()
    return layout, decide(evidence, meaning, options), True


class Cells(dict):
    """The columns of a batch, each made when it is asked for."""

    def __init__(self, batch):
        self.batch = batch

    def __missing__(self, column):
        self[column] = [row[column] for row in self.batch]
        return self[column]


class Evidence:
    def __init__(self, meaning, titles):
        self.meaning = meaning
        columns = meaning.columns
        self.dates, self.money, self.helpers = Dates(), Decimals(), {}
        self.amounts = list(meaning.product) if meaning.product else [columns["amount"]]
        self.other_money = [columns[role] for role in MONEY if columns.get(role) is not None and columns[role] not in self.amounts]
        self.quantities = Decimals()
        self.others = Decimals()
        self.statuses, self.currencies = Counter(), Counter()
        self.times = Counter()
        self.whole_keys = True
        self.blank_keys = 0
        pair = meaning.product or (columns.get("quantity"), columns.get("price"))
        self.lines = Lines([columns.get("order_id"), columns["customer"], columns["ordered_at"],
                            columns["amount"] if columns["amount"] is not None else None, pair[0], pair[1]])
        self.is_product = columns.get("product") is not None or columns.get("quantity") is not None
        self.rivals = {role: [i for i in meaning.rivals.get(role, []) if i != columns[role]] for role in ASKED if columns.get(role) is not None}
        self.differing = set()
        self.numeric = 0
        self.seen = {}

    def learn(self, batch):
        columns = self.meaning.columns
        cells = Cells(batch)
        self._learn_new(self.dates, columns["ordered_at"], cells)
        for i, column in enumerate(self.amounts):
            # Of quantity by price it is the price that has a currency.
            self._learn_new(self.money if i == len(self.amounts) - 1 else self.quantities, column, cells)
        for column in self.other_money:
            self._learn_new(self.quantities, column, cells)
        keys = set(cells[columns["customer"]])
        self.whole_keys = self.whole_keys and all(WHOLE.fullmatch(key) for key in keys if key)
        if "status" in columns and len(self.statuses) < MOST_STATUSES:
            self.statuses.update(cells[columns["status"]])
        if "currency" in columns:
            self.currencies.update(cells[columns["currency"]])
        if "time" in columns:
            self.times.update(set(cells[columns["time"]]))
        self.lines.learn(batch)
        self._compare_rivals(cells)
        self._learn_others(cells, len(batch[0]))

    # Most spellings come again and again; a new set of them is only kept while it is small.
    def _learn_new(self, into, column, cells):
        seen = self.seen.setdefault(column, set())
        new = [text for text in dict.fromkeys(cells[column]) if text not in seen]
        if len(seen) < 200000:
            seen.update(new)
        into.learn(new)

    def _compare_rivals(self, cells):
        for role, others in self.rivals.items():
            for other in others:
                if other not in self.differing and any(cells[other]) and cells[other] != cells[self.meaning.columns[role]]:
                    self.differing.add(other)

    # Columns of numbers only, of the first rows: they help where amounts leave doubt.
    def _learn_others(self, cells, width):
        if self.numeric:
            return
        roles = set(self.meaning.columns.values()) | set(self.meaning.product or ())
        self.numeric = 1
        for column in range(width):
            if column not in roles:
                own = Decimals()
                own.learn(dict.fromkeys(cells[column]))
                if own.fitting > 1 and not own.misfits:
                    self.others.evidence.update(own.evidence)


def decide(evidence, meaning, options):
    for role, others in evidence.rivals.items():
        rivals = [i for i in others if i in evidence.differing]
        if rivals and not options.get(role):
            meaning.ask(role, [meaning.columns[role]] + rivals)
    learned = Learned()
    learned.decimal = decide_decimal(evidence, meaning, options)
    decide_dates(learned, evidence, meaning, options)
    check_currencies(evidence, meaning)
    check_status(evidence, meaning, learned)
    learned.whole_keys = evidence.whole_keys and not meaning.key_fold
    learned.rule = decide_folding(evidence, meaning, AmountReader(learned.decimal, True))
    return learned


def decide_decimal(evidence, meaning, options):
    money = evidence.money
    column = meaning.columns["amount"] if meaning.columns["amount"] is not None else meaning.product[1]
    title = meaning.titles[column]
    if not money.fitting:
        raise Refusal("Column %s of %s holds no amounts: %s. Name another with --amount." % (
            quoted(title), quoted(meaning.file_name), listed(money.misfits, 3) or "it is empty"))
    if len(money.misfits) > money.fitting:
        raise Refusal("Column %s of %s holds no amounts, but values such as %s. Name another with --amount." % (
            quoted(title), quoted(meaning.file_name), listed(money.misfits, 3)))
    given = options.get("decimal")
    if given:
        return given
    decimal = money.decimal()
    if decimal is None and not (money.evidence["."] and money.evidence[","]):
        for helper in (evidence.quantities, evidence.others):
            point, comma = helper.evidence["."], helper.evidence[","]
            if bool(point) != bool(comma):
                return "." if point else ","
    if decimal:
        return decimal
    point, comma = money.examples.get("."), money.examples.get(",")
    if point and comma:
        raise Question("Amounts of %s disagree: %s has a decimal point, %s a decimal comma. Say which it is in this file: --decimal . or --decimal ," % (
            quoted(meaning.file_name), quoted(point), quoted(comma)))
    example = money.examples.get("?.") or money.examples.get("?,")
    both = " or ".join("%s (--decimal %s)" % (AmountReader(sign)(example), sign) for sign in ".,")
    raise Question("%s in column %s can be %s. Say what the decimal sign of %s is: --decimal . or --decimal ," % (
        quoted(example), quoted(title), both, quoted(meaning.file_name)))


def decide_dates(learned, evidence, meaning, options):
    dates, title = evidence.dates, meaning.titles[meaning.columns["ordered_at"]]
    if not dates.fitting or len(dates.misfits) > dates.fitting:
        raise Refusal("Column %s of %s holds no dates%s. Name another with --ordered-at." % (
            quoted(title), quoted(meaning.file_name), ", but values such as " + listed(dates.misfits, 3) if dates.misfits else ": it is empty"))
    order = dates.order(options.get("date_order"), datetime.date.today().year)
    if isinstance(order, tuple):
        example = next((text for part, text in dates.parts.items() if len(part[0]) <= 2 and not readings_agree(part, order)), "")
        readings = " or ".join("%s (--date-order %s)" % (DateReader(o, False, False)(example) or "no date", o) for o in order)
        raise Question("%s in column %s can be %s, and no date of %s decides it. Say which: --date-order %s" % (
            quoted(example), quoted(title), readings, quoted(meaning.file_name), " or ".join(order)))
    learned.order = order
    learned.has_short_dates = any(len(part[0]) <= 2 for part in dates.parts)
    learned.time_column = meaning.columns.get("time") if not dates.clocks and clock_like(evidence.times) else None
    learned.with_times = bool(dates.clocks or dates.zones or learned.time_column is not None)
    learned.with_zones = bool(dates.zones)


def clock_like(times):
    present = [t for t in times if t.strip()]
    return bool(present) and all(re.match(r"\s*\d{1,2}[:.h]\d\d", t) for t in present)


def check_currencies(evidence, meaning):
    found = Counter(evidence.money.currencies)
    example = ", ".join("%s (%s)" % (code, quoted(evidence.money.currency_examples[code])) for code in found)
    if not found or len(found) == 1:
        columns = Counter()
        for text, count in evidence.currencies.items():
            if text.strip():
                columns[currency_of(text) or text.strip()] += count
        if len(columns) < 2 or (meaning.wanted and meaning.columns.get("status") == meaning.columns.get("currency")):
            return
        found, example = columns, ", ".join("%s (%d lines)" % pair for pair in columns.most_common(10))
        title = meaning.titles[meaning.columns["currency"]]
        raise Refusal("Amounts of %s are in several currencies, which must not be added up: %s in column %s. Convert them, or take one: --status '%s=%s'." % (
            quoted(meaning.file_name), example, quoted(title), title, next(t for t, _ in evidence.currencies.most_common() if t.strip())))
    raise Refusal("Amounts of %s are in several currencies, which must not be added up: %s. Convert them, or export one currency at a time." % (
        quoted(meaning.file_name), example))


def check_status(evidence, meaning, learned):
    learned.statuses = None
    if not meaning.wanted:
        return
    have = {text.strip() for text in evidence.statuses}
    learned.statuses = [v.strip() for v in meaning.wanted.split(",") if v.strip()]
    if meaning.wanted.strip() in have:
        learned.statuses = [meaning.wanted.strip()]
    for value in learned.statuses:
        if value not in have:
            raise Refusal("--status: column %s of %s has no value %s. It has: %s." % (
                quoted(meaning.titles[meaning.columns["status"]]), quoted(meaning.file_name), quoted(value), listed(sorted(have - {""}))))


def decide_folding(evidence, meaning, read):
    lines = evidence.lines
    if meaning.columns.get("order_id") is not None:
        return Rule(lines, meaning, read).choose()
    refused = (meaning.options.get("order_id") or "").lower() == "none"
    if not refused and evidence.is_product and lines.adjacent > 0.1 * lines.rows:
        raise Question("Many lines of %s have the customer and the time of the line before: are they lines of one order? Name the column of its number with "
                       "--order-id, or say --order-id none where each line is an order. It has: %s." % (quoted(meaning.file_name), meaning.all_titles()))
    return None
