"""Runs dashboards/metabase/make_boards.py against metabase_mock.py and dashboards/superset/build.py, and says in TAP what came of it."""

import copy
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from http.server import ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "dashboards"))
from cards import read_boards, read_cards  # noqa: E402
from metabase_mock import KEY, NUMBERS, TIMES, Handler, Site, describe  # noqa: E402

SCHEMAS = ["shop_loyalty", "quiet_loyalty", "empty_loyalty", "hostile_loyalty"]
number = 0


def ok(condition, name, why=""):
    global number
    number += 1
    print(f"{'ok' if condition else 'not ok'} {number} - {name}")
    if not condition:
        print("".join(f"# {line}\n" for line in str(why)[:4000].splitlines()), end="")


def serve():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.site = Site("Shop", SCHEMAS)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def make_boards(server, *arguments, key=KEY):
    environment = {**os.environ, "METABASE_URL": f"http://127.0.0.1:{server.server_port}/", "METABASE_API_KEY": key}
    return subprocess.run([sys.executable, ROOT / "dashboards/metabase/make_boards.py", *arguments], env=environment, capture_output=True, text=True, encoding="utf-8")


def send(server, method, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    connection.request(method, path, json.dumps(body), {"x-api-key": KEY, "Content-Type": "application/json"})
    return connection.getresponse().status


def kind_fits(kind, type_):
    return {"date": TIMES.match(type_), "text": type_ == "text"}.get(kind, NUMBERS.match(type_))


def test_heads(cards):
    for card in cards.values():
        for schema in SCHEMAS if not card.belongs_to else ["shop_loyalty", "hostile_loyalty"]:
            columns = describe(card.query(schema))
            same = list(columns) == [c.name for c in card.columns] and all(kind_fits(c.kind, columns[c.name]) for c in card.columns)
            ok(same, f"{card.name}: its head names the columns of its query in {schema}", columns)
    ok(len({card.title for card in cards.values()}) == len(cards), "each card has a title of its own")
    ok({path.stem for path in (ROOT / "dashboards/cards").glob("*.sql")} == set(cards), "each card is on a board")


def test_runs(server, cards):
    stored = server.site.stored
    run = make_boards(server, "Shop", "shop_loyalty")
    ok(run.returncode == 0 and not run.stderr, "the boards are made", run.stdout + run.stderr)
    ok(sorted(card["name"] for card in stored["card"].values()) == sorted(card.title for card in cards.values()), "... of all cards")
    names = [board["name"] for board in stored["dashboard"].values()]
    ok(names == [board.name for board in read_boards()] == [line.split(":")[0] for line in run.stdout.splitlines()], "... and named", names)
    on_boards = [place["card_id"] for board in stored["dashboard"].values() for place in board["dashcards"]]
    ok(sorted(on_boards) == sorted(stored["card"]), "each card is on one of them once")

    # Somebody's own card in the same collection, and one that has a name of ours elsewhere.
    collection = next(iter(stored["collection"]))
    own = copy.deepcopy(next(iter(stored["card"].values())))
    stored["card"][901], stored["card"][902] = {**own, "id": 901, "name": "Mine", "display": "area"}, {**own, "id": 902, "display": "area", "collection_id": None}
    stored["collection"][900] = {"id": 900, "name": "Somebody's"}
    first = next(number for number, card in stored["card"].items() if card["collection_id"] == collection)
    stored["card"][first]["display"] = "pie"
    before = copy.deepcopy(stored)
    before["card"][first]["display"] = own["display"]
    run = make_boards(server, "Shop", "shop_loyalty")
    ok(run.returncode == 0 and stored == before, "a second run doubles nothing, sets ours anew, and leaves others alone", run.stderr)


def test_without_answers(server, cards):
    stored = server.site.stored
    known = set(stored["dashboard"])
    run = make_boards(server, "Shop", "quiet_loyalty")
    boards = {board["name"]: board for n, board in stored["dashboard"].items() if n not in known}
    ok(run.returncode == 0 and boards.keys() == {"Monday", "Customers and lists", "Offers and programme"}, "without answers there is no board of them", run.stdout + run.stderr)
    ok([place["size_x"] for place in boards["Monday"]["dashcards"]][:3] == [8, 8, 8], "... and the others fill their rows")
    missing = [line for line in run.stdout.splitlines() if line.startswith("Without")]
    ok(len(missing) == sum(card.belongs_to is not None for card in cards.values()), "... and it says what is missing", run.stdout)
    ok(make_boards(server, "Shop", "empty_loyalty").returncode == 0, "an empty workspace has boards")
    run = make_boards(server, "Shop", "hostile_loyalty")
    ok(run.returncode == 0, "so has one with hostile names", run.stderr)


def test_refusals(server):
    for arguments, key, words in (
        (("Shop", "shop_loyalty"), "wrong", "401"),
        (("Shops", "shop_loyalty"), KEY, 'no database "Shops", but Shop'),
        (("Shop", "none_loyalty"), KEY, 'no view of "none_loyalty"'),
        ((), KEY, "METABASE_URL"),
    ):
        run = make_boards(server, *arguments, key=key)
        ok(run.returncode != 0 and words in run.stderr, f"{' '.join(arguments) or 'nothing'} with the key {key}: {words}", run.stderr)


def test_the_mock(server):
    """That it refuses what Metabase would, or what could not be drawn."""
    card = {"name": "x", "display": "line", "dataset_query": {"type": "native", "database": 7, "native": {"query": "SELECT 1 AS a, 2 AS b"}},
            "visualization_settings": {"graph.dimensions": ["a"], "graph.metrics": ["b"]}}
    ok(send(server, "POST", "/api/card", card) == 200, "what answers takes a card that can be drawn")
    for name, change in (
        ("of a column that is not there", {"visualization_settings": {"graph.dimensions": ["a"], "graph.metrics": ["c"]}}),
        ("without a name", {"name": " "}),
        ("of another database", {"dataset_query": {**card["dataset_query"], "database": 8}}),
        ("that fails", {"dataset_query": {**card["dataset_query"], "native": {"query": "SELECT 1 / 0 AS a, 2 AS b"}}}),
        ("with a key that is not known", {"sql": "SELECT 1"}),
    ):
        ok(send(server, "POST", "/api/card", {**card, **change}) == 400, f"... and refuses one {name}")
    first = next(iter(server.site.stored["card"]))
    place = {"id": -1, "card_id": first, "row": 0, "col": 0, "size_x": 12, "size_y": 4}
    board = f"/api/dashboard/{next(iter(server.site.stored['dashboard']))}"
    for name, others in (("past the edge", [{**place, "col": 13}]), ("on another", [place, {**place, "id": -2, "row": 3}]), ("of no card", [{**place, "card_id": 4711}])):
        ok(send(server, "PUT", board, {"dashcards": others}) == 400, f"... a place {name}")


# --- Superset ---

def build_zip(*arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "boards.zip"
        subprocess.run([sys.executable, ROOT / "dashboards/superset/build.py", "postgresql://superset@db/shop", "shop_loyalty", "-o", path, *arguments], check=True, capture_output=True)
        with zipfile.ZipFile(path) as bundle:
            return {name.split("/", 1)[1]: json.loads(bundle.read(name)) for name in bundle.namelist()}


def of(bundle, folder):
    return [content for name, content in bundle.items() if name.startswith(f"{folder}/")]


def drawn_columns(params):
    """The columns that a chart asks its dataset for."""
    single = [params[key] for key in ("metric", "timeseries_limit_metric") if key in params]
    yield from (metric["label"] for metric in single + params.get("metrics", []))
    yield from params.get("all_columns", []) + params.get("groupbyRows", []) + params.get("groupbyColumns", [])
    yield from (json.loads(order)[0] for order in params.get("order_by_cols", []))
    yield from [params[key] for key in ("x_axis",) if key in params]


def test_superset(cards):
    bundle = build_zip()
    datasets = {d["uuid"]: {c["column_name"] for c in d["columns"]} for d in of(bundle, "datasets")}
    charts = {c["uuid"]: c for c in of(bundle, "charts")}
    places = [p["meta"] for b in of(bundle, "dashboards") for p in b["position"].values() if isinstance(p, dict) and p["type"] == "CHART"]
    ok(len(charts) == len(cards) and sorted(p["uuid"] for p in places) == sorted(charts), "an import for Superset places each chart once")
    missing = [(c["slice_name"], name) for c in charts.values() for name in drawn_columns(c["params"]) if name not in datasets[c["dataset_uuid"]]]
    ok(not missing, "... which draws columns of its dataset", missing)
    ok({d["database_uuid"] for d in of(bundle, "datasets")} == {d["uuid"] for d in of(bundle, "databases")}, "... of the one database")
    rows = [[b["position"][name]["meta"]["width"] for name in row["children"]] for b in of(bundle, "dashboards")
            for row in b["position"].values() if isinstance(row, dict) and row["type"] == "ROW"]
    ok(all(sum(widths) == 12 for widths in rows), "... and rows are as wide as the board", rows)
    ok(build_zip() == bundle, "the same import twice has the same numbers")
    quiet = build_zip("--without", "answers")
    ok([b["dashboard_title"] for b in of(quiet, "dashboards")] == [f"{name} (shop_loyalty)" for name in ("Monday", "Customers and lists", "Offers and programme")], "without answers there is no board of them")


def main():
    cards = read_cards()
    server = serve()
    test_heads(cards)
    test_runs(server, cards)
    test_without_answers(server, cards)
    test_refusals(server)
    test_the_mock(server)
    test_superset(cards)
    server.shutdown()
    print(f"1..{number}")


main()
