# SPDX-License-Identifier: Apache-2.0
# Options of curl: those handed on, without and with a value; those left out,
# as they hide why Zaqar refuses; and those that give the body.
flags='-4 -6 -# -N -S -g -i -j -k -L -n -p -q -s -v --anyauth --basic
--compressed --digest --disable --globoff --http1.0 --http1.1 --http2
--http2-prior-knowledge --http3 --include --insecure --ipv4 --ipv6 --location
--location-trusted --negotiate --netrc --netrc-optional --no-buffer
--no-keepalive --no-progress-meter --no-sessionid --ntlm --post301 --post302
--post303 --progress-bar --proxy-anyauth --proxy-basic --proxy-digest
--proxy-insecure --proxy-negotiate --proxy-ntlm --proxytunnel
--retry-all-errors --retry-connrefused --show-error --silent --ssl-no-revoke
--tcp-nodelay --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --trace-time
--verbose'
valued='-A -b -c -D -E -e -H -m -o -U -u -w -X -x -Y -y --cacert --capath
--cert --cert-type --ciphers --connect-timeout --connect-to --cookie
--cookie-jar --crlfile --curves --dns-servers --dump-header --engine
--expect100-timeout --header --interface --keepalive-time --key --key-type
--limit-rate --local-port --max-redirs --max-time --netrc-file --noproxy
--oauth2-bearer --output --pass --pinnedpubkey --preproxy --proto --proxy
--proxy-cacert --proxy-cert --proxy-header --proxy-key --proxy-user --referer
--request --resolve --retry --retry-delay --retry-max-time --socks4 --socks4a
--socks5 --socks5-hostname --speed-limit --speed-time --stderr --tls-max
--tls13-ciphers --trace --trace-ascii --unix-socket --user --user-agent
--write-out'
failing='-f --fail --fail-early --fail-with-body'
bodies='-d --data --data-ascii --data-binary --data-raw --json'

# Whether the first argument is one of the others.
is_among() {
    word=$1
    shift
    for each; do
        [ "$word" != "$each" ] || return 0
    done
    return 1
}

# Takes the options that curl takes, in any order and form. A body is kept,
# the rest goes to deliver. What would be lost, or change what is sent, is
# refused.
take_options() {
    todo=$#
    while [ "$todo" -gt 0 ]; do
        option=$1
        shift
        case $option in
            --*=*)
                set -- "${option#*=}" "$@"
                option=${option%%=*} ;;
            -[!-]?*)
                rest=${option#-?}
                option=${option%"$rest"}
                ! is_among "$option" $flags $failing || rest=-$rest
                set -- "$rest" "$@" ;;
            *)
                todo=$((todo - 1)) ;;
        esac
        if is_among "$option" $flags; then
            set -- "$@" "$option"
        elif is_among "$option" $valued $bodies; then
            [ "$todo" -gt 0 ] || refuse "$option needs a value"
            value=$1
            shift
            todo=$((todo - 1))
            case $option in
                -o | --output) output=$value ;;
                -w | --write-out)
                    read_text "$value"
                    format=$text ;;
                -X | --request)
                    [ "$value" = POST ] ||
                        refuse "the method is POST, not $value" ;;
                -d | --data* | --json) take_body ;;
                *) set -- "$@" "$option" "$value" ;;
            esac
        elif ! is_among "$option" $failing; then
            refuse "cannot use \"$option\" here. A body follows --data," \
                "such as --data '{\"status\": \"FAILURE\"}'"
        fi
    done
    deliver "$@"
}

# Keeps the body in $value.
take_body() {
    [ -z "$body" ] || refuse 'more than one body is given'
    if [ "$option" = --data-raw ]; then
        text=$value
    else
        read_text "$value"
    fi
    [ -n "$text" ] || refuse "the body is empty. For a success, leave it out"
    require_json 'the body' "$text"
    body=$text
}
