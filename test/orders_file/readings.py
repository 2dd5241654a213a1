"""Compares how amounts and dates are read with the tables beside, and prints what differs."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "demo", "orders_file"))
from amounts import AmountReader  # noqa: E402
from dates import DateReader  # noqa: E402


def cases(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield [field.strip(" \n") for field in line.split("|")]


def shown(value):
    return "none" if value is None else "absent" if value == "" else value


def read_date(text, order):
    value = DateReader(order, True, True)(text)
    return value[:10] if value and value[10:] == " 00:00:00" else value


wrong = number = 0
for text, sign, expected in cases("amounts.txt"):
    got, number = shown(AmountReader(sign)(text)), number + 1
    if got != expected:
        wrong += 1
        print("amount %s with %s: %s instead of %s" % (text, sign, got, expected))
for text, order, expected in cases("dates.txt"):
    got, number = shown(read_date(text, order)), number + 1
    if got != expected:
        wrong += 1
        print("date %s as %s: %s instead of %s" % (text, order, got, expected))
print("%d of %d differ" % (wrong, number))
sys.exit(wrong > 0 or number < 100)
