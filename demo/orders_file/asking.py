"""What stops the reading: a file that cannot be orders, or a question that only its owner can answer."""


class Refusal(Exception):
    """The message says what is wrong and what to do."""


class Question(Refusal):
    """Two readings are possible: the message names the option that settles it."""


def quoted(value, length=60):
    value = " ".join(value.split())
    return '"%s"' % (value if len(value) <= length else value[:length] + "…")


def listed(values, most=10):
    values = list(values)
    shown = ", ".join(quoted(value) for value in values[:most])
    return shown + (" and %d more" % (len(values) - most) if len(values) > most else "")


def counted(number, one, many):
    return "%d %s" % (number, one if number == 1 else many)
