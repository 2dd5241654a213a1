# A part of the install script, which every database reads in an encoding of its own, in ASCII: a literal that holds other
# characters becomes what makes it of their bytes.
#
#   LC_ALL=C awk -f ascii.awk part.sql

BEGIN {
    quote = "'"
    literal = quote "([^" quote "]|" quote quote ")*" quote
    for (n = 1; n < 256; n++) hex[sprintf("%c", n)] = sprintf("%02x", n)
}

/[\200-\377]/ {
    line = $0
    out = ""
    while (match(line, literal)) {
        out = out substr(line, 1, RSTART - 1) in_ascii(substr(line, RSTART, RLENGTH))
        line = substr(line, RSTART + RLENGTH)
    }
    print out line
    next
}
{ print }

function in_ascii(quoted,    text, bytes, n) {
    if (quoted !~ /[\200-\377]/) return quoted
    text = substr(quoted, 2, length(quoted) - 2)
    gsub(quote quote, quote, text)
    for (n = 1; n <= length(text); n++) bytes = bytes hex[substr(text, n, 1)]
    return "convert_from(decode(" quote bytes quote ", " quote "hex" quote "), " quote "UTF8" quote ")"
}
