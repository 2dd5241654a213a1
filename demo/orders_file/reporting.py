"""What was read and how, in lines for the one who brought the file."""

from asking import counted, listed, quoted

ORDERS = {"dmy": "day before month", "mdy": "month before day", "ymd": "year first"}
SEPARATORS = {"\t": "tabs"}
ROLES = ("customer", "ordered_at", "amount", "order_id", "status", "source", "category", "profit")


def columns_line(meaning):
    parts = []
    for role in ROLES:
        place = meaning.columns.get(role)
        if role == "amount" and meaning.product:
            parts.append("amount: %s by %s" % tuple(quoted(meaning.titles[i]) for i in meaning.product))
        elif place is not None:
            parts.append("%s: %s" % (role, quoted(meaning.titles[place])))
    return ("columns of %s: " % meaning.system.name if meaning.system else "columns: ") + ", ".join(parts)


def form_line(table, learned):
    source = table.source
    parts = [source.encoding_name(), "separated by " + SEPARATORS.get(table.layout.separator, quoted(table.layout.separator)),
             "decimal " + ("comma" if learned.decimal == "," else "point")]
    if learned.has_short_dates:
        parts.append(ORDERS[learned.order])
    if table.layout.skipped:
        parts.append("%d lines before the header" % table.layout.skipped)
    return "form: " + ", ".join(parts)


def notes(table, meaning, learned, loader):
    yield columns_line(meaning)
    yield form_line(table, learned)
    if table.totals:
        yield "left out: %s, such as %s" % (counted(len(table.totals), "line of totals", "lines of totals"), quoted(table.totals[0]))
    if table.headers:
        yield "left out: the header again, %d times" % table.headers
    if table.too_wide:
        yield "left out: %s with more values than titles, first line %d: %s" % (
            counted(table.too_wide, "line", "lines"), table.wide[0][0], quoted(table.layout.separator.join(table.wide[0][1])))
    yield from quote_notes(table.records, table.layout.skipped)
    for role, what in (("ordered_at", "date"), ("amount", "amount"), ("quantity", "quantity")):
        number, examples = loader.misread[role]
        if number:
            yield "no %s: %s, such as %s" % (what, counted(number, "value that cannot be read", "values that cannot be read"), listed(examples))
    if len(meaning.titles) > len(loader.columns) + len(loader.other_columns) + 10:
        yield "not loaded: %d more columns" % (len(meaning.titles) - len(loader.columns) - len(loader.other_columns))


def quote_notes(records, skipped):
    if records.stray:
        yield "quotes: %s with a quote mark that is none, such as line %s of the file; it is read as it stands" % (
            counted(len(records.stray), "line", "lines"), skipped + records.stray[0])
    if records.spanning:
        yield "quotes: %s over several lines, as quotes say, the first up to line %d" % (
            counted(len(records.spanning), "row", "rows"), skipped + records.spanning[0])
