"""What the columns of a file mean, by their titles: the table titles.txt, and systems.txt for exports of known systems."""

import os
import re
import unicodedata
from collections import Counter

from amounts import CURRENCIES, currency_of
from asking import Question, Refusal, listed, quoted

HERE = os.path.dirname(os.path.abspath(__file__))
NEEDED = ("customer", "ordered_at", "amount")
OPTIONS = {"customer": "--customer", "ordered_at": "--ordered-at", "amount": "--amount", "order_id": "--order-id"}
ASKED = ("ordered_at", "amount")  # of these two of one tier are two readings
NO_SIGN = str.maketrans({"#": " no ", "№": " no ", "ß": "ss", "ł": "l", "Ł": "l", "&": " "})


def plain(title):
    """The letters and digits of a title, small and without accents."""
    text = unicodedata.normalize("NFKD", title.translate(NO_SIGN)).lower().replace("ё", "е")
    return "".join(c for c in text if c.isalnum())


def without_unit(title):
    """Amount EUR, Betrag in €, Сумма в руб."""
    words = title.split()
    if len(words) > 1 and (currency_of(words[-1]) or "") in CURRENCIES:
        words.pop()
        if len(words) > 1 and words[-1].lower() in ("in", "en", "w", "в"):
            words.pop()
    return " ".join(words)


def spellings(title):
    """A title as it stands, without what is in brackets, without its unit, and what stands before a comma."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", title)
    first = bare.split(",")[0]
    forms = [title, bare, without_unit(bare), first, without_unit(first)]
    return [form for form in dict.fromkeys(plain(form) for form in forms) if form]


def table(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield [field.strip() for field in line.split("|")]


class Names:
    """title -> {role: (tier, place)}"""

    def __init__(self):
        self.known, self.languages = {}, {}
        for place, (role, tier, language, names) in enumerate(table("titles.txt")):
            for number, name in enumerate(names.split(",")):
                self.known.setdefault(plain(name), {}).setdefault(role, (int(tier), place, number))
                self.languages.setdefault(plain(name), set()).add(language)

    def roles(self, title):
        for form in spellings(title):
            if form in self.known:
                return self.known[form]
        return {}

    def language(self, titles):
        """The one that most titles are of, if it is certain."""
        found = Counter(language for title in titles for form in spellings(title)[:1] for language in self.languages.get(form, ()))
        first = found.most_common(2)
        return first[0][0] if first and (len(first) == 1 or first[0][1] > first[1][1]) else None

    def count(self, titles):
        """How many of the roles that orders need have a title here: what makes a record a header."""
        found, others = set(), 0
        for title in titles[:2000]:
            roles = self.roles(title) if title and len(title) < 100 else {}
            found.update(roles)
            others += bool(roles)
        needed = sum(role in found for role in NEEDED) + ("price" in found and "quantity" in found and "amount" not in found)
        return 10 * needed + min(others, 9) if needed else 0


class System:
    def __init__(self, name, signature, roles, meaning):
        self.name, self.signature, self.meaning = name, [plain(t) for t in signature.split(",")], meaning
        self.roles = {}
        for assignment in roles.split(";"):
            role, _, titles = assignment.partition("=")
            self.roles[role.strip()] = [plain(t) for t in titles.split(",")]


def system_of(titles):
    present = {plain(title) for title in titles}
    bare = {form for title in titles for form in spellings(title)}
    for row in table("systems.txt"):
        system = System(*row)
        if all(t in present or t in bare for t in system.signature):
            return system
    return None


class Meaning:
    """Which column, by number, has which role. amounts_are says 'order', 'line' or nothing certain of the amount."""

    def __init__(self, titles, options, file_name):
        self.titles, self.options, self.file_name = titles, options, file_name
        self.columns, self.rivals, self.product, self.amounts_are = {}, {}, None, None
        self.filter_column = self.key_fold = None
        self.names, self.system = Names(), system_of(titles)
        self._given()
        if self.system:
            self._by_system()
        self._by_names()
        self._amount()
        self._status_option()
        self._check()

    def find(self, title, option):
        exact = [i for i, t in enumerate(self.titles) if t == title] or \
            [i for i, t in enumerate(self.titles) if plain(t) == plain(title)]
        if not exact:
            raise Refusal('%s has no column %s for %s. It has: %s.' % (quoted(self.file_name), quoted(title), option, self.all_titles()))
        if len(exact) > 1:
            raise Refusal("The header of %s names two columns %s: rename one of them." % (quoted(self.file_name), quoted(title)))
        return exact[0]

    def is_title(self, text):
        return any(t == text for t in self.titles)

    def all_titles(self):
        shown = [t for t in self.titles if t][:40]
        return ", ".join(shown) + (" and %d more" % (len(self.titles) - 40) if len(self.titles) > 40 else "")

    def _given(self):
        for role, option in OPTIONS.items():
            value = self.options.get(role)
            if not value or role == "order_id" and value.lower() == "none":
                continue
            value = value.strip()
            if role == "amount" and not self.is_title(value):
                value = self._amount_option(value)
            if role == "customer" and not self.is_title(value):
                value, self.key_fold = self._key_option(value)
            if value is not None:
                self.columns[role] = self.find(value, option)

    def _key_option(self, value):
        match = re.fullmatch(r"lower\s*\((.*)\)", value, re.S)
        return (match.group(1).strip().strip('"'), True) if match else (value, None)

    def _amount_option(self, value):
        match = re.fullmatch(r"(.*\S)\s+per\s+(order|line)", value, re.S)
        if match:
            value, self.amounts_are = match.groups()
        if "*" in value and not self.is_title(value):
            left, _, right = value.partition("*")
            self.product = (self.find(left.strip(), "--amount"), self.find(right.strip(), "--amount"))
            self.columns["amount"] = None
            return None
        return value

    def _by_system(self):
        present = {}
        for i, title in enumerate(self.titles):
            for form in spellings(title):
                present.setdefault(form, i)
        present.update({plain(title): i for i, title in reversed(list(enumerate(self.titles)))})
        for role, wanted in self.system.roles.items():
            column = next((present[t] for t in wanted if t in present), None)
            if column is not None and role not in self.columns:
                self.columns[role] = column
                if role == "amount":
                    self.amounts_are = self.amounts_are or self.system.meaning

    def _by_names(self):
        found = {}
        for i, title in enumerate(self.titles):
            for role, rank in self.names.roles(title).items():
                found.setdefault(role, []).append((rank, i))
        taken = set(self.columns.values())
        for role in ("customer", "ordered_at", "amount", "order_id", "line_amount", "price", "quantity", "refunded", "currency", "time",
                     "status", "source", "category", "profit", "product", "surname"):
            ranked = sorted(pair for pair in found.get(role, []) if pair[1] not in taken)
            if role in self.columns or not ranked:
                continue
            self.columns[role] = ranked[0][1]
            self.rivals[role] = [i for rank, i in ranked if rank[0] == ranked[0][0][0]]
            taken.add(ranked[0][1])
        if "ordered_at" not in self.columns and "time" in self.columns:
            self.columns["ordered_at"] = self.columns.pop("time")

    # The amount of lines goes by its name; without any amount quantity and price give one, and a price alone is one.
    def _amount(self):
        if "amount" in self.columns:
            column = self.columns["amount"]
            if column is not None and self.amounts_are is None:
                roles = self.names.roles(self.titles[column])
                self.amounts_are = "line" if "line_amount" in roles else "order" if roles.get("amount", (2,))[0] == 1 else None
            return
        if "line_amount" in self.columns:
            self.columns["amount"], self.amounts_are = self.columns.pop("line_amount"), "line"
        elif "price" in self.columns and "quantity" in self.columns:
            self.product = (self.columns["quantity"], self.columns["price"])
            self.columns["amount"] = None
        elif "price" in self.columns:
            self.columns["amount"] = self.columns.pop("price")

    def _status_option(self):
        value = self.options.get("status")
        if value and "=" in value:
            title, _, self.wanted = value.partition("=")
            self.columns["status"] = self.find(title.strip(), "--status")
        else:
            self.wanted = value
        if (self.options.get("order_id") or "").lower() == "none":
            self.columns.pop("order_id", None)
        if self.product:
            self.amounts_are = "line"

    def _check(self):
        for role in NEEDED:
            if role not in self.columns:
                raise Refusal("No column of %s is called like that of the %s usually is: name it with %s. It has: %s." % (
                    quoted(self.file_name), role.replace("_", "-"), OPTIONS[role], self.all_titles()))
        if "surname" in self.columns and plain(self.titles[self.columns["customer"]]) == "имя" and not self.options.get("customer"):
            raise Question("%s has customers by %s and %s: one alone is many people. Name the column of a key with --customer, or join the two in the file." % (
                quoted(self.file_name), quoted(self.titles[self.columns["customer"]]), quoted(self.titles[self.columns["surname"]])))
        if self.wanted and "status" not in self.columns:
            raise Refusal("No column of %s is called like a status usually is: --status 'COLUMN=VALUE, VALUE' names it. It has: %s." % (
                quoted(self.file_name), self.all_titles()))

    def ask(self, role, columns):
        raise Question("Several columns of %s look like the %s: %s. Name one with %s." % (
            quoted(self.file_name), role.replace("_", "-"), listed(self.titles[i] for i in columns), OPTIONS[role]))
