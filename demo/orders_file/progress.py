"""How far a long reading is, for whoever waits: on a terminal in one line, elsewhere a line every ten seconds."""

import sys
import time


class Progress:
    def __init__(self, what, size):
        self.what, self.size = what, max(size, 1)
        self.start = self.shown = time.monotonic()
        self.on_terminal = sys.stderr.isatty()

    def at(self, position):
        now = time.monotonic()
        if now - self.shown < (1 if self.on_terminal else 10):
            return
        self.shown = now
        sys.stderr.write("%s%s … %d %% of %d MB, %d s%s" % (
            "\r" if self.on_terminal else "", self.what, min(100, 100 * position // self.size),
            self.size // 1000000, now - self.start, "" if self.on_terminal else "\n"))
        sys.stderr.flush()

    def done(self):
        if self.on_terminal and self.shown != self.start:
            sys.stderr.write("\n")
