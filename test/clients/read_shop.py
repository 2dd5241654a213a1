"""What psycopg makes of a workspace and of our types; prints TAP.

test/client_psycopg.t runs it on the shop of shop.sql.
"""

import datetime
import decimal
import math

import psycopg
from psycopg import sql
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo

NATURAL = {
    "int4": int, "int8": int, "numeric": decimal.Decimal, "float8": float, "text": str, "bool": bool,
    "date": datetime.date, "timestamptz": datetime.datetime,
}
MODES = {"text": False, "binary": True}
count = 0


def ok(name, problems=()):
    """A line of TAP: passed where there are no problems."""
    global count
    count += 1
    print(f"{'not ok' if problems else 'ok'} {count} - {name}")
    for problem in problems:
        print("#", str(problem).replace("\n", "\n# ")[:400])


def tell(connection, query, *parameters):
    return connection.execute(query, parameters).fetchall()


# --- The views ---


def check_metadata(connection):
    expected = {row[0] for row in tell(connection, "SELECT view_name FROM told.views")}
    sql_views = {row[0] for row in tell(connection, "SELECT view_name FROM told.sql_views")}
    query = "SELECT table_name FROM information_schema.views WHERE table_schema = 'shop'"
    found = {row[0] for row in tell(connection, query)}
    ok("information_schema lists every view", found ^ (expected | sql_views) if expected else ["there are none"])
    opaque = {view for view in found if opaque_columns(connection, view)}
    ok("only the views for SQL have columns of types that psycopg does not know", opaque - sql_views)


def opaque_columns(connection, view):
    query = sql.SQL("SELECT * FROM shop.{} LIMIT 0").format(sql.Identifier(view))
    columns = connection.execute(query).description
    return [column.name for column in columns if not known_scalar(connection, column.type_code)]


def known_scalar(connection, oid):
    info = connection.adapters.types.get(oid)
    return info is not None and info.oid == oid


def check_views(connection, mode):
    for (view,) in tell(connection, "SELECT view_name FROM told.views ORDER BY view_name"):
        try:
            with connection.cursor(binary=MODES[mode]) as cursor:
                rows = cursor.execute(sql.SQL("SELECT * FROM shop.{}").format(sql.Identifier(view))).fetchall()
                names = [column.name for column in cursor.description]
            problems = view_problems(connection, view, names, rows)
        except psycopg.Error as error:
            problems = [error]
        ok(f"{mode}: {view} has the rows, values and sums that SQL says", problems)


def view_problems(connection, view, names, rows):
    query = "SELECT column_name, type, row_count, value_count, total FROM told.columns WHERE view_name = %s"
    told = tell(connection, query, view)
    problems = [] if {column[0] for column in told} == set(names) else [f"columns {names}"]
    for name, type_name, row_count, value_count, total in told:
        values = [row[names.index(name)] for row in rows]
        values = [value for value in values if value is not None]
        if len(rows) != row_count or len(values) != value_count:
            problems.append(f"{name}: {len(values)} values in {len(rows)} rows, not {value_count} in {row_count}")
        wrong = [value for value in values if not presentable(value, NATURAL.get(type_name))]
        problems += [f"{name}: {value!r} as {type_name}" for value in wrong[:3]]
        if total is not None and not same_sum(values, total):
            problems.append(f"{name}: the sum is {sum(values)}, not {total}")
    return problems


def presentable(value, natural):
    return type(value) is natural and (natural not in (float, decimal.Decimal) or math.isfinite(value))


def same_sum(values, total):
    """Floating point depends on the order of rows in its last digits."""
    if values and isinstance(values[0], float):
        return math.isclose(math.fsum(values), float(total), rel_tol=1e-9, abs_tol=1e-9)
    with decimal.localcontext(decimal.Context(prec=100)):
        return sum(values, decimal.Decimal(0)) == decimal.Decimal(total)


def check_prepared(connection, mode):
    query = "SELECT * FROM shop.customers WHERE customer >= %s ORDER BY customer"
    with connection.cursor(binary=MODES[mode]) as cursor:
        results = [cursor.execute(query, (10,)).fetchall() for _ in range(8)]
    prepared = tell(connection, "SELECT FROM pg_prepared_statements WHERE statement ~ 'shop.customers WHERE'")
    ok(f"{mode}: the eighth run of a query is a prepared one", [] if prepared else ["nothing is prepared"])
    ok("... and its rows are those of the first", [r for r in results if r != results[0] or not r])


# --- Our types ---


class Sent(bytes):
    """A value in its binary form, to be sent as it is."""


def dumper_for(oid):
    members = {"format": Format.BINARY, "oid": oid, "dump": lambda self, value: bytes(value)}
    return type("BinaryDumper", (Dumper,), members)


def check_specimens(connection):
    missing = tell(connection, "SELECT type FROM told.types_without_specimen")
    ok("every type has a specimen", missing)
    for number, name, text in tell(connection, "SELECT number, type, value FROM told.specimens ORDER BY number"):
        title = f"{name} {text[:60]}"
        ok(f"text: {title} is read and written back", text_problems(connection, name, text))
        ok(f"binary: {title} is read and written back", binary_problems(connection, name, text))
        ok(f"COPY BINARY: {title} comes out and goes in", copy_problems(connection, name, text))


def text_problems(connection, name, text):
    query = sql.SQL("SELECT v, v = %s::{0} FROM (SELECT {1}::{0}) s(v)").format(sql.Identifier(name), sql.Literal(text))
    value, same = connection.execute(query, (text,)).fetchone()
    return [] if same and value == text else [value, same]


def binary_problems(connection, name, text):
    oid = TypeInfo.fetch(connection, name).oid
    connection.adapters.register_dumper(Sent, dumper_for(oid))
    with connection.cursor(binary=True) as cursor:
        value = cursor.execute(sql.SQL("SELECT {}::{}").format(sql.Literal(text), sql.Identifier(name))).fetchone()[0]
        query = sql.SQL("SELECT %b = {0}::{1}, pg_typeof(%b)::text").format(sql.Literal(text), sql.Identifier(name))
        answer = cursor.execute(query, (Sent(value), Sent(value))).fetchone()
    return [] if isinstance(value, bytes) and answer == (True, name) else [value, answer]


def copy_problems(connection, name, text):
    literal, type_name = sql.Literal(text), sql.Identifier(name)
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE copied (value {})").format(type_name))
        with cursor.copy(sql.SQL("COPY (SELECT {}::{}) TO STDOUT (FORMAT BINARY)").format(literal, type_name)) as copy:
            data = b"".join(bytes(block) for block in copy)
        with cursor.copy("COPY copied FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(data)
        same = cursor.execute(sql.SQL("SELECT value = {}::{} FROM copied").format(literal, type_name)).fetchall()
    return [] if same == [(True,)] else [same]


class NpsLoader(Loader):
    """As docs/bi.md shows it: promoters, passives and detractors."""

    def load(self, data):
        return tuple(int(part) for part in bytes(data).decode().strip("()").split(","))


def check_registered(connection):
    info = TypeInfo.fetch(connection, "nps")
    info.register(connection)
    connection.adapters.register_loader(info.oid, NpsLoader)
    value, values = connection.execute("SELECT nps '(5,3,2)', ARRAY[nps '(5,3,2)', NULL, '(0,0,1)']").fetchone()
    ok("a registered type arrives parsed", [] if value == (5, 3, 2) else [value])
    ok("... in arrays too", [] if values == [(5, 3, 2), None, (0, 0, 1)] else [values])


# --- Errors ---


def check_failures(connection):
    for statement, *expected in tell(connection, "SELECT statement, sqlstate, message, hint FROM told.failures"):
        said = None
        try:
            connection.execute(statement).fetchall()
        except psycopg.Error as error:
            said = [error.sqlstate, error.diag.message_primary, error.diag.message_hint]
        ok(f"{statement}: {expected[0]} and its hint arrive", [] if said == expected and said[2] else [said, expected])


def main():
    print(f"# psycopg {psycopg.__version__} ({psycopg.pq.__impl__})")
    for mode in MODES:
        with psycopg.connect(autocommit=True) as connection:
            check_views(connection, mode)
            check_prepared(connection, mode)
    with psycopg.connect(autocommit=True) as connection:
        check_metadata(connection)
        check_specimens(connection)
        check_registered(connection)
        check_failures(connection)
    print(f"1..{count}")


main()
