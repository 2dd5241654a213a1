"""From bytes to lines of text: what the file is, in which encoding, and where its lines end."""

import codecs
import io
import os
import shutil
import stat
import subprocess
import tempfile
from itertools import chain

from asking import Question, Refusal, counted, quoted

CHUNK = 1 << 20
LONGEST_LINE = 1 << 24
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
OTHER_FORMATS = ((b"PK\x03\x04", "a workbook or a zip archive"), (b"\x1f\x8b", "compressed by gzip"),
                 (b"BZh", "compressed by bzip2"), (b"\xfd7zXZ", "compressed by xz"), (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
                 (b"\xd0\xcf\x11\xe0", "an old Excel workbook"), (b"%PDF", "a PDF"), (b"SQLite format", "an SQLite database"))
# What uchardet's answers are called here; those that it gives by mistake for short texts are none.
GUESSES = {"windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252", "iso-8859-1": "cp1252",
           "iso-8859-15": "iso-8859-15", "iso-8859-2": "iso-8859-2", "koi8-r": "koi8-r", "ibm866": "cp866",
           "iso-8859-5": "iso-8859-5", "mac-cyrillic": "mac-cyrillic"}
# By usage; a header in a known language tells them apart.
LIKELY = ("cp1251", "cp1252", "cp1250", "koi8-r", "cp866", "mac-cyrillic", "mac-roman")
NAMES = {"cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp866": "IBM866"}
# Letters of Western and Eastern Europe share their bytes: the language of the header tells them apart.
LATIN = {"de": "cp1252", "fr": "cp1252", "es": "cp1252", "pl": "cp1250"}
# PostgreSQL's names that Python does not know.
POSTGRESQL_NAMES = {"unicode": "utf-8", "alt": "cp866", "win": "cp1251", "koi8": "koi8-r", "uhc": "cp949", "mskanji": "cp932"}


def codec_of(name):
    plain = name.strip().lower().replace("_", "-")
    plain = POSTGRESQL_NAMES.get(plain, plain)
    if plain.startswith("win") and plain[3:].isdigit():
        plain = "cp" + plain[3:]
    try:
        return codecs.lookup(plain).name
    except LookupError:
        raise Refusal("--encoding: there is no encoding %s; usual ones are UTF-8, UTF-16, windows-1251 and windows-1252." % quoted(name))


class Source:
    """A file that can be read as text from its beginning as often as needed; a pipe is kept aside for that."""

    def __init__(self, binary, name):
        self.name = name
        if not stat.S_ISREG(os.fstat(binary.fileno()).st_mode):
            kept = tempfile.TemporaryFile()
            shutil.copyfileobj(binary, kept, CHUNK)
            binary = kept
        self.binary = binary
        self.size = os.fstat(binary.fileno()).st_size
        self.encoding, self.newline, self.mark = None, "\n", 0

    # One quick look at all bytes tells what would otherwise turn up late.
    def scan(self):
        decoder = codecs.getincrementaldecoder("utf-8")()
        self.is_utf8, self.nuls, self.feeds, self.returns, self.pairs, last = True, 0, 0, 0, 0, b""
        self.binary.seek(0)
        while True:
            chunk = self.binary.read(CHUNK)
            if not chunk:
                break
            if self.is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    self.is_utf8 = False
            self.nuls += chunk.count(b"\0")
            self.feeds += chunk.count(b"\n")
            self.returns += chunk.count(b"\r")
            self.pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
        if self.is_utf8:
            try:
                decoder.decode(b"", True)
            except UnicodeDecodeError:
                self.is_utf8 = False

    def head(self, length=CHUNK):
        self.binary.seek(0)
        return self.binary.read(length)

    def check_format(self):
        head = self.head(4096)
        if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
            raise Refusal("%s is empty or begins with empty lines only; a line has to name the columns." % quoted(self.name))
        for magic, what in OTHER_FORMATS:
            if head.startswith(magic):
                raise Refusal("%s is no plain CSV file but %s: unpack it, or save it as CSV (UTF-8)." % (quoted(self.name), what))
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:100].lower()
        for opening, what in ((b"<", "HTML or XML"), (b"{", "JSON"), (b"[{", "JSON")):
            if start.startswith(opening):
                raise Refusal("%s is no plain CSV file but %s: save it as CSV (UTF-8)." % (quoted(self.name), what))

    def choose_encoding(self, given, known_titles, language):
        """known_titles and language say of a text how many titles of its header are known, and in which language."""
        self.known_titles, self.language = known_titles, language
        self.encoding = self._encoding(given)
        self._choose_newline()

    def _encoding(self, given):
        head = self.head()
        marked = next(((mark, codec) for mark, codec in MARKS if head.startswith(mark)), None)
        if marked:
            self.mark = len(marked[0])
            return marked[1]
        if given:
            codec = codec_of(given)
            return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(codec, codec)
        wide = self._wide(head)
        if wide:
            return wide
        if self.is_utf8:
            return "utf-8"
        self._check_broken_utf8()
        return self._narrow(head)

    # Without a mark UTF-16 shows by its zero bytes, which are on one side only.
    def _wide(self, head):
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) * 20 < len(head):
            return None
        if odd > 4 * even:
            return "utf-16-le"
        return "utf-16-be" if even > 4 * odd else None

    # A few bytes that are none make no other encoding of a file that is UTF-8 else.
    def _check_broken_utf8(self):
        broken = letters = first = 0
        self.binary.seek(0)
        for number, line in enumerate(self.binary, 1):
            if not line.isascii():
                text = line.decode("utf-8", "replace")
                bad = text.count("\ufffd")
                first = first or (number if bad else 0)
                broken += bad
                letters += sum(c > "\x7f" for c in text) - bad
        if letters > 10 * broken:
            raise Question("%s is UTF-8 but for %s, the first in line %d. To read them as \ufffd: --encoding utf-8. If it is in another encoding, name that." % (
                quoted(self.name), counted(broken, "byte", "bytes"), first))

    # uchardet may err in short texts; titles that are known in one encoding only say more.
    def _narrow(self, head):
        guess = self._guess()
        codecs_ = ([guess] if guess else []) + [codec for codec in LIKELY if codec != guess]
        scores = [self.known_titles(head.decode(codec, "replace")) for codec in codecs_]
        if max(scores) > self.known_titles(head.decode("ascii", "ignore")):
            return codecs_[scores.index(max(scores))]
        if guess:
            return LATIN.get(self.language(head.decode(guess, "replace")), guess) if guess in LATIN.values() else guess
        raise Question("%s is not UTF-8, and its encoding is not certain: name it with --encoding, such as "
                       "--encoding windows-1252 (Western Europe), windows-1250 (Poland) or windows-1251 (Cyrillic)." % quoted(self.name))

    # The lines with other letters say most, and uchardet needs not see the rest.
    def _guess(self):
        self.binary.seek(0)
        sample = [line for line in self.binary.readlines(8 * CHUNK) if any(byte > 127 for byte in line)]
        try:
            told = subprocess.run(["uchardet"], input=b"".join(sample)[:CHUNK], stdout=subprocess.PIPE, timeout=60).stdout
        except (OSError, subprocess.TimeoutExpired):
            return None
        return GUESSES.get(told.decode("ascii", "replace").strip().lower())

    def _choose_newline(self):
        if self.encoding.startswith(("utf-16", "utf-32")):
            head = self.head()[self.mark:].decode(self.encoding, "ignore")
            feeds, returns = head.count("\n"), head.count("\r")
        else:
            feeds, returns = self.feeds, self.returns
        self.newline = "\n" if feeds or not returns else "\r"
        self.is_wide = self.encoding.startswith(("utf-16", "utf-32"))
        lines = feeds + (returns if self.newline == "\r" else 0) + 1
        if self.size // lines > LONGEST_LINE:
            raise Refusal("%s has hardly any line ends, so it is no CSV file." % quoted(self.name))

    def lines(self):
        """Lines with their ends, without zero bytes and returns within, which are no text."""
        self.binary.seek(self.mark)
        text = io.TextIOWrapper(self.binary, encoding=self.encoding, errors="replace", newline=self.newline)
        try:
            yield from self._cleaned(text)
        finally:
            text.detach()

    def _cleaned(self, text):
        inner_returns = self.newline == "\n" and (self.is_wide or self.returns > self.pairs)
        if not (self.is_wide or self.nuls or inner_returns):
            yield from chain(text)  # a generator that ends early would close the file itself
            return
        for line in text:
            line = line.replace("\0", "")
            yield line.rstrip("\r\n").replace("\r", " ") + "\n" if inner_returns else line

    STATE = ("encoding", "newline", "mark", "is_wide", "nuls", "returns", "pairs")

    def state(self):
        return {name: getattr(self, name) for name in self.STATE}

    def restore(self, state):
        for name in self.STATE:
            setattr(self, name, state[name])

    def position(self):
        return self.binary.tell()

    def encoding_name(self):
        return NAMES.get(self.encoding, self.encoding.upper()).replace("-LE", "").replace("-BE", "")
