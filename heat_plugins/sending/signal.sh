# SPDX-License-Identifier: Apache-2.0
show_help() {
    cat <<'END'
Usage: signal [OPTION]... [-- CURL_OPTION...]

Tell a waiting stack how something went; without options: that it succeeded.

  --status STATUS  SUCCESS (the default), FAILURE, or IN_PROGRESS, a sign of
                   life that does not count
  --id ID          what is sent twice under one id counts once
  --reason TEXT    why, in any words
  --data JSON      what to hand on: JSON, @FILE, or - for standard input
  --body JSON      the whole message instead of the above: JSON, @FILE, or -
                   for standard input
  --help           show this text

Options for curl follow "--", such as --cacert FILE, --proxy URL or --insecure.

While the network is down or Zaqar does not answer, it tries again, with
longer and longer pauses, and says so on standard error. Without --id the
message gets an id of its own, so that it counts once even if it arrives
twice. With --body it is sent again only when nothing was sent before.

Environment:
  SIGNAL_PATIENCE  seconds to pause in all before giving up (default 300)

Exit status:
  0    Zaqar has the message
  2    the command line or the JSON is wrong; nothing was sent
  22   Zaqar did not take the message; its answer is on standard error
  127  curl, awk or another program is missing
  Any other status is curl's own, of the last try.
END
}

# Prints a text as JSON.
quote() {
    printf '%s\n' "$1" | awk '{{text.awk}}'
}

# Prints an id that no other run has.
new_id() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Adds a key to the message. Arguments: its name, the JSON of its value.
add() {
    fields="$fields, \"$1\": $2"
}

# Sets $text to the JSON that an option names.
read_json() {
    case $2 in
        -) read_text @- ;;
        *) read_text "$2" ;;
    esac
    require_json "$1" "$text"
}

take() {
    case $1 in
        --status)
            is_among "$2" SUCCESS FAILURE IN_PROGRESS ||
                refuse '--status is SUCCESS, FAILURE or IN_PROGRESS,' \
                    "not \"$2\""
            add status "\"$2\"" ;;
        --id)
            [ -n "$2" ] || refuse '--id is empty'
            id=$2 ;;
        --reason)
            add reason "$(quote "$2")" ;;
        --data)
            read_json --data "$2"
            add data "$text" ;;
        --body)
            read_json --body "$2"
            body=$text ;;
        *)
            refuse "unknown option \"$1\", see --help;" \
                'options for curl follow "--"' ;;
    esac
}

# Makes $body of the fields, with an id.
compose() {
    [ -n "$id" ] || id=$(new_id)
    [ -n "$id" ] || refuse 'cannot make an id; give one with --id'
    body="{\"id\": $(quote "$id")$fields}"
    require_json 'the message' "$body"
    is_repeatable=yes
}

# Whether another try may help, and cannot make the message count twice.
is_worth_a_try() {
    case $status in
        5 | 6 | 7 | 16 | 18 | 28 | 35 | 52 | 55 | 56 | 92)
            [ -n "$is_repeatable" ] || [ "$sent" = 0 ] ;;
        22)
            case $is_repeatable$code in
                yes408 | yes429 | yes5??) ;;
                *) return 1 ;;
            esac ;;
        *)
            return 1 ;;
    esac
}

deliver() {
    waited=0 pause=1
    while post --connect-timeout 10 --max-time 120 "$@"
        is_worth_a_try && [ "$waited" -lt "${SIGNAL_PATIENCE:-300}" ]
    do
        tell "trying again in $pause s"
        sleep "$pause"
        waited=$((waited + pause))
        pause=$((pause < 16 ? pause * 2 : 30))
    done
    exit "$status"
}

LC_ALL=C
export LC_ALL
command exec 3<&0
# What Zaqar answers to a message that it took is of no use here.
output=/dev/null
body= format= fields= id= given= is_repeatable=

while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case $1 in
        --help | -h)
            show_help
            exit ;;
        --*=*)
            name=${1%%=*} value=${1#*=} ;;
        *)
            name=$1
            [ $# -gt 1 ] ||
                refuse "$name is unknown or needs a value, see --help"
            shift
            value=$1 ;;
    esac
    shift
    ! is_among "$name" $given || refuse "$name is given twice"
    given="$given $name"
    take "$name" "$value"
done
[ $# -eq 0 ] || shift
if [ -z "$body" ]; then
    compose
elif [ "$given" != ' --body' ]; then
    refuse '--body is the whole message: no other option goes with it'
fi
take_options "$@"
