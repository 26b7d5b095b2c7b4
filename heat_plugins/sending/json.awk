# SPDX-License-Identifier: Apache-2.0
# Is the input, which ends with a newline, one JSON value? Exit status: 0 yes,
# 1 no, 3 nested too deeply.
# Each token becomes a byte that JSON does not know; then each list or map
# without another in it becomes one, level by level, until one value is left.
BEGIN { RS = "\001" }
/\002/ { exit }
{
    gsub(/"([^"\\\001-\037]|\\["\\\/bfnrt]|\\u[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f])*"/,
        "\001")
    gsub(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|null/,
        "\002")
    gsub(/[ \t\r\n]+/, "")
    while (gsub(/\[([\001\002](,[\001\002])*)?\]|[{](\001:[\001\002](,\001:[\001\002])*)?[}]/,
                "\002"))
        if (++levels > 100) exit
    value = $0
}
END { exit levels > 100 ? 3 : NR != 1 || value !~ /^[\001\002]$/ }
