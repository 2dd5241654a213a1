#!/usr/bin/env python3
"""Writes the boards of a workspace as a zip that Superset (5.0) imports.

    python3 dashboards/superset/build.py URI [WORKSPACE] [--without ROLE]... [-o boards.zip]

URI is how Superset reaches the database. With ten X for the password, as in postgresql://superset:XXXXXXXXXX@db.example.com/shop,
Superset asks for it when it imports; its command line cannot ask, and wants it in the URI. WORKSPACE is the schema of the
workspace (default: loyalty). Without "answers" there is nothing that answers are needed for.
"""

import argparse
import json
import sys
import uuid
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from cards import SORTING, read_boards, read_cards  # noqa: E402

GRID = 12  # columns of a board
UNIT = 6  # a line of a board, in Superset's steps of eight pixels
VERSION = "1.0.0"  # of the format
TYPES = {"date": "DATE", "text": "TEXT", "number": "NUMERIC", "percent": "FLOAT"}
CHARTS = {"number": "big_number", "trend": "big_number", "line": "echarts_timeseries_line", "stacked": "echarts_timeseries_bar", "bar": "echarts_timeseries_bar",
          "row": "echarts_timeseries_bar", "pivot": "pivot_table_v2", "table": "table"}
DAY = "%Y-%m-%d"
COLOURS = {"NPS": "#1FA8C9", "Share": "#1FA8C9", "Lower": "#A9BCC9", "Upper": "#A9BCC9"}  # intervals stay behind
METADATA = {"cross_filters_enabled": False, "color_scheme": "supersetColors", "label_colors": COLOURS, "shared_label_colors": [],
            "map_label_colors": COLOURS, "color_scheme_domain": [], "refresh_frequency": 0}


class Names:
    """The same number for the same thing each time, so that a later import finds it again."""

    def __init__(self, uri, workspace):
        self.database = f"Clientele: {workspace}"
        self.root = uuid.uuid5(uuid.NAMESPACE_URL, f"{uri}#{workspace}")

    def uuid(self, kind, name=""):
        return str(uuid.uuid5(self.root, f"{kind}/{name}"))


# --- Charts ---

def number_format(column):
    return ",.0%" if column.kind == "percent" else ",.1~f"


def axis_format(column):
    return number_format(column) if column.kind == "percent" else "SMART_NUMBER"


def metric(name):
    """Each row of a card is a group by itself, so its highest value is its value."""
    quoted = name.replace('"', '""')
    return {"expressionType": "SQL", "sqlExpression": f'MAX("{quoted}")', "label": name, "hasCustomLabel": True, "optionName": f"metric_{name}"}


def number(card):
    measure = card.measures[0]
    return {"x_axis": card.axis.name, "metric": metric(measure.name), "show_trend_line": True, "start_y_axis_at_zero": False,
            "y_axis_format": number_format(measure), "time_format": DAY, "show_timestamp": True, "rolling_type": "None", "header_font_size": 0.4, "subheader_font_size": 0.2}


def trend(card):
    return {**number(card), "compare_lag": 1, "compare_suffix": "on the period before"}


def axes(card):
    """What is not a date is put in the order of the rows."""
    measures = card.measures
    own = {"x_axis": card.axis.name, "metrics": [metric(m.name) for m in measures], "groupby": [], "show_legend": len(measures) > 1, "truncate_metric": True,
           "y_axis_format": axis_format(measures[0]), "x_axis_time_format": "smart_date", "tooltipTimeFormat": DAY, "rich_tooltip": True, "row_limit": 1000,
           "x_axis_sort": card.axis.name, "x_axis_sort_asc": True, "truncateYAxis": False, "zoomable": False, "show_value": card.chart == "bar"}
    if card.axis.kind != "date":
        own["xAxisForceCategorical"] = True
    if card.is_sorted:
        own.update(timeseries_limit_metric=metric(SORTING), x_axis_sort=SORTING)
    if card.chart == "row":
        own.update(orientation="horizontal", x_axis_sort_asc=False)  # which is drawn from below
    if card.chart == "stacked":
        own["stack"] = "Stack"
    return own


def pivot(card):
    value = card.shown[2]
    return {"groupbyRows": [card.shown[0].name], "groupbyColumns": [card.shown[1].name], "metrics": [metric(value.name)], "metricsLayout": "COLUMNS",
            "combineMetric": True, "valueFormat": number_format(value), "aggregateFunction": "Maximum",
            "rowOrder": "key_a_to_z", "colOrder": "key_a_to_z", "row_limit": 10000,
            "conditional_formatting": [{"column": value.name, "colorScheme": "#ACE1C4", "operator": "None"}]}


def table(card):
    return {"query_mode": "raw", "all_columns": [c.name for c in card.shown], "row_limit": 100, "table_timestamp_format": DAY, "show_cell_bars": False,
            "order_by_cols": [json.dumps([SORTING, True])] if card.is_sorted else [],
            "column_config": {c.name: {"d3NumberFormat": number_format(c)} for c in card.shown if c.is_measure}}


def chart_params(card):
    own = {"number": number, "trend": trend, "pivot": pivot, "table": table}.get(card.chart, axes)(card)
    return {"viz_type": CHARTS[card.chart], "adhoc_filters": [], "extra_form_data": {}, **own}


# --- The files of the zip ---

def database_file(uri, names):
    return {"database_name": names.database, "sqlalchemy_uri": uri, "expose_in_sqllab": True, "allow_run_async": False, "allow_ctas": False, "allow_cvas": False,
            "allow_dml": False, "allow_csv_upload": False, "extra": {}, "uuid": names.uuid("database"), "version": VERSION}


def column(c):
    return {"column_name": c.name, "type": TYPES[c.kind], "is_dttm": c.kind == "date", "is_active": True, "groupby": True, "filterable": True}


def dataset_file(card, workspace, names):
    return {"table_name": f"{card.title} ({workspace})", "description": card.note, "schema": workspace, "sql": card.query(workspace), "main_dttm_col": None,
            "columns": [column(c) for c in card.columns], "metrics": [], "uuid": names.uuid("dataset", card.name), "version": VERSION, "database_uuid": names.uuid("database")}


def chart_file(card, names):
    return {"slice_name": card.title, "description": card.note, "viz_type": CHARTS[card.chart], "params": chart_params(card), "uuid": names.uuid("chart", card.name),
            "version": VERSION, "dataset_uuid": names.uuid("dataset", card.name)}


def chart_place(card, width, height, parents, names):
    meta = {"chartId": 0, "uuid": names.uuid("chart", card.name), "sliceName": card.title, "width": width, "height": height * UNIT}
    return {"type": "CHART", "id": f"CHART-{card.name}", "children": [], "parents": parents, "meta": meta}


def layout(board, cards, names):
    rows, places = {}, {}
    for card, top, _, width, height in board.places(cards, GRID):
        row = rows.setdefault(f"ROW-{top}", [])
        row.append(f"CHART-{card.name}")
        places[row[-1]] = chart_place(card, width, height, ["ROOT_ID", "GRID_ID", f"ROW-{top}"], names)
    for name, charts in rows.items():
        places[name] = {"type": "ROW", "id": name, "children": charts, "parents": ["ROOT_ID", "GRID_ID"], "meta": {"background": "BACKGROUND_TRANSPARENT"}}
    return {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": list(rows), "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": board.name}},
        **places,
    }


def dashboard_file(board, position, workspace, names):
    return {"dashboard_title": f"{board.name} ({workspace})", "description": board.note, "css": "", "slug": None, "published": True,
            "uuid": names.uuid("dashboard", board.name), "position": position, "metadata": METADATA, "version": VERSION}


def files(uri, workspace, without):
    names = Names(uri, workspace)
    cards = {name: card for name, card in read_cards().items() if card.belongs_to not in without}
    yield "metadata.yaml", {"version": VERSION, "type": "Dashboard", "timestamp": "2000-01-01T00:00:00+00:00"}
    yield "databases/clientele.yaml", database_file(uri, names)
    for card in cards.values():
        yield f"datasets/clientele/{card.name}.yaml", dataset_file(card, workspace, names)
        yield f"charts/{card.name}.yaml", chart_file(card, names)
    for n, board in enumerate(read_boards(), 1):
        position = layout(board, cards, names)
        if any(place.startswith("CHART-") for place in position):
            yield f"dashboards/board_{n}.yaml", dashboard_file(board, position, workspace, names)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uri")
    parser.add_argument("workspace", nargs="?", default="loyalty")
    parser.add_argument("--without", action="append", default=[], metavar="ROLE")
    parser.add_argument("-o", "--output", default="boards.zip")
    return parser.parse_args()


def main():
    given = read_arguments()
    with zipfile.ZipFile(given.output, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files(given.uri, given.workspace, given.without):
            # JSON is YAML as well.
            bundle.writestr(f"clientele/{name}", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    print(f"{given.output}: import it in Superset under Dashboards")


if __name__ == "__main__":
    main()
