#!/usr/bin/env python3
"""Makes the boards of a workspace in Metabase (0.50 or later), through its API; run again, it sets them anew.

    METABASE_URL=https://metabase.example.com METABASE_API_KEY=mb_... \\
        python3 dashboards/metabase/make_boards.py DATABASE [WORKSPACE]

DATABASE is the name that the database has in Metabase, WORKSPACE the schema of the workspace (default: loyalty). The key
(Admin, Settings, Authentication, API keys) belongs to a group that may write native queries. Everything goes into one
collection, "Clientele: WORKSPACE": cards and boards there that have the names of ours become ours, others are left alone.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from cards import read_boards, read_cards  # noqa: E402

GRID = 24  # columns of a board
DISPLAY = {"number": "scalar", "trend": "smartscalar", "stacked": "bar", "pivot": "table"}  # others have the same name here


class Metabase:
    def __init__(self, url, key):
        self.url, self.key = url.rstrip("/"), key

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("x-api-key", self.key)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            sys.exit(f"Metabase refuses {method} {path}: {error.code} {error.read().decode(errors='replace')[:500]}")
        except urllib.error.URLError as error:
            sys.exit(f"{self.url} does not answer: {error.reason}")

    def list(self, path):
        """Some lists come as they are, some within a page of their own."""
        answer = self.request("GET", path)
        return answer["data"] if isinstance(answer, dict) else answer

    def save(self, kind, there, body):
        """Makes a card or board, or sets the one that has its name; returns its number."""
        number = there.get((kind, body["name"]))
        if number is None:
            return self.request("POST", f"/api/{kind}", body)["id"]
        self.request("PUT", f"/api/{kind}/{number}", body)
        return number


def find_database(metabase, name):
    databases = metabase.list("/api/database")
    for database in databases:
        if database["name"] == name:
            return database["id"]
    sys.exit(f'Metabase has no database "{name}", but {", ".join(sorted(d["name"] for d in databases))}.')


def find_views(metabase, database, workspace):
    tables = metabase.request("GET", f"/api/database/{database}/metadata")["tables"]
    views = {table["name"] for table in tables if table["schema"] == workspace}
    if not views:
        sys.exit(f'Metabase sees no view of "{workspace}": sync the database schema, or see docs/bi.md for its role.')
    return views


def find_collection(metabase, workspace):
    name = f"Clientele: {workspace}"
    for collection in metabase.list("/api/collection"):
        if collection["name"] == name and not collection.get("archived"):
            return collection["id"]
    return metabase.request("POST", "/api/collection", {"name": name})["id"]


def what_is_there(metabase, collection):
    items = metabase.list(f"/api/collection/{collection}/items?models=card&models=dashboard")
    return {(item["model"], item["name"]): item["id"] for item in items}


def column_settings(card):
    percents = [c.name for c in card.columns if c.kind == "percent"]
    return {json.dumps(["name", name], ensure_ascii=False, separators=(",", ":")): {"number_style": "percent", "decimals": 0} for name in percents}


def settings(card):
    """Metabase's pivot tables take no SQL: a table that is turned is what it has for that."""
    axis, measures = card.axis.name, [c.name for c in card.measures]
    measure = next(iter(measures), None)
    own = {
        "number": {"scalar.field": measure},
        "trend": {"scalar.field": measure, "scalar.comparisons": [{"id": "1", "type": "previousValue"}]},
        "table": {"table.pivot": False, "table.columns": [{"name": c.name, "enabled": c in card.shown} for c in card.columns]},
        "pivot": {"table.pivot": True, "table.pivot_column": card.shown[1].name, "table.cell_column": card.shown[-1].name},
    }
    axes = {"graph.dimensions": [axis], "graph.metrics": measures, "graph.x_axis.title_text": axis}
    if card.chart == "stacked":
        axes["stackable.stack_type"] = "stacked"
    return {"column_settings": column_settings(card), **own.get(card.chart, axes)}


def card_body(card, database, workspace, collection):
    return {
        "name": card.title,
        "description": card.note,
        "display": DISPLAY.get(card.chart, card.chart),
        "dataset_query": {"type": "native", "database": database, "native": {"query": card.query(workspace)}},
        "visualization_settings": settings(card),
        "collection_id": collection,
    }


def dashcards(board, cards, numbers):
    """New ones have negative numbers; those that were there before, and are not named, go."""
    return [
        {"id": -n, "card_id": numbers[card.name], "row": row, "col": column, "size_x": width, "size_y": height,
         "parameter_mappings": [], "visualization_settings": {}}
        for n, (card, row, column, width, height) in enumerate(board.places(cards, GRID), 1)
    ]


def make_boards(metabase, name, workspace):
    database = find_database(metabase, name)
    views = find_views(metabase, database, workspace)
    everything = read_cards()
    cards = {name: card for name, card in everything.items() if card.views <= views}
    collection = find_collection(metabase, workspace)
    there = what_is_there(metabase, collection)
    numbers = {card.name: metabase.save("card", there, card_body(card, database, workspace, collection)) for card in cards.values()}
    for board in read_boards():
        placed = dashcards(board, cards, numbers)
        if placed:
            number = metabase.save("dashboard", there, {"name": board.name, "description": board.note, "collection_id": collection})
            metabase.request("PUT", f"/api/dashboard/{number}", {"dashcards": placed, "width": "full"})
            print(f"{board.name}: {metabase.url}/dashboard/{number}")
    for card in [card for name, card in everything.items() if name not in cards]:
        print(f'Without "{card.title}": there is no {", ".join(sorted(card.views - views))}.')


def main():
    url, key = os.environ.get("METABASE_URL"), os.environ.get("METABASE_API_KEY")
    if not url or not key or len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    make_boards(Metabase(url, key), sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "loyalty")


if __name__ == "__main__":
    main()
