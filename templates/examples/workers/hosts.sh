#!/bin/sh
# A worker that keeps a hosts file: one line for each custom resource.
#
#   sh hosts.sh SIGNED_URL_FILE HOSTS_FILE
#
# Needs a POSIX sh, curl and awk, and nothing else: what comes and goes is JSON
# by HTTP. Each line ends in the physical id of its resource, so that a request
# which comes again changes nothing. SIGTERM ends it after what it is doing.
#
# Anybody who may post to the queue can write requests. So a value is used only
# after its characters were checked, replies go to the Zaqar of the signed URL and
# nowhere else, and what is put into JSON is text that came from JSON, escapes
# and all, or is escaped here.
#
# Exit status: 0 after SIGTERM or SIGINT, 1 when the signed URL or the hosts
# file cannot be used, 2 when the arguments are wrong.
set -u
LC_ALL=C
export LC_ALL

fail() {
    printf 'hosts.sh: %s\n' "$2" >&2
    exit "$1"
}

# JSON on standard input becomes lines: path.to.value=VALUE. A string keeps its
# escapes, so that it has no newline. Nothing comes after what is not JSON.
flatten() {
    awk '
    function skip() { sub(/^[ \t\r\n]+/, "", s) }
    function token(regex,    t) {
        if (!match(s, regex)) { s = ""; return "" }
        t = substr(s, 1, RLENGTH)
        s = substr(s, RLENGTH + 1)
        return t
    }
    function string(    t) {
        t = token("^\"([^\"\\\\]|\\\\.)*\"")
        return substr(t, 2, length(t) - 2)
    }
    function members(path, last, is_map,    n, key) {
        s = substr(s, 2); skip()
        for (n = 0; substr(s, 1, 1) != last && s != ""; n++) {
            key = n
            if (is_map) { key = string(); skip(); s = substr(s, 2) }
            value(path == "" ? key : path "." key); skip()
            if (substr(s, 1, 1) == ",") { s = substr(s, 2); skip() }
        }
        s = substr(s, 2)
    }
    function value(path,    first) {
        skip()
        first = substr(s, 1, 1)
        if (first == "{") members(path, "}", 1)
        else if (first == "[") members(path, "]", 0)
        else if (first == "\"") print path "=" string()
        else print path "=" token("^[^],} \t\r\n]+")
    }
    { s = s $0 "\n" }
    END { value("") }'
}

# get FILE PATH: the value there, or nothing
get() {
    awk -v path="$2=" 'index($0, path) == 1 {
        print substr($0, length(path) + 1); exit }' "$1"
}

# headers FILE PATH: those of a signed URL in a map, as options for curl
headers() {
    awk -v path="$2." '
    BEGIN {
        n = split("URL-Signature URL-Expires URL-Methods URL-Paths " \
                  "X-Project-ID Client-ID Content-Type", names, " ")
        for (i = 1; i <= n; i++) known[tolower(names[i])] = 1
    }
    index($0, path) == 1 {
        line = substr($0, length(path) + 1); at = index(line, "=")
        name = substr(line, 1, at - 1); value = substr(line, at + 1)
        if (tolower(name) in known && value ~ /^[A-Za-z0-9 ,.:;\/_=+-]+$/)
            printf "header = \"%s: %s\"\n", name, value
    }' "$1"
}

# json_text TEXT: as it stands within the quotes of JSON
json_text() {
    printf '%s\n' "$1" | awk '{
        gsub(/[\\"]/, "\\\\&"); gsub(/[\001-\037]/, "?")
        printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'
}

# is TEXT CHARACTERS: whether there is a text, and it has no others
is() {
    case $1 in
        ''|*[!$2]*) return 1 ;;
    esac
}

# http ARGUMENTS OF CURL: prints the status, or 000 without an answer. The URL
# is taken as it is, and redirections are not followed.
http() {
    curl --silent --show-error --max-time 30 --globoff \
        --proto =http,https --write-out '%{http_code}' "$@"
}

# do_it TYPE PHYSICAL_ID ADDRESS NAME: change the hosts file; prints what is
# wrong, and may be put into JSON as it is
do_it() {
    case $1 in
        Create|Update|Delete) ;;
        *) printf 'The request_type is not Create, Update or Delete.'
           return 1 ;;
    esac
    if [ "$1" != Delete ]; then
        is "$3" '0-9A-Fa-f.:' || {
            printf 'The property address is not an IP address.'; return 1; }
        is "$4" 'A-Za-z0-9.-' || {
            printf 'The property name is not the name of a host.'; return 1; }
    fi
    {
        awk -v id="$2" '!(NF > 1 && $(NF - 1) == "#" && $NF == id)' "$hosts" &&
        if [ "$1" != Delete ]; then printf '%s %s # %s\n' "$3" "$4" "$2"; fi
    } > "$folder/new" &&
    cp -p "$hosts" "$hosts.new" && cat "$folder/new" > "$hosts.new" &&
    mv "$hosts.new" "$hosts" || {
        printf 'The hosts file cannot be changed.'; return 1; }
}

# of PATH: the value there in the request
of() {
    get "$folder/flat" "messages.0.body.$1"
}

# is_ours URL: whether it is that of a queue in our Zaqar
is_ours() {
    case $1 in
        "$endpoint"/v2/queues/*/messages) ;;
        *) return 1 ;;
    esac
    queue=${1#"$endpoint"/v2/queues/}
    is "${queue%/messages}" 'A-Za-z0-9_-'
}

# serve: the request that was claimed is in $folder/claimed. One that is not
# deleted comes back when its claim has expired.
serve() {
    flatten < "$folder/claimed" > "$folder/flat"
    id=$(of request_id)
    physical_id=$(of physical_id)
    if [ "$physical_id" = null ]; then physical_id=$id; fi
    reply_url=$(of reply.url)
    href=$(get "$folder/flat" messages.0.href)
    is "$id" 'A-Za-z0-9-' && is "$physical_id" 'A-Za-z0-9-' &&
    is_ours "$reply_url" || {
        printf 'hosts.sh: left in the queue: %s is not a request\n' "$href" >&2; return; }

    if reason=$(do_it "$(of request_type)" "$physical_id" \
                "$(of properties.address)" "$(of properties.name)"); then
        set -- SUCCESS ", \"physical_id\": \"$physical_id\",
            \"data\": {\"file\": \"$(json_text "$hosts")\"}"
    else
        set -- FAILED ", \"reason\": \"$reason\""
    fi
    printf '{"messages": [{"body": {"request_id": "%s", "status": "%s"%s}}]}' \
        "$id" "$1" "$2" > "$folder/body"
    headers "$folder/flat" messages.0.body.reply.headers > "$folder/reply"
    case $(http --config "$folder/reply" --output /dev/null \
           --data-binary "@$folder/body" "$reply_url") in
        2??) ;;
        4??) printf 'hosts.sh: nobody waits for the reply to %s\n' "$id" >&2 ;;
        *) printf 'hosts.sh: %s comes back: no reply sent\n' "$id" >&2
           return ;;
    esac
    http --config "$folder/queue" --output /dev/null --request DELETE \
        "$endpoint$href" > "$folder/status"
}

[ $# = 2 ] || fail 2 'usage: hosts.sh SIGNED_URL_FILE HOSTS_FILE'
signed=$1 hosts=$2
folder=$(mktemp -d) || fail 1 'no temporary folder'
trap 'rm -r "$folder"' EXIT
ending=
trap 'ending=yes' TERM INT

flatten < "$signed" > "$folder/signed" || fail 1 "cannot read $signed"
url=$(get "$folder/signed" url)
case $url in
    http://*/v2/queues/*|https://*/v2/queues/*) ;;
    *) fail 1 "$signed has no JSON with the url of a queue" ;;
esac
endpoint=${url%/v2/queues/*}
headers "$folder/signed" headers > "$folder/queue"
touch "$hosts" || fail 1 "cannot write $hosts"

while [ -z "$ending" ]; do
    status=$(http --config "$folder/queue" --output "$folder/claimed" \
             --data '{"ttl": 60, "grace": 60}' "$url/claims?limit=1")
    case $status in
        201) serve ;;
        4??) fail 1 "Zaqar refuses the signed URL: $status" ;;
        *) sleep 1 ;;
    esac
done
