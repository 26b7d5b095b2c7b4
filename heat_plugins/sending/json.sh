# SPDX-License-Identifier: Apache-2.0
tell() {
    printf 'signal: %.300s\n' "$*" >&2
}

# Ends the program before anything is sent. Arguments: why.
refuse() {
    tell "$@"
    tell 'nothing was sent'
    exit 2
}

# Sets $text to what an argument stands for: @FILE, @- or itself.
read_text() {
    case $1 in
        # Zero bytes, which a variable cannot hold, must not get lost.
        @-) text=$(tr '\000' '\001' <&3) ;;
        @*) text=$(tr '\000' '\001' <"${1#@}") ;;
        *) text=$1 ;;
    esac || refuse "cannot read ${1#@}"
}

# Refuses what is not one JSON value. Arguments: what it is called, the text.
require_json() {
    printf '%s\n' "$2" | awk '{{json.awk}}'
    case $? in
        0) ;;
        127) exit 127 ;;
        3) refuse "$1 is nested deeper than 100 levels" ;;
        *) refuse "$1 is not one JSON value" \
            "(a text needs double quotes around it): $2" ;;
    esac
}
