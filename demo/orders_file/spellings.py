"""Spellings of values: what is not understood is kept as an example, what is understood is worked out once."""

MOST_MISFITS = 1000
MOST_KNOWN = 500000


class Learner:
    def __init__(self):
        self.fitting, self.misfits = 0, []

    def misfit(self, text):
        if len(self.misfits) < MOST_MISFITS:
            self.misfits.append(text)


class Reader:
    """SQL's text of a value, '' for none, None for what is none of its kind, as read() says."""

    def __init__(self):
        self.known = {}

    def __call__(self, text):
        value = self.known.get(text, self)
        if value is self:
            value = self.read(text)
            if len(self.known) > MOST_KNOWN:
                self.known.clear()
            self.known[text] = value
        return value
