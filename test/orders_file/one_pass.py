"""Loads files whose rest is not what their beginning was like, and prints what differs from what was expected."""

import io
import os
import re
import runpy
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ORDERS_FILE = os.path.join(HERE, "..", "..", "demo", "orders_file")
sys.path.insert(0, ORDERS_FILE)
import learning  # noqa: E402
from asking import Refusal  # noqa: E402
from progress import Progress  # noqa: E402
from source import Source  # noqa: E402
from table import Table  # noqa: E402
from titles import Meaning  # noqa: E402

program = runpy.run_path(os.path.join(ORDERS_FILE, "__main__.py"), run_name="program")
learning.LOOK = 1 << 20
TITLES = "number,customer,date,amount,currency\n"
MANY = 60000
OPTIONS = dict.fromkeys(program["OPTIONS"])


def usual(n):
    return "%d,%d,%02d/%02d/2024,%d.50,EUR\n" % (n, n % 97, n % 12 + 1, n % 28 + 1, n % 50)


def load(rows, **options):
    """What was loaded, what was learned, and how often the file was read."""
    with tempfile.TemporaryFile() as file:
        file.write((TITLES + "".join(rows)).encode())
        file.flush()
        source = Source(file, "orders.csv")
        readings, lines = [], source.lines
        source.lines = lambda: readings.append(0) or lines()
        given = {**OPTIONS, **options}
        layout, learned, is_whole = learning.learn(source, given, Progress("", source.size))
        del readings[:]
        meaning = Meaning(layout.titles, given, source.name)
        table, out = Table(source, layout, meaning.columns["ordered_at"]), io.StringIO()
        loader = program["write_script"](out, table, meaning, {"learned": vars(learned), "is_whole": is_whole, "options": given})
        return out.getvalue(), loader.learned, len(readings)


def rows_of(script):
    return re.split(r"FROM STDIN .*\n", script)[-1].split("\\.\n")[0].splitlines()


wrong = 0


def check(what, holds):
    global wrong
    if not holds:
        wrong += 1
        print("not so: " + what)


def refused(word, rows):
    try:
        load(rows)
    except Refusal as refusal:
        return word in str(refusal)
    return False


script, learned, readings = load(map(usual, range(MANY)))
check("a file that goes on as it begins is read once", readings == 1 and script.count("COPY") == 1 and len(rows_of(script)) == MANY)
check("its dates are read alike to the end", learned.order == "mdy" and rows_of(script)[-1].split("\t")[1] == "2024-12-24")

script, learned, readings = load([usual(n) for n in range(MANY)] + ["1,anna,01/31/2024,5,EUR\n"])
check("a name among numbers has all keys loaded as text", readings == 2 and not learned.whole_keys and len(rows_of(script)) == MANY + 1 and script.count("DROP TABLE order_lines") == 1)
check("... in a column of text", '"customer" text' in script.split("DROP TABLE")[-1])

script, learned, readings = load([usual(n) for n in range(MANY)] + ["1,5,01/31/2024 12:30,5,EUR\n"])
check("a time after many days has the times loaded", learned.with_times and readings == 2 and rows_of(script)[-1].split("\t")[1] == "2024-01-31 12:30:00")

early = ["%d,%d,%02d/%02d/2024,%d.50,EUR\n" % (n, n % 97, n % 12 + 1, n % 12 + 1, n % 50) for n in range(MANY)]
script, learned, readings = load(early + ["1,5,31/01/2024,5,EUR\n"])
check("dates that are in doubt at the beginning are decided by a later one", learned.order == "dmy" and len(rows_of(script)) == MANY + 1)

check("another currency at the end is refused", refused("several currencies", [usual(n) for n in range(MANY)] + ["1,5,01/31/2024,5,USD\n"]))
check("dates of another order at the end are asked about", refused("--date-order", [usual(n) for n in range(MANY)] + ["1,5,%d/01/2024,5,EUR\n" % day for day in range(13, 32)] * 3000))
script, _, readings = load([usual(n) for n in range(100)])
check("a small file is learned as a whole", readings == 1 and len(rows_of(script)) == 100)
sys.exit(wrong > 0)
