"""What of Metabase's API the boards need, after docs/api/*.md of metabase/metabase: refuses what these do not describe.

Queries of cards are run with psql, as the role that the connection has.
"""

import json
import re
import subprocess
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

KEY = "mb_key"
GRID = 24
DISPLAYS = {"table", "bar", "line", "area", "row", "pie", "scalar", "smartscalar", "combo", "pivot", "funnel", "progress"}
TIMES = re.compile("^(date|timestamp)")
NUMBERS = re.compile("^(bigint|integer|smallint|numeric|double precision|real)")


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


def psql(sql):
    return subprocess.run(["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"], input=sql, capture_output=True, text=True, encoding="utf-8")


def describe(sql):
    """The columns of a query by their types; it is run as well."""
    run = psql(f"{sql}\n;\n")
    require(run.returncode == 0, f"the query fails: {run.stderr}")
    described = psql(f"{sql}\n\\gdesc\n")
    return dict(line.split("\t") for line in described.stdout.splitlines())


# --- The shapes of requests ---

def is_number(value):
    return type(value) is int and value > 0


def is_words(value):
    return isinstance(value, str) and value.strip() != ""


def maybe(check):
    return lambda value: value is None or check(value)


def is_map(value):
    return isinstance(value, dict)


def is_text(value):
    return isinstance(value, str)


SHAPES = {
    ("POST", "collection"): ({"name": is_words}, {"description": maybe(is_words), "parent_id": maybe(is_number)}),
    ("POST", "card"): ({"name": is_words, "display": is_words, "dataset_query": is_map, "visualization_settings": is_map},
                       {"description": maybe(is_words), "collection_id": maybe(is_number)}),
    ("PUT", "card"): ({}, {"name": maybe(is_words), "display": maybe(is_words), "dataset_query": maybe(is_map), "visualization_settings": maybe(is_map),
                           "description": maybe(is_text), "collection_id": maybe(is_number)}),
    ("POST", "dashboard"): ({"name": is_words}, {"description": maybe(is_text), "collection_id": maybe(is_number)}),
    ("PUT", "dashboard"): ({}, {"name": maybe(is_words), "description": maybe(is_text), "collection_id": maybe(is_number),
                                "dashcards": maybe(lambda value: isinstance(value, list)), "width": maybe(lambda value: value in ("fixed", "full"))}),
}


def check_shape(method, kind, body):
    require(is_map(body), "the body is no object")
    required, optional = SHAPES[method, kind]
    require(required.keys() <= body.keys(), f"{sorted(required.keys() - body.keys())} missing")
    for key, value in body.items():
        check = required.get(key) or optional.get(key)
        require(check, f"{key} is not known")
        require(check(value), f"{key}: {value!r}")


# --- Cards ---

def check_query(query, databases):
    require(query.keys() == {"type", "database", "native"} and query["type"] == "native", f"dataset_query: {sorted(query)}")
    require(query["database"] in databases, f"database {query['database']!r}")
    require(is_map(query["native"]) and is_words(query["native"].get("query")), "native.query")
    # These would be variables and optional parts.
    require(not re.search(r"\{\{|\[\[", query["native"]["query"]), "a variable in the query")


def named_columns(settings):
    """What the settings say of columns: their names."""
    for key in ("graph.dimensions", "graph.metrics"):
        yield from settings.get(key, [])
    for key in ("scalar.field", "table.pivot_column", "table.cell_column"):
        if key in settings:
            yield settings[key]
    yield from (column["name"] for column in settings.get("table.columns", []))
    yield from (json.loads(key)[1] for key in settings.get("column_settings", {}))


def check_drawing(display, settings, columns):
    types = list(columns.values())
    require(display in DISPLAYS, f"display {display}")
    for name in named_columns(settings):
        require(name in columns, f'there is no column "{name}", but {list(columns)}')
    if display == "smartscalar":
        require(any(TIMES.match(t) for t in types) and NUMBERS.match(columns[settings["scalar.field"]]), "a trend wants a time and a number")
    if display == "scalar":
        require(NUMBERS.match(columns[settings["scalar.field"]]), "words are no number")
    if display in ("bar", "line", "row"):
        require(settings.get("graph.dimensions") and settings.get("graph.metrics"), "nothing along the axis, or nothing drawn")
        require(all(NUMBERS.match(columns[name]) for name in settings["graph.metrics"]), "words cannot be drawn")
    if display == "pivot":
        raise Refused("a pivot table takes no SQL")
    if settings.get("table.pivot"):
        require(len(types) == 3, "a table that is turned has three columns")
        require(settings["table.pivot_column"] != settings["table.cell_column"], "a column is turned and shown")


def check_card(body, databases):
    check_query(body["dataset_query"], databases)
    check_drawing(body["display"], body["visualization_settings"], describe(body["dataset_query"]["native"]["query"]))


# --- Boards ---

def check_dashcards(dashcards, cards):
    taken = {}
    require(len({card["id"] for card in dashcards}) == len(dashcards), "numbers of dashcards are not unique")
    for card in dashcards:
        require(all(type(card.get(key)) is int for key in ("id", "card_id", "row", "col", "size_x", "size_y")), f"a dashcard: {card}")
        require(card["card_id"] in cards, f"there is no card {card['card_id']}")
        require(card["row"] >= 0 and card["col"] >= 0 and card["size_x"] > 0 and card["size_y"] > 0, f"no place: {card}")
        require(card["col"] + card["size_x"] <= GRID, f"past the edge: {card}")
        for place in ((x, y) for x in range(card["col"], card["col"] + card["size_x"]) for y in range(card["row"], card["row"] + card["size_y"])):
            require(place not in taken, f"{card} lies on {taken.get(place)}")
            taken[place] = card


class Site:
    """What is stored: one database, collections, cards and dashboards, each by its number."""

    def __init__(self, database, schemas):
        self.databases = {7: database}
        self.schemas = schemas
        self.stored = {"collection": {}, "card": {}, "dashboard": {}}
        self.requests = 0

    def tables(self):
        listed = psql(f"""SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ({", ".join(f"'{s}'" for s in self.schemas)}) AND c.relkind IN ('r', 'v')
            AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')""")
        return [dict(zip(("schema", "name"), line.split("\t"))) for line in listed.stdout.splitlines()]

    def get(self, path, query):
        if path == ["database"]:
            return {"data": [{"id": n, "name": name, "engine": "postgres"} for n, name in self.databases.items()], "total": 1}
        if path[:1] == ["database"] and path[2:] == ["metadata"] and int(path[1]) in self.databases:
            return {"id": int(path[1]), "tables": self.tables()}
        if path == ["collection"]:
            return [{"id": "root", "name": "Our analytics"}, *self.stored["collection"].values()]
        if path[:1] == ["collection"] and path[2:] == ["items"]:
            found = [{"id": item["id"], "name": item["name"], "model": model} for model in query["models"]
                     for item in self.stored[model].values() if item.get("collection_id") == int(path[1])]
            return {"data": found, "total": len(found)}
        raise KeyError(path)

    def save(self, method, path, body):
        kind = path[0]
        number = int(path[1]) if method == "PUT" else max((n for things in self.stored.values() for n in things), default=0) + 1
        check_shape(method, kind, body)
        thing = {**(self.stored[kind][number] if method == "PUT" else {"id": number}), **body}
        require(thing.get("collection_id") is None or thing["collection_id"] in self.stored["collection"], "there is no such collection")
        if kind == "card":
            check_card(thing, self.databases)
        if body.get("dashcards") is not None:
            check_dashcards(body["dashcards"], self.stored["card"])
        self.stored[kind][number] = thing
        return thing


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_request(self):
        url = urlsplit(self.path)
        path = url.path.strip("/").split("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.site.requests += 1
        if self.headers.get("x-api-key") != KEY:
            return self.answer(401, "Unauthenticated")
        try:
            require(path.pop(0) == "api", "no request of the API")
            if self.command == "GET":
                return self.answer(200, self.server.site.get(path, parse_qs(url.query)))
            require(self.headers.get_content_type() == "application/json", "no JSON")
            return self.answer(200, self.server.site.save(self.command, path, json.loads(body)))
        except Refused as why:
            return self.answer(400, {"errors": str(why)})
        except (KeyError, ValueError) as missing:
            return self.answer(404, f"Not found: {missing}")

    do_GET = do_POST = do_PUT = handle_request

    def log_message(self, *_):
        pass
