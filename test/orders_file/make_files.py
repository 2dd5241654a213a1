"""Writes orders as many systems do, into a directory, and expected.json of the form of the data sets' own (see test/load_file.t).

The orders are the same in most files, so their figures are added up here, from the numbers that the files are written from.
"""

import codecs
import csv
import datetime
import io
import json
import os
import random
import sys
from decimal import Decimal

random.seed(18)
NAMES = ["Müller", "Ivanov", "Núñez", "Łukasz", "O'Brien", "Smith; Sons", "Петров", "Шёпот"]
expected, place = {}, sys.argv[1]


class Order:
    def __init__(self, number):
        self.number = number
        self.customer = number * 7 % 8
        self.time = datetime.datetime(2024, 1, 3, 9, 5) + datetime.timedelta(hours=37 * number, minutes=number)
        self.amount = Decimal(random.randrange(100000, 3000000)) / 100


ORDERS = [Order(number) for number in range(1, 41)]
TOTAL = sum(order.amount for order in ORDERS)


def number_of(amount, thousands, decimal):
    return "{:,.2f}".format(amount).replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def written(rows, separator=",", quoting=csv.QUOTE_MINIMAL, end="\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue()


def put(name, content, encoding="utf-8", mark=b"", **expectation):
    with open(os.path.join(place, name), "wb") as file:
        file.write(mark + (content if isinstance(content, bytes) else content.encode(encoding)))
    expected[name] = expectation


def figures(orders=40, customers=8, revenue=TOTAL, **more):
    return dict(orders=orders, customers=customers, revenue=str(revenue), **more)


def rows(titles, customer="C%d", date="%Y-%m-%d", amount=lambda a: str(a), more=()):
    yield list(titles)
    for o in ORDERS:
        yield [customer % o.customer, o.time.strftime(date) if isinstance(date, str) else date(o.time), amount(o.amount)] + [m(o) for m in more]


def comma(thousands=""):
    return lambda amount: number_of(amount, thousands, ",")


def point(thousands=""):
    return lambda amount: number_of(amount, thousands, ".")


# --- Encodings ---
RUSSIAN = ("Клиент", "Дата", "Сумма")
for codec, mark in (("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""),
                    ("cp1251", b""), ("koi8-r", b""), ("cp866", b""), ("utf-32-le", codecs.BOM_UTF32_LE)):
    put("russian_%s_%d.csv" % (codec, len(mark)), written(rows(RUSSIAN, "Клиент %d", "%d.%m.%Y", comma()), ";", end="\r\n"), codec, mark, **figures())
put("polish_cp1250.csv", written(rows(("Nabywca", "Data sprzedaży", "Kwota brutto"), "Żółw %d", "%d.%m.%Y", comma(" ")), ";"), "cp1250", **figures())
put("french_cp1252.csv", written(rows(("Numéro client", "Créé le", "Montant"), "Élève %d", "%d/%m/%Y", comma(" ")), ";"), "cp1252", **figures())
put("german_latin1.csv", written(rows(("Käufer", "Bestelldatum", "Gesamtbetrag"), "Müller %d", "%d.%m.%Y", comma(".")), ";"), "latin-1", **figures())
put("french_signs.csv", written(rows(("Client", "Date de commande", "Montant (\u20ac)"), "\u00c8ve %d", "%d/%m/%Y", comma(" ")), ";"), "cp1252", first_row="\u00c8ve", **figures())
put("russian_plain_titles.csv", written(rows(("customer", "date", "amount"), "\u0418\u0432\u0430\u043d\u043e\u0432\u0430 %d"), ";"), "cp1251", first_row="\u0418\u0432\u0430\u043d\u043e\u0432\u0430", **figures())
put("broken_utf8.csv", written(rows(RUSSIAN, "\u041a\u043b\u0438\u0435\u043d\u0442 %d")).encode() + b"C\xff,2024-01-05,0\n", asks="--encoding", flags=["--encoding", "utf-8"], **figures(orders=41, customers=9))
put("said_encoding.csv", written(rows(("customer", "date", "amount"), "Łódź %d"), ";"), "iso-8859-2", flags=["--encoding", "LATIN2"], **figures())

# --- Languages and separators ---
HEADERS = {"en": ("Customer ID", "Order Date", "Grand Total"), "ru": ("Контрагент", "Дата документа", "Сумма, руб."), "de": ("Kundennummer", "Rechnungsdatum", "Betrag (EUR)"),
           "fr": ("Client", "Date de commande", "Montant TTC"), "es": ("Código de cliente", "Fecha del pedido", "Importe total"), "pl": ("Klient", "Data zamówienia", "Kwota")}
for language, titles in HEADERS.items():
    for kind, separator in (("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        put("titles_%s_%s.csv" % (language, kind), written(rows(titles), separator), **figures())
put("sep.csv", "sep=|\n" + written(rows(("customer", "date", "amount"), "a, b; %d"), "|"), **figures())

# --- Numbers ---
for kind, write in (("blanks", comma(" ")), ("no_break", comma("\u00a0")), ("narrow", comma("\u202f")), ("points", comma(".")), ("commas", point(",")), ("apostrophes", point("'")),
                    ("sign", lambda a: "€" + number_of(a, ",", ".")), ("code", lambda a: number_of(a, ".", ",") + " EUR"), ("rubles", lambda a: number_of(a, " ", ",") + " руб."),
                    ("dollars", lambda a: "$" + number_of(a, ",", ".")), ("zloty", lambda a: number_of(a, "\u00a0", ",") + " zł")):
    put("numbers_%s.csv" % kind, written(rows(("customer", "date", "amount"), amount=write), ";"), **figures())


def signed(write):
    return lambda amount: write(amount) if int(amount * 100) % 5 == 0 else number_of(amount, ",", ".")


LESS = sum(-o.amount if int(o.amount * 100) % 5 == 0 else o.amount for o in ORDERS)
BOUGHT = sum(int(o.amount * 100) % 5 != 0 for o in ORDERS)
for kind, form in (("brackets", "(%s)"), ("trailing", "%s-"), ("minus", "\u2212%s"), ("dash", "\u2013%s"), ("dollar", "-$%s")):
    put("negative_%s.csv" % kind, written(rows(("customer", "date", "amount"), amount=signed(lambda a, form=form: form % number_of(a, ",", "."))), ";"),
        **figures(orders=BOUGHT, revenue=LESS))
WHOLE = sum(o.amount // 1 for o in ORDERS)
for kind, thousands in (("points", "."), ("commas", ",")):
    put("whole_%s.csv" % kind, written(rows(("customer", "date", "amount"), amount=lambda a, t=thousands: "{:,}".format(int(a)).replace(",", t)), ";"),
        asks="--decimal", flags=["--decimal", "," if thousands == "." else "."], **figures(revenue=WHOLE))
put("decided_by_price.csv", written(rows(("customer", "date", "amount", "price"), amount=lambda a: "{:,}".format(int(a)).replace(",", "."), more=(lambda o: "1,25",)), ";"),
    **figures(revenue=WHOLE))
put("both_signs.csv", written([["customer", "date", "amount"]] + [["a", "2024-01-0%d" % n, "1.50" if n % 2 else "2,50"] for n in range(1, 7)], ";"), asks="--decimal")

# --- Dates ---
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
EPOCH = datetime.datetime(1970, 1, 1)
for kind, date in (("dots", "%d.%m.%Y %H:%M:%S"), ("slashes", "%d/%m/%Y %H:%M"), ("american", "%m/%d/%Y %I:%M %p"), ("short", "%d/%m/%y"), ("short_american", "%m-%d-%y"), ("names", "%d-%b-%Y"),
                   ("long", "%B %d, %Y"), ("iso", "%Y-%m-%dT%H:%M:%S+02:00"), ("compact", "%Y%m%d"), ("mail", "%a, %d %b %Y %H:%M:%S +0000"),
                   ("russian", lambda t: "%d %s %d г." % (t.day, MONTHS[t.month - 1], t.year)), ("serial", lambda t: str((t - datetime.datetime(1899, 12, 30)).days)),
                   ("serial_time", lambda t: "%.6f" % ((t - datetime.datetime(1899, 12, 30)).total_seconds() / 86400)),
                   ("epoch", lambda t: str(int((t - EPOCH).total_seconds()))), ("epoch_ms", lambda t: str(int((t - EPOCH).total_seconds()) * 1000))):
    put("dates_%s.csv" % kind, written(rows(("customer", "date", "amount"), date=date), ";"), first_day="2024-01-04", last_day="2024-03-04" if kind == "iso" else "2024-03-05", **figures())
put("dates_doubtful.csv", written(rows(("customer", "date", "amount"), date=lambda t: "%02d/%02d/2024" % (t.day % 12 + 1, t.month)), ";"),
    asks="--date-order", flags=["--date-order", "dmy"], **figures())
put("dates_empty.csv", written(rows(("customer", "date", "amount"), date=lambda t: "0000-00-00 00:00:00" if t.day == 4 else "" if t.day == 5 else t.strftime("%Y-%m-%d %H:%M:%S"))),
    warns="without a date", orders=sum(o.time.day not in (4, 5) for o in ORDERS), customers=8, revenue=str(sum(o.amount for o in ORDERS if o.time.day not in (4, 5))))

# --- What is around the orders ---
body = written(rows(("Kunde", "Datum", "Betrag"), date="%d.%m.%Y", amount=comma(".")), ";")
put("preamble.csv", "Umsätze;;\nZeitraum: 01.01.2024 - 31.03.2024;;\n\n" + body, **figures())
for language, word in (("ru", "Итого:"), ("de", "Summe"), ("en", "Grand Total"), ("fr", "Total"), ("es", "Total general"), ("pl", "Razem")):
    put("totals_%s.csv" % language, body + "%s;;%s\n" % (word, number_of(TOTAL, ".", ",")), warns="totals", **figures())
put("header_again.csv", body + body, warns="header again", **figures(orders=80, revenue=2 * TOTAL))
put("blank_lines.csv", body.replace("\n", "\n\n") + "\n;;\n;;\n", **figures())
put("line_breaks.csv", written(rows(("customer", "date", "amount", "comment"), more=(lambda o: 'first, "quoted"\nsecond; line\n\nfourth',))), warns="over several lines", **figures())
put("inches.csv", "customer,date,amount,product\n" + "".join("C%d,%s,%s,%s\n" % (o.customer, o.time.date(), o.amount, '"12 inch pan' if o.number % 9 == 4 else '12" pan') for o in ORDERS),
    warns="quote mark", **figures())
put("open_quote.csv", "customer,date,amount\n" + "".join("%sC%d,%s,%s\n" % ('"' if o.number == 3 else "", o.customer, o.time.date(), o.amount) for o in ORDERS), warns="quote mark", **figures(customers=9))
put("quoted_all.csv", written(rows(("customer", "date", "amount")), quoting=csv.QUOTE_ALL), **figures())
put("returns_mac.csv", written(rows(("customer", "date", "amount")), end="\r"), **figures())
put("returns_within.csv", written(rows(("customer", "date", "amount", "note"), more=(lambda o: "a\rb",)), quoting=csv.QUOTE_NONE), **figures())
put("nul_bytes.csv", written(rows(("customer", "date", "amount", "note"), more=(lambda o: "a\0b",))), **figures())
put("wide.csv", written(rows(["customer", "date", "amount"] + ["extra %d" % n for n in range(200)], more=[lambda o, n=n: "value %d of %d" % (n, o.number) for n in range(200)])), **figures())
put("wider.csv", written([["customer", "date", "amount"] + ["x%d" % n for n in range(20000)]] + [["a", "2024-01-02", "5"] + ["y"] * 20000] * 3), warns="not loaded", orders=3, customers=1, revenue="15")
put("short_lines.csv", "customer,date,amount,note,more\n" + "".join("C%d,%s,%s\n" % (o.customer, o.time.date(), o.amount) for o in ORDERS), **figures())
put("one_too_wide.csv", written(rows(("customer", "date", "amount"))) + "C1,2024-01-02,5,6\n", warns="more values than titles", **figures())
put("zeros_before.csv", written(rows(("customer", "date", "amount"), "00%d")), **figures())

# --- Customers, status, currencies ---
put("lower.csv", written([r if i % 2 or not i else [r[0].lower() + " "] + r[1:] for i, r in enumerate(rows(("email", "date", "amount"), "A%d@x.test"))]),
    flags=["--customer", "lower(email)"], **figures())
put("named_guest.csv", written([[("Розничный покупатель" if r[0] == "C1" else r[0])] + r[1:] for r in rows(("customer", "date", "amount"))]), warns="Розничный", **figures())
PAID = [o for o in ORDERS if o.number % 4]
put("statuses.csv", written(rows(("customer", "date", "amount", "Status"), more=(lambda o: "paid" if o.number % 4 else "cancelled",))), warns="cancelled: 10 orders", **figures())
put("statuses_chosen.csv", written(rows(("customer", "date", "amount", "Status"), more=(lambda o: "paid" if o.number % 4 else "cancelled",))), flags=["--status", "paid"],
    orders=30, customers=len({o.customer for o in PAID}), revenue=str(sum(o.amount for o in PAID)))
put("statuses_wrong.csv", written(rows(("customer", "date", "amount", "Status"), more=(lambda o: "paid",))), flags=["--status", "payed"], refuses="has no value")
put("codes.csv", written(rows(("customer", "date", "amount", "Currency"), more=(lambda o: "USD" if o.number % 4 else "EUR",))), refuses="currencies")
put("codes_chosen.csv", written(rows(("customer", "date", "amount", "Currency"), more=(lambda o: "USD" if o.number % 4 else "EUR",))), flags=["--status", "Currency=USD"],
    orders=30, customers=len({o.customer for o in PAID}), revenue=str(sum(o.amount for o in PAID)))
put("one_currency.csv", written(rows(("customer", "date", "amount", "Валюта"), more=(lambda o: ("руб", "RUB", "руб.", "")[o.number % 4],))), **figures())

# --- Lines of orders ---
def lines(titles, line):
    yield list(titles)
    for o in ORDERS:
        count = o.number % 3 + 1
        for n in range(count):
            yield line(o, n, count)


def part(o, n, count):
    share = (o.amount / count).quantize(Decimal("0.01"))
    return share if n else o.amount - share * (count - 1)


LINES = ("Order No", "customer", "date", "Amount", "product")
put("lines_summed.csv", written(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), part(o, n, c) + (n if n < c - 1 else 0) - (sum(range(c - 1)) if n == c - 1 else 0), "tea"])), **figures())
put("lines_repeated.csv", written(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), o.amount, "tea"])), **figures())
put("lines_first.csv", written(lines(LINES, lambda o, n, c: [o.number, "" if n else "C%d" % o.customer, "" if n else o.time.date(), "" if n else o.amount, "tea"])), **figures())
put("lines_priced.csv", written(lines(("Invoice", "Client", "Invoice Date", "Qty", "Unit price"), lambda o, n, c: [o.number, "C%d" % o.customer, o.time.strftime("%Y-%m-%d %H:%M"), 1, part(o, n, c)])), **figures())
put("lines_same.csv", written(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), "500.00", "ticket"])), asks="--amount",
    flags=["--amount", "Amount per line"], **figures(revenue=sum(500 * (o.number % 3 + 1) for o in ORDERS)))
BACK = [o for o in ORDERS if o.number % 5 == 0]
put("lines_repeated_refunded.csv", written(list(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), o.amount, "tea"]))
    + [[o.number, "C%d" % o.customer, o.time.date(), "-1.50", "refund"] for o in BACK for _ in range(2)]), **figures(revenue=TOTAL - Decimal("1.50") * len(BACK)))
put("refunded_later.csv", written([["Order ID", "Customer ID", "Order Date", "Total incl. VAT"]] + [[o.number, "C%d" % o.customer, o.time.date(), o.amount] for o in ORDERS]
    + [[o.number, "C%d" % o.customer, o.time.date() + datetime.timedelta(days=40), -o.amount] for o in BACK]), **figures(revenue=TOTAL - sum(o.amount for o in BACK)), warns="returns, which are no orders: 8 rows")
put("lines_none.csv", written(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), o.amount, "tea"])), flags=["--order-id", "none"],
    **figures(orders=sum(o.number % 3 + 1 for o in ORDERS), revenue=sum(o.amount * (o.number % 3 + 1) for o in ORDERS)))
put("lines_apart.csv", written(sorted(lines(LINES, lambda o, n, c: [o.number, "C%d" % o.customer, o.time.date(), o.amount, "tea %d" % n]), key=lambda r: (r[0] != "Order No", r[4]))), **figures())
put("lines_unnumbered.csv", written(lines(("customer", "time", "amount", "product", "Bon"), lambda o, n, c: ["C%d" % o.customer, o.time.strftime("%Y-%m-%d %H:%M"), part(o, n, c), "tea", o.number])),
    asks="--order-id", flags=["--order-id", "Bon", "--amount", "amount per line"], **figures())
put("numbers_again.csv", written([["Номер", "Клиент", "Дата", "Сумма"]] + [[o.number % 20, "C%d" % o.customer, o.time.date(), o.amount] for o in ORDERS]), **figures())
put("lines_of_1c.csv", written(lines(("Номер", "Контрагент", "Дата", "Номенклатура", "Количество", "Цена", "Сумма"),
    lambda o, n, c: [o.number, "К%d" % o.customer, o.time.strftime("%d.%m.%Y"), "чай", "1,000", comma()(part(o, n, c)), comma()(part(o, n, c))]), ";"), **figures())
put("unit_in_title.csv", written(rows(("Kunde", "Datum", "Betrag CHF"), date="%d.%m.%Y", amount=point("'")), ";"), **figures())
put("weekdays.csv", written(rows(("customer", "date", "amount"), date=lambda t: "Пн, " + t.strftime("%d.%m.%Y %H:%M")), ";"), **figures())
put("first_names.csv", written(rows(("Имя", "Дата", "Сумма", "Фамилия", "Телефон №"), customer="Иван%.0s", more=(lambda o: "Петров%d" % o.customer, lambda o: "+7900%d" % o.customer))),
    asks="--customer", flags=["--customer", "Телефон №"], **figures())
put("two_amounts.csv", written(rows(("customer", "date", "Amount", "Total"), more=(lambda o: o.amount * 2,))), asks="--amount", flags=["--amount", "Total"], **figures(revenue=2 * TOTAL))
put("product.csv", written([["customer", "date", "quantity", "unit_price", "total"]] + [["C%d" % o.customer, o.time.date(), 2, o.amount, 1] for o in ORDERS]), flags=["--amount", "quantity * unit_price"], **figures(revenue=2 * TOTAL))

# --- Known systems ---
put("magento.csv", written([["ID", "Purchase Point", "Purchase Date", "Bill-to Name", "Ship-to Name", "Grand Total (Base)", "Grand Total (Purchased)", "Status", "Customer Email", "Subtotal", "Total Refunded"]]
    + [[o.number, "Main", o.time.strftime("%b %d, %Y %I:%M:%S %p"), "X", "X", "$" + number_of(o.amount, ",", "."), "$1.00", "Complete", "u%d@x.test" % o.customer, "$2.00", "$0.00"] for o in ORDERS]),
    warns="Magento", **figures())
put("stripe.csv", written([["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Captured", "Status", "Customer ID", "Customer Email"]]
    + [["ch_%d" % o.number, o.time.strftime("%Y-%m-%d %H:%M:%S"), o.amount, "1.00" if o.number == 7 else "0.00", "usd", "true", "Paid", "cus_%d" % o.customer, "a@x.test"] for o in ORDERS]),
    warns="Stripe", **figures(revenue=TOTAL - 1))
put("square.csv", written([["Date", "Time", "Time Zone", "Category", "Item", "Qty", "Gross Sales", "Discounts", "Net Sales", "Tax", "Transaction ID", "Customer ID"]]
    + list(lines((), lambda o, n, c: [o.time.strftime("%m/%d/%y"), o.time.strftime("%H:%M:%S"), "UTC", "Tea", "Tea", 1, "$1.00", "$0.00", "$" + number_of(part(o, n, c), ",", "."), "$0", "T%d" % o.number, "S%d" % o.customer]))[1:]),
    warns="Square", **figures())
put("bitrix24.csv", written([["ID", "Название", "Стадия сделки", "Сумма", "Валюта", "Компания", "Контакт", "Дата создания", "Источник", "Товар", "Цена", "Количество"]]
    + list(lines((), lambda o, n, c: [o.number, "Сделка", "Успех", o.amount, "RUB", "", "Имя %d" % o.customer, o.time.strftime("%d.%m.%Y %H:%M:%S"), "Сайт", "Чай", "1.00", 1]))[1:], ";"), mark=codecs.BOM_UTF8,
    warns="Bitrix24", **figures())
put("amocrm.csv", written([["ID", "Название сделки", "Компания", "Основной контакт", "Ответственный", "Этап сделки", "Воронка", "Бюджет, ₽", "Дата создания", "Дата закрытия"]]
    + [[o.number, "Сделка", "", "Имя %d" % o.customer, "Я", "Успешно реализовано", "В", number_of(o.amount, " ", ","), o.time.strftime("%d.%m.%Y %H:%M:%S"), "не закрыта"] for o in ORDERS], ";"),
    warns="amoCRM", **figures())
put("insales.csv", written([["Номер заказа", "Дата создания", "Статус заказа", "Имя", "Телефон", "E-mail", "Сумма заказа", "Источник", "Название товара", "Количество", "Цена продажи"]]
    + list(lines((), lambda o, n, c: [o.number, o.time.strftime("%d.%m.%Y %H:%M"), "Доставлен", "Имя", "+7900%d" % o.customer, "u%d@x.test" % o.customer, o.amount, "Сайт", "Чай", 1, "5.00"]))[1:], "\t"), "utf-16-le", codecs.BOM_UTF16_LE,
    warns="InSales", **figures())

# --- What is no orders ---
put("empty.csv", "", refuses="is empty")
put("blank.csv", "\n\n \n", refuses="is empty")
put("marked_empty.csv", "", mark=codecs.BOM_UTF8, refuses="is empty")
put("header_only.csv", "customer,date,amount\n", refuses="has a header but no orders")
put("no_header.csv", "1,2024-01-02,5.00\n2,2024-01-03,6.00\n", refuses="has to name the columns")
put("other_names.csv", "a,b,c\n1,2024-01-02,5.00\n", refuses="--customer")
put("unnamed_amount.csv", "customer,date,foo\n1,2024-01-02,5.00\n", refuses="--amount")
put("workbook.csv", b"PK\x03\x04" + b"\0" * 2000, refuses="workbook")
put("page.csv", "<html><table><tr><td>customer</td></tr></table></html>\n", refuses="HTML")
put("no_dates.csv", "customer,date,amount\n" + "a,soon,5\n" * 5, refuses="holds no dates")
put("no_amounts.csv", "customer,date,amount\n" + "a,2024-01-02,much\n" * 5, refuses="holds no amounts")
put("decimal_comma_in_commas.csv", "customer,date,amount\n" + "a,2024-01-02,5,50\n" * 5, refuses="more values")
put("random.csv", bytes(random.randrange(256) for _ in range(200000)), refuses="")
put("one_quote.csv", 'customer,date,amount\n"', refuses="")
put("many_titles.csv", ",".join("t%d" % n for n in range(1000000)) + "\n", refuses="1000000 columns")

with open(os.path.join(place, "expected.json"), "w", encoding="utf-8") as file:
    json.dump(expected, file, ensure_ascii=False, indent=1)
