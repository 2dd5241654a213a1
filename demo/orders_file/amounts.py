"""Numbers as people and programs write them: thousands, decimals, signs, currencies."""

import re
from collections import Counter

from spellings import Learner, Reader

# Written by sign or name: the code that stands for all of them.
CURRENCIES = {
    "RUB": "₽ руб рублей рубль р rub rur", "EUR": "€ eur euro euros евро", "USD": "$ us$ usd", "GBP": "£ gbp", "PLN": "zł zl pln",
    "CZK": "kč czk", "UAH": "₴ грн uah", "KZT": "₸ тг тенге kzt", "BYN": "byn", "CHF": "chf sfr fr", "JPY": "¥ jpy", "CNY": "cny rmb",
    "INR": "₹ rs inr", "BRL": "r$ brl", "BGN": "лв bgn", "HUF": "ft huf", "RON": "lei ron", "TRY": "₺ tl try", "ILS": "₪ ils",
    "SEK": "sek", "NOK": "nok", "DKK": "dkk", "kr": "kr", "CAD": "ca$ c$ cad", "AUD": "a$ au$ aud", "MXN": "mx$ mxn", "HKD": "hk$ hkd",
    "ARS": "ars", "CLP": "clp", "COP": "cop", "PEN": "pen", "AED": "aed", "SGD": "sgd", "NZD": "nzd", "ZAR": "zar", "THB": "฿ thb",
    "KRW": "₩ krw", "VND": "₫ vnd", "GEL": "₾ gel", "AMD": "amd", "AZN": "₼ azn", "UZS": "сум uzs", "KGS": "сом kgs", "MDL": "mdl", "RSD": "rsd",
}
CODES = {name: code for code, names in CURRENCIES.items() for name in names.split()}

BLANKS = dict.fromkeys(map(ord, " \t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'’‘´`\u200b\u200e\u200f\ufeff"))
MINUS = str.maketrans("−–—﹣－‐‑", "-------")
ABSENT = {"", "-", "--", "null", "\\n", "na", "n/a", "#n/a", "nan", "none", "nil", "нет"}

LONGEST = 60
# affix, sign, digits, exponent, affix, sign
NUMBER = re.compile(r"((?:[^\d.,()+-]+\.?)?)([+-]?)((?:[^\d.,()+-]+\.?)?)(\d[\d.,]*|[.,]\d+)(?:[eE]([+-]?\d{1,3}))?([^\d()+-]*)(-{0,2})([^\d()+-]*)")
PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d\d?)?")
GROUPS = {".": re.compile(r"\d{1,3}(\.\d{2,3})*\.\d{3}|\d*"), ",": re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}|\d*")}


def currency_of(text):
    """The code of a sign or name, None for none, the text itself for an unknown code of three letters."""
    text = text.strip().lower().translate(BLANKS).strip(".-,;:/")
    if not text:
        return None
    if text in CODES:
        return CODES[text]
    return text.upper() if len(text) == 3 and text.isascii() and text.isalpha() else ""


class Number:
    """What is certain without knowing which of comma and point is which."""

    __slots__ = ("negative", "digits", "exponent", "currency", "grouped", "unit")

    def __init__(self, text):
        if len(text) > LONGEST:
            raise ValueError(text)
        text = text.translate(MINUS).strip()
        inner = text.strip(" \u00a0")
        brackets = len(inner) > 2 and "(" in inner and ")" in inner
        if brackets:
            inner = inner.replace("(", "").replace(")", "")
        grouped = inner.translate(BLANKS)
        match = NUMBER.fullmatch(grouped)
        if not match:
            raise ValueError(text)
        before, sign, between, self.digits, self.exponent, after, trailing, last = match.groups()
        self.unit = before + between or after + last
        # "12,-" and "12.--" have no pence; a minus after a digit or a currency is one.
        round_sum = self.digits.endswith((".", ",")) and trailing
        self.digits = self.digits.rstrip(".,")
        self.negative = sign == "-" or brackets or bool(trailing and not round_sum)
        self.grouped = re.search(r"\d[\s'’\u00a0\u202f]\d", inner) is not None
        self.currency = currency_of(before + between) or currency_of(after + last)
        if self.currency is None and self.unit.strip(".,-"):
            self.currency = ""

    def marks(self):
        """Which sign is the decimal one ('.' or ','), '' for no matter, or '?.' / '?,' where that sign may be either."""
        digits, points, commas = self.digits, self.digits.count("."), self.digits.count(",")
        if points and commas:
            return "." if digits.rfind(".") > digits.rfind(",") else ","
        if not points and not commas:
            return ""
        sign, other = (".", ",") if points else (",", ".")
        if points + commas > 1:
            return other
        whole, part = digits.split(sign)
        if len(part) != 3 or len(whole) > 3 or whole in ("", "0") or whole.startswith("0") or self.grouped or self.exponent:
            return sign
        return "?" + sign

    def value(self, decimal):
        """As SQL writes it."""
        thousands = "," if decimal == "." else "."
        whole, _, part = self.digits.partition(decimal)
        if decimal in part or thousands in part or thousands in whole and not GROUPS[thousands].fullmatch(whole):
            raise ValueError(self.digits)
        text = (whole.replace(thousands, "") or "0") + ("." + part if part else "") + ("e" + self.exponent if self.exponent else "")
        return "-" + text if self.negative and text.strip("0.") else text


def is_absent(text):
    return text.translate(MINUS).strip().strip("\u00a0").lower() in ABSENT


class Decimals(Learner):
    """Learns from the amounts of a file which of comma and point is the decimal sign: one meaning in all of it."""

    def __init__(self):
        super().__init__()
        self.evidence, self.examples, self.currencies = Counter(), {}, Counter()
        self.currency_examples = {}

    def learn(self, texts):
        for text in texts:
            if PLAIN.fullmatch(text):
                if "." in text:
                    self.evidence["."] += 1
                    self.examples.setdefault(".", text)
                self.fitting += 1
                continue
            if is_absent(text):
                continue
            try:
                number = Number(text)
            except ValueError:
                self.misfit(text)
                continue
            if number.currency == "":
                self.misfit(text)
                continue
            self.fitting += 1
            if number.currency:
                self.currencies[number.currency] += 1
                self.currency_examples.setdefault(number.currency, text)
            marks = number.marks()
            self.evidence[marks] += 1
            self.examples.setdefault(marks, text)

    def decimal(self):
        """'.' or ',', or None where both are possible."""
        point, comma = self.evidence["."], self.evidence[","]
        if point and comma:
            return None
        if point or comma:
            return "." if point else ","
        return None if self.evidence["?."] or self.evidence["?,"] else "."


class AmountReader(Reader):
    def __init__(self, decimal, with_units=False):
        super().__init__()
        self.decimal, self.with_units = decimal, with_units

    def read(self, text):
        if PLAIN.fullmatch(text) and (self.decimal == "." or "." not in text):
            return text
        if is_absent(text):
            return ""
        try:
            number = Number(text)
            return None if number.currency == "" and not self.with_units else number.value(self.decimal)
        except ValueError:
            return None
