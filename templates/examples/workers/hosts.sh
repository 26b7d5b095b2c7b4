#!/bin/sh
# A worker that keeps a hosts file: one line for each custom resource.
#
#   sh hosts.sh SIGNED_URL_FILE HOSTS_FILE
#
# Needs sh, curl and awk, and nothing else: what comes and goes is JSON by
# HTTP. Each line bears the physical id of its resource, so that a request
# which comes again changes nothing. SIGTERM ends it after what it is doing.
set -u
signed=$1 hosts=$2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
ending=
trap 'ending=yes' TERM INT

# JSON on standard input becomes lines: path.to.value=VALUE
flatten() {
    awk '
    function skip() { sub(/^[ \t\r\n]+/, "", s) }
    function string(    t) {
        match(s, /^"([^"\\]|\\.)*"/)
        t = substr(s, 2, RLENGTH - 2)
        s = substr(s, RLENGTH + 1)
        return t
    }
    function members(path, last, is_map,    n, key) {
        s = substr(s, 2); skip()
        for (n = 0; substr(s, 1, 1) != last && s != ""; n++) {
            key = n
            if (is_map) { key = string(); skip(); s = substr(s, 2) }
            value(path == "" ? key : path "." key); skip()
            if (s ~ /^,/) { s = substr(s, 2); skip() }
        }
        s = substr(s, 2)
    }
    function value(path) {
        skip()
        if (s ~ /^{/) members(path, "}", 1)
        else if (s ~ /^\[/) members(path, "]", 0)
        else if (s ~ /^"/) print path "=" string()
        else {
            match(s, /^[^],} \t\r\n]+/)
            print path "=" substr(s, 1, RLENGTH)
            s = substr(s, RLENGTH + 1)
        }
    }
    { s = s $0 "\n" }
    END { value("") }'
}

# get FILE PATH: the value there, or nothing
get() {
    awk -v path="$2=" 'index($0, path) == 1 {
        print substr($0, length(path) + 1); exit }' "$1"
}

# headers FILE PATH: a map of headers, as options for curl
headers() {
    awk -v path="$2." 'index($0, path) == 1 {
        line = substr($0, length(path) + 1); at = index(line, "=")
        printf "header = \"%s: %s\"\n", substr(line, 1, at - 1),
            substr(line, at + 1) }' "$1"
}

http() {
    curl --silent --show-error --fail --max-time 30 "$@"
}

# do_it TYPE PHYSICAL_ID ADDRESS NAME: change the hosts file
do_it() {
    awk -v id="$2" '$NF != id' "$hosts" > "$folder/new"
    if [ "$1" != Delete ]; then
        case $3$4 in
            ''|*[!A-Za-z0-9.:-]*)
                echo "no address or name: $3 $4"
                return 1 ;;
        esac
        echo "$3 $4 # $2" >> "$folder/new"
    fi
    cp "$folder/new" "$hosts.new" && mv "$hosts.new" "$hosts"
}

# serve: the request that was claimed is in $folder/claimed
serve() {
    flatten < "$folder/claimed" > "$folder/flat"
    of() { get "$folder/flat" "messages.0.body.$1"; }
    id=$(of request_id)
    physical_id=$(of physical_id)
    [ "$physical_id" = null ] && physical_id=$id
    if reason=$(do_it "$(of request_type)" "$physical_id" \
                "$(of properties.address)" "$(of properties.name)"); then
        reply="\"status\": \"SUCCESS\", \"physical_id\": \"$physical_id\",
               \"data\": {\"file\": \"$hosts\"}"
    else
        reply="\"status\": \"FAILED\", \"reason\": \"$reason\""
    fi
    headers "$folder/flat" messages.0.body.reply.headers > "$folder/reply"
    http --config "$folder/reply" --data-binary "{\"messages\": [{\"body\":
        {\"request_id\": \"$id\", $reply}}]}" "$(of reply.url)" > /dev/null &&
    http --config "$folder/queue" --request DELETE \
        "$endpoint$(get "$folder/flat" messages.0.href)"
}

flatten < "$signed" > "$folder/signed"
url=$(get "$folder/signed" url)
[ -n "$url" ] || { echo "$signed is no JSON with a url" >&2; exit 1; }
endpoint=${url%/v2/queues/*}
headers "$folder/signed" headers > "$folder/queue"
touch "$hosts"
while [ -z "$ending" ]; do
    if http --config "$folder/queue" --data '{"ttl": 60, "grace": 60}' \
            "$url/claims?limit=1" > "$folder/claimed" &&
            [ -s "$folder/claimed" ]; then
        # Not answered, not deleted: it comes back when the claim has expired.
        serve || echo "a request is left to come back" >&2
    else
        sleep 1
    fi
done
