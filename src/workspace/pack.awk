# The functions that hold what workspaces are made of: the files of tables, functions and views, and the queries for what attaching
# tells of the data, each after those that it reads, and last what incremental storage puts in the place of views, over tables that are filled from these.
#
#   awk -f pack.awk tables/*.sql functions/*.sql views/*.sql findings/*.sql
#
# A file is called RELATION.sql, or RELATION.VARIANT.sql where something else is made with a storage, with something
# attached, or where the orders are indexed for it.
# It begins with comments, among which these are read:
#   -- belongs to: ROLE     there only where that is attached, or with that storage; of several roles, where all are
#   -- stored by: COLUMNS   with materialized storage it is stored, and these columns tell its rows apart
#   -- internal             others stand on it, but nobody looks at it: roles of BI tools are not granted it
# Statements begin at the beginning of a line, what belongs to them is indented. An UPDATE runs when the language of the settings
# changes; its $1 is the name of the workspace.

FNR == 1 { begin_file() }
/^-- (belongs to|stored by): / { header[file, substr($2, 1, 6)] = substr($0, index($0, ": ") + 2); next }
/^-- internal$/ { internal[file] = 1; next }
/^ *--/ || /^$/ { next }
/^(CREATE|ALTER|INSERT|UPDATE|COMMENT) / || !(file in statements) { statements[file] = statements[file] (statements[file] == "" ? "" : "$sql$,\n") "$sql$" $0; read_names($0); next }
{ statements[file] = statements[file] "\n" $0; read_names($0) }

END {
    for (n = 1; n <= relations; n++) visit(relation[n])
    for (n = 1; n <= paths; n++) visit_file(path[n])
    print_function("workspace_files", "place integer, folder text, relation text, variant text, belongs_to text, stored_by name[], reads name[], internal boolean", entries)
    print_function("workspace_statements", "place integer, statements text[]", sources)
}

# In PL/pgSQL, which reads so long a list once a session; attaching asks for it some twenty times.
function print_function(name, columns, rows) {
    print "CREATE FUNCTION _clientele." name "() RETURNS TABLE (" columns ")"
    print "LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE\nSET search_path = pg_catalog, pg_temp\nAS $files$\nBEGIN\n    RETURN QUERY VALUES" rows ";\nEND\n$files$;"
}

function begin_file(    parts, steps, count) {
    file = path[++paths] = FILENAME
    count = split(file, steps, "/")
    split(steps[count], parts, ".")
    folder[file] = steps[count - 1]
    relation_of[file] = parts[1]
    variant[file] = parts[2] == "sql" ? "" : parts[2]
    if (!(parts[1] in files)) relation[++relations] = parts[1]
    files[parts[1]] = files[parts[1]] " " file
}

function read_names(line) {
    while (match(line, /workspace\.[a-z_]+/)) {
        add_name(substr(line, RSTART + 10, RLENGTH - 10))
        line = substr(line, RSTART + RLENGTH)
    }
}

function add_name(name) {
    if (name == relation_of[file] || (file, name) in read) return
    read[file, name] = 1
    names[file] = names[file] (names[file] == "" ? "" : ",") name
}

function visit(name,    n, count, list) {
    count = split(files[name], list, " ")
    for (n = 1; n <= count; n++) if (variant[list[n]] != "incremental") visit_file(list[n])
}

function visit_file(path,    n, count, list) {
    if (path in visited) return
    visited[path] = 1
    count = split(names[path], list, ",")
    for (n = 1; n <= count; n++) visit(list[n])
    add_file(path)
}

function add_file(path,    before) {
    before = (place++ ? "," : "") "\n        (" place ", "
    entries = entries before quoted(folder[path]) ", " quoted(relation_of[path]) ", " quoted(variant[path]) "::text, " \
        quoted(header[path, "belong"]) "::text, " quoted(header[path, "stored"] == "" ? "" : "{" header[path, "stored"] "}") "::name[], '{" names[path] "}'::name[], " (path in internal ? "true" : "false") ")"
    sources = sources before "ARRAY[\n" statements[path] "$sql$])"
}

function quoted(text) { return text == "" ? "NULL" : "'" text "'" }
