"""Several lines that are one order: what the amount on each of them is."""

from operator import itemgetter

from asking import Question, quoted

MOST_ORDERS = 5000  # as many are enough to see what amounts are
MOST_LINES = 1000
TOLERANCE = 0.02


class Lines:
    """Remembers the lines of the first orders, as (customer, date, amount, quantity, price)."""

    def __init__(self, columns):
        self.number, *self.columns = columns  # None for one that there is not
        self.pick = itemgetter(*[c or 0 for c in self.columns])
        self.orders = {}
        self.adjacent = self.rows = 0
        self.previous = None

    def learn(self, batch):
        if self.number is None:
            self._learn_moments(batch)
        elif len(self.orders) < MOST_ORDERS:
            number, orders, pick = self.number, self.orders, self.pick
            for row in batch:
                key = row[number]
                if key in orders:
                    if len(orders[key]) < MOST_LINES:
                        orders[key].append(pick(row))
                else:
                    orders[key] = [pick(row)]

    # Without a number: lines of one customer at one moment of the day.
    def _learn_moments(self, batch):
        customer, date = self.columns[:2]
        for row in batch:
            moment = (row[customer], row[date])
            self.adjacent += moment == self.previous and ":" in row[date] and bool(row[customer])
            self.previous = moment
        self.rows += len(batch)

    def several(self):
        """The orders of several lines: the same customer on the same day, or nobody and no date on the later ones."""
        for number, lines in self.orders.items():
            if number and len(lines) > 1:
                lines = [[text if c is not None else "" for c, text in zip(self.columns, line)] for line in lines]
                first = lines[0]
                same = [line for line in lines if line[0] in ("", first[0]) and day_of(line[1]) in ("", day_of(first[1]))]
                if len(same) > 1:
                    yield number, same


def day_of(text):
    return text[:10]


def number(text, read):
    value = read(text)
    return float(value) if value else None


def near(one, other):
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other), 0.01)


class Rule:
    """'order': the total of the order stands on each line or on the first; 'line': amounts of lines are summed; None: nothing to fold."""

    def __init__(self, lines, meaning, read):
        self.meaning, self.read = meaning, read
        self.empty = self.constant = self.varying = self.line_fits = self.order_fits = self.orders = 0
        self.totals, self.example = set(), None
        for number_, same in lines.several():
            self._count(number_, same)

    def _count(self, number_, same):
        self.orders += 1
        amounts = [number(line[2], self.read) for line in same]
        present = [a for a in amounts if a is not None]
        if max(present, default=0) > 0:
            present = [a for a in present if a >= 0]  # less than nothing is what was given back of it
        if len(present) < 2:
            self.empty += 1
            return
        if len(set(present)) > 1:
            self.varying += 1
        else:
            self.constant += 1
            self.totals.add(present[0])
            self.example = self.example or (number_, len(present), same[0][2])
        self._compare(amounts, same)

    # Quantity by price is the amount of a line, or adds up to that of the order.
    def _compare(self, amounts, same):
        pairs = [(number(line[3], self.read), number(line[4], self.read)) for line in same]
        if any(None in pair for pair in pairs) or None in amounts:
            return
        products = [quantity * price for quantity, price in pairs]
        self.line_fits += all(near(a, p) for a, p in zip(amounts, products))
        self.order_fits += near(amounts[0], sum(products))

    def choose(self):
        """What was said on the command line counts, then sums that fit, then the name of the column, then how amounts differ."""
        if not self.orders:
            return None
        if self.meaning.product:
            return "line"
        if (self.meaning.options.get("amount") or "").rstrip().endswith((" per order", " per line")):
            return self.meaning.amounts_are
        if self.line_fits > 3 * self.order_fits and self.line_fits >= 0.5 * self.orders or self.meaning.amounts_are == "line":
            return "line"
        if self.order_fits > 3 * self.line_fits and not self.varying:
            return "order"
        return self._by_differences()

    # The total of an order hardly ever differs between its lines, the amounts of lines mostly do.
    def _by_differences(self):
        if self.meaning.amounts_are == "order" and self.varying <= 0.05 * self.orders:
            return "order"
        if self.constant <= 0.05 * self.varying or not self.constant:
            return "line"
        if self.meaning.amounts_are == "order":
            return self._ask()
        if not self.varying and self.constant > 2 and len(self.totals) > 2:
            return "order"
        return "line" if self.varying > self.constant else self._ask()

    def _ask(self):
        column = self.meaning.columns["amount"]
        title = self.meaning.titles[column]
        number_, count, amount = self.example or ("", 0, "")
        what = "order %s has %d lines with the amount %s" % (quoted(number_), count, amount) if count else "amounts differ between the lines of an order"
        raise Question("Lines of one order: %s. Is that the total of the order, said again? Then: --amount '%s per order'. "
                       "Or the amount of each line? Then: --amount '%s per line'. Where each line is an order of its own: --order-id none." % (what, title, title))
