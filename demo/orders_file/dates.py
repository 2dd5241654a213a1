"""Dates and times as people and programs write them."""

import datetime
import re

from spellings import Learner, Reader

MONTHS = {}
for _names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec", "jan feb mar apr may jun jul aug sept oct nov dec",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "янв фев мар апр мая июн июл авг сен окт ноя дек", "янв февр мар апр май июн июл авг сент окт нояб дек",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mär apr mai jun jul aug sep okt nov dez", "jänner feber mrz apr mai juni juli aug sept okt nov dez",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc", "janv fevr mars avr mai juin juil aout sept oct nov dec",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic", "ene feb mar abr may jun jul ago set oct nov dic",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru"):
    for _place, _name in enumerate(_names.split(), 1):
        MONTHS.setdefault(_name, _place)

# Where programs write that there is no date.
EMPTY = {"0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "1970-01-01", "9999-12-31"}
ABSENT = {"", "-", "--", "null", "\\n", "na", "n/a", "#n/a", "nan", "nat", "none", "нет"}

TRIPLE = re.compile(r"(\d{1,4})(\s?[./-]\s?)(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)(.*)", re.S)
COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:\.\d+)?(Z?))?")
SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
EPOCH = re.compile(r"(\d{10}|\d{13}|\d{16})(?:\.(\d+))?")
NAMED = re.compile(r"(?:[^\W\d]+[.,]*\s+)??(?:(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s/.,-]*(?:de\s+)?([^\W\d]{3,})\.?[\s/.,-]*(?:del?\s+)?(\d{4}|\d\d)"
                   r"|([^\W\d]{3,})\.?[\s/.-]*(\d{1,2})(?:st|nd|rd|th)?[\s/.,-]+(\d{4}))(?!\d)(.*)", re.S)
YEAR_NAMED = re.compile(r"(\d{4})[\s/.-]*([^\W\d]{3,})\.?[\s/.-]*(\d{1,2})(?!\d)(.*)", re.S)
WEEKDAY = re.compile(r"[^\W\d]{2,}[.,]*\s+(?=\d)")  # or "on" and the like
UNIX = re.compile(r"[A-Za-z]{3} ([A-Za-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?: ([A-Z]{3,4}))? (\d{4})")
CLOCK = re.compile(r"(?:[T\s,.]|at|um|à|a las|в|o|г\.?|года|kl\.?)*(\d{1,2})(?:[:.hH]|\s?h\s?)(\d\d)(?:[:.m](\d\d)(?:[.,](\d+))?)?s?\s*(?:Uhr|ч\.?)?\s*"
                   r"([AaPp])?(?(5)\.?\s?[Mm]\.?)\s*(Z|z|(?:UTC|GMT)?\s?[+-]\d\d:?(?:\d\d)?|[A-Z]{3,4})?\s*(?:\([^)]*\))?")
NO_CLOCK = re.compile(r"[\s,.]*(?:г\.?|года|r\.?|T)?\s*")
LONGEST = 80
ORDERS = ("dmy", "mdy", "ymd")


class Unreadable(ValueError):
    pass


def full_year(text):
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def clock(rest):
    """(time, zone) of what follows a date: '' where there is none."""
    if not rest or NO_CLOCK.fullmatch(rest):
        return "", ""
    match = CLOCK.fullmatch(rest.strip())
    if not match:
        raise Unreadable(rest)
    hour, minute, second, fraction, half, zone = match.groups()
    hour = int(hour)
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(rest)
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise Unreadable(rest)
    zone = (zone or "").upper().replace(" ", "")
    if len(zone) > 3 and zone[3] in "+-":
        zone = zone[3:]
    return "%02d:%s:%s%s" % (hour, minute, second or "00", "." + fraction[:6] if fraction and fraction.strip("0") else ""), zone


def day(year, month, date):
    """ISO's form; '' for the dates that mean none."""
    iso = "%04d-%02d-%02d" % (year, month, date)
    if iso in EMPTY or year == 0 or month == 0 and date == 0:
        return ""
    try:
        datetime.date(year, month, date)
    except ValueError:
        raise Unreadable(iso)
    return iso


def of_epoch(text):
    seconds = int(text) / {10: 1, 13: 1000, 16: 1000000}[len(text)]
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


class Dates(Learner):
    """Learns in which order days, months and years stand, and whether there are times and zones."""

    def __init__(self):
        super().__init__()
        self.clocks = self.zones = 0
        self.parts = {}  # of numbers that make a date, each with an example

    def learn(self, texts):
        for text in map(str.strip, texts):
            match = match_triple(text)
            if match:
                first, separator, second, third, rest = match.groups()
                self._learn_clock(text, rest)
                part = (first, separator.strip(), second, third)
                self.parts.setdefault(part, text)
                continue
            self._learn_other(text)

    def _learn_clock(self, text, rest):
        if rest:
            try:
                time, zone = clock(rest)
            except Unreadable:
                self.misfit(text)
                return
            self.clocks += 1 if time.strip("0:") else 0
            self.zones += 1 if zone else 0
        self.fitting += 1

    def _learn_other(self, text):
        try:
            iso, time, zone = split_other(text.strip())
        except (ValueError, OverflowError):
            if text.strip().lower() not in ABSENT:
                self.misfit(text)
            return
        self.fitting += 1
        self.clocks += 1 if time.strip("0:") else 0
        self.zones += 1 if zone else 0

    def order(self, given, year_now):
        """Which of dmy, mdy, ymd; a tuple of several where they cannot be told apart."""
        short = [part for part in self.parts if len(part[0]) <= 2]
        if given or not short:
            return given or "dmy"
        short_years = all(len(part[3]) == 2 for part in short)
        possible = [order for order in ORDERS if (order != "ymd" or short_years) and all(fits(part, order, year_now) for part in short)]
        if not possible:
            return self._of_most(short, year_now)
        if len(possible) > 1 and "ymd" in possible:
            possible = without_year_first(short, possible)
        if len(possible) > 1 and all(part[1] == "." for part in short):
            return possible[0]
        if len(possible) > 1 and all(readings_agree(part, possible) for part in short):
            return possible[0]
        return possible[0] if len(possible) == 1 else tuple(possible)

    # No order fits them all: a few may be wrong, as the 31st of February is.
    @staticmethod
    def _of_most(short, year_now):
        fitting = {order: sum(fits(part, order, year_now) for part in short) for order in ("dmy", "mdy")}
        best = max(fitting, key=fitting.get)
        other = "mdy" if best == "dmy" else "dmy"
        proofs = sum(fits(part, other, year_now) and not fits(part, best, year_now) for part in short)
        return best if fitting[best] > 0.9 * len(short) and proofs <= 0.01 * len(short) else ("dmy", "mdy")


def placed(part, order):
    first, _, second, third = part
    return {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}[order]


def fits(part, order, year_now):
    year, month, date = placed(part, order)
    year, month, date = full_year(year), int(month), int(date)
    if year in (0, 1) or month == 0 and date == 0:
        return True
    return 1 <= month <= 12 and 1 <= date <= 31 and (len(placed(part, order)[0]) > 2 or 1970 <= year <= year_now + 1)


def readings_agree(part, orders):
    return len({tuple(map(int, placed(part, order))) for order in orders}) == 1


# 24-01-31: years take few values, days many.
def without_year_first(short, possible):
    firsts, lasts = len({part[0] for part in short}), len({part[3] for part in short})
    if firsts > lasts:
        return [order for order in possible if order != "ymd"]
    return possible


def match_triple(text):
    return TRIPLE.match(text) or TRIPLE.match(WEEKDAY.sub("", text, 1)) if len(text) <= LONGEST else None


def split_other(text):
    """(ISO date, time, zone) of what leaves no doubt about its order."""
    if len(text) > LONGEST:
        raise Unreadable(text[:LONGEST])
    match = COMPACT.fullmatch(text)
    if match:
        year, month, date, hour, minute, second, zone = match.groups()
        return day(int(year), int(month), int(date)), "%s:%s:%s" % (hour, minute, second) if hour else "", zone or ""
    match = EPOCH.fullmatch(text)
    if match:
        moment = of_epoch(match.group(1))
        return day(moment.year, moment.month, moment.day), moment.strftime("%H:%M:%S"), "Z"
    match = SERIAL.fullmatch(text)
    if match and 20000 <= int(match.group(1)) <= 80000:
        moment = datetime.datetime(1899, 12, 30) + datetime.timedelta(days=int(match.group(1)), seconds=round(86400 * float("0." + (match.group(2) or "0"))))
        return day(moment.year, moment.month, moment.day), moment.strftime("%H:%M:%S") if match.group(2) else "", ""
    if text in ("0", "0.0") or re.fullmatch(r"0{2,4}[-./]00[-./]00.*|00[-./]00[-./]0{2,4}.*", text):
        return "", "", ""
    match = UNIX.fullmatch(text)
    if match:
        return day(int(match.group(5)), month_of(match.group(1)), int(match.group(2))), match.group(3), match.group(4) or ""
    return split_named(text)


def month_of(name):
    try:
        return MONTHS[name.lower().rstrip(".")]
    except KeyError:
        raise Unreadable(name)


def split_named(text):
    match = YEAR_NAMED.fullmatch(text)
    if match:
        year, name, date, rest = match.groups()
    else:
        match = NAMED.fullmatch(text)
        if not match:
            raise Unreadable(text)
        year = match.group(3) or match.group(6)
        name, date, rest = match.group(2) or match.group(4), match.group(1) or match.group(5), match.group(7)
    time, zone = clock(rest)
    return day(full_year(year), month_of(name), int(date)), time, zone


class DateReader(Reader):
    def __init__(self, order, with_times, with_zones):
        super().__init__()
        self.order, self.with_times, self.with_zones, self.days = order, with_times, with_zones, {}

    def read(self, text):
        try:
            text = text.strip()
            match = match_triple(text)
            if match:
                first, separator, second, third, rest = match.groups()
                iso = self._day(first, second, third)
                time, zone = clock(rest)
            else:
                iso, time, zone = split_other(text)
        except (ValueError, OverflowError):
            return "" if text.strip().lower() in ABSENT else None
        if not iso or not self.with_times:
            return iso
        return "%s %s%s" % (iso, time or "00:00:00", zone if self.with_zones else "")

    def _day(self, first, second, third):
        key = (first, second, third)
        if key not in self.days:
            order = "ymd" if len(first) > 2 else self.order
            year, month, date = placed((first, "", second, third), order)
            self.days[key] = day(full_year(year), int(month), int(date))
        return self.days[key]
