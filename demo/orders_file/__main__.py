"""A file of orders for psql.

python3 orders_file learn NAME --known KNOWN [--OPTION VALUE]... <FILE   looks at its beginning; says what stops it, and nothing else
python3 orders_file load NAME --known KNOWN <FILE                        reads it once, and writes a script for psql that loads it

KNOWN is a file of what the first found out for the second, which reads the file again only where its rest says otherwise. After that there are KNOWN.notes, what was read and how, for people,
and KNOWN.variables, for psql.
"""

import argparse
import gc
import io
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from asking import Refusal  # noqa: E402
from learning import Evidence, Learned, decide, learn  # noqa: E402
from loading import Loader  # noqa: E402
from progress import Progress  # noqa: E402
from records import Layout  # noqa: E402
from reporting import notes  # noqa: E402
from source import Source  # noqa: E402
from table import Table  # noqa: E402
from titles import Meaning  # noqa: E402

OPTIONS = ("customer", "ordered_at", "amount", "order_id", "status", "date_order", "decimal", "encoding", "time_zone")


def arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("command", choices=("learn", "load"))
    parser.add_argument("name")
    parser.add_argument("--known", required=True)
    for option in OPTIONS:
        parser.add_argument("--" + option.replace("_", "-"))
    return parser.parse_args()


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    gc.disable()  # millions of rows, and no cycles
    given = arguments()
    source = Source(os.fdopen(0, "rb", closefd=False), given.name)
    if given.command == "learn":
        look(given, source)
    else:
        load(given, source)


def look(given, source):
    options = {option: getattr(given, option) for option in OPTIONS}
    progress = Progress("reading " + os.path.basename(given.name), source.size)
    layout, learned, is_whole = learn(source, options, progress)
    progress.done()
    with open(given.known, "w", encoding="utf-8") as file:
        json.dump({"source": source.state(), "layout": [layout.separator, layout.skipped, layout.titles], "options": options,
                   "learned": vars(learned), "is_whole": is_whole}, file)


def load(given, source):
    with open(given.known, encoding="utf-8") as file:
        known = json.load(file)
    source.restore(known["source"])
    layout = Layout(*known["layout"])
    meaning = Meaning(layout.titles, known["options"], given.name)
    table = Table(source, layout, meaning.columns["ordered_at"])
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n")
    loader = write_script(out, table, meaning, known)
    out.flush()
    with open(given.known + ".notes", "w", encoding="utf-8") as file:
        file.writelines(note + "\n" for note in notes(table, meaning, loader.learned, loader))
    with open(given.known + ".variables", "w", encoding="utf-8") as file:
        file.writelines("%s=%s\n" % (name, " ".join(value.split())) for name, value in variables(table, meaning, loader.learned))


# A rest that says otherwise than the beginning, which is rare, has all loaded again.
def write_script(out, table, meaning, known):
    learned = Learned(known["learned"])
    while True:
        evidence = None if known["is_whole"] else Evidence(meaning, table.layout.titles)
        loader = Loader(table, meaning, learned, known["options"]["time_zone"])
        progress = Progress("loading " + os.path.basename(meaning.file_name), table.source.size)
        fits = loader.write(out, progress, evidence)
        progress.done()
        if evidence is None:
            return loader
        learned = decide(evidence, meaning, known["options"]) if fits else Learned({**vars(learned), "whole_keys": False})
        if learned == loader.learned:
            table.check()
            return loader
        out.write("DROP TABLE order_lines;\n")


def variables(table, meaning, learned):
    yield "lines", str(table.rows)
    yield "folding", learned.rule or "none"
    yield "statuses", "{%s}" % ",".join('"%s"' % s.replace("\\", "\\\\").replace('"', '\\"') for s in learned.statuses or [])
    for role, name in (("customer", "customer"), ("status", "status"), ("refunded", "refund")):
        yield name, title(meaning, role)


def title(meaning, role):
    place = meaning.columns.get(role)
    return "" if place is None else meaning.titles[place]


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        sys.stderr.write(str(refusal) + "\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
