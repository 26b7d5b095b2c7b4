# SPDX-License-Identifier: Apache-2.0
# The input as one JSON string. Bytes that are no UTF-8 become U+FFFD.
BEGIN {
    ORS = ""
    for (code = 1; code < 32; code++)
        escapes[sprintf("%c", code)] = sprintf("\\u%04x", code)
    escapes["\\"] = "\\\\"
    escapes["\""] = "\\\""
    plain = "^([ !#-[]|[]^-\177]|[\302-\337][\200-\277]" \
        "|\340[\240-\277][\200-\277]|[\341-\354\356\357][\200-\277][\200-\277]" \
        "|\355[\200-\237][\200-\277]" \
        "|\360[\220-\277][\200-\277][\200-\277]" \
        "|[\361-\363][\200-\277][\200-\277][\200-\277]" \
        "|\364[\200-\217][\200-\277][\200-\277])+"
    print "\""
}
NR > 1 { print "\\n" }
{
    rest = $0
    while (rest != "")
        if (match(rest, plain)) {
            print substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
        } else {
            byte = substr(rest, 1, 1)
            print byte in escapes ? escapes[byte] : "\\ufffd"
            rest = substr(rest, 2)
        }
}
END { print "\"" }
