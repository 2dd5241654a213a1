"""The cards and boards that Metabase and Superset have in common.

A card is cards/NAME.sql: a query in which "workspace." stands for the schema of the workspace, and what is drawn of it in
comments at its head. A line or bar has its first column along the axis, a column "Position" only sorts. A number is that of the
first row; a trend, that of the last date and its change in per cent, which scores and shares do not have.
"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
CHARTS = {"number", "trend", "line", "stacked", "bar", "row", "pivot", "table"}
KINDS = {"date", "text", "number", "percent"}  # a percent runs from 0 to 1
HEADINGS = {"title", "note", "chart", "columns", "belongs to"}
SORTING = "Position"


class Column:
    def __init__(self, words):
        self.name, _, self.kind = words.strip().rpartition(" ")
        self.is_measure = self.kind in ("number", "percent") and self.name != SORTING


class Card:
    def __init__(self, name):
        self.name = name
        lines = (FOLDER / "cards" / f"{name}.sql").read_text("utf-8").splitlines()
        comments = [line for line in lines if line.startswith("-- ")]
        self.sql = "\n".join(line for line in lines if not line.startswith("-- "))
        head = dict(line[3:].split(": ", 1) for line in comments)
        self.title, self.note, self.chart = head["title"], head["note"], head["chart"]
        self.columns = [Column(words) for words in head["columns"].split(",")]
        self.belongs_to = head.get("belongs to")
        self.views = set(re.findall(r"\bworkspace\.(\w+)", self.sql))
        if self.chart not in CHARTS or head.keys() - HEADINGS or {c.kind for c in self.columns} - KINDS:
            raise ValueError(f"cards/{name}.sql: its head is not understood")

    def query(self, workspace):
        schema = '"' + workspace.replace('"', '""') + '".'
        return re.sub(r"\bworkspace\.", lambda _: schema, self.sql)

    @property
    def is_sorted(self):
        return self.columns[0].name == SORTING

    @property
    def shown(self):
        return [c for c in self.columns if c.name != SORTING]

    @property
    def axis(self):
        return self.shown[0]

    @property
    def measures(self):
        """What is drawn along the axis: of bars beside each other one, of lines and stacks all."""
        found = [c for c in self.shown[1:] if c.is_measure]
        return found if self.chart in ("line", "stacked") else found[:1]


class Board:
    def __init__(self, name, note, rows):
        self.name, self.note, self.rows = name, note, rows

    def places(self, cards, columns):
        """Of each of these cards its row, column, width and height on a grid; those of one row share its width."""
        top = 0
        for row in self.rows:
            there = [cards[name] for name in row["cards"] if name in cards]
            for n, card in enumerate(there):
                width = columns // len(there)
                yield card, top, n * width, width, row["height"]
            top += row["height"] if there else 0


def read_boards():
    return [Board(**board) for board in json.loads((FOLDER / "boards.json").read_text("utf-8"))]


def read_cards():
    return {name: Card(name) for board in read_boards() for row in board.rows for name in row["cards"]}
