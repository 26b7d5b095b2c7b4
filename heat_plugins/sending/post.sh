# SPDX-License-Identifier: Apache-2.0
# Separates the parts of what curl prints; no JSON text holds it.
mark=$(printf '\036')

# Posts $body and shows the answer. Arguments: options for curl. Sets $status
# to 0, to 22 when Zaqar did not take it, or to curl's status; $code to that
# of HTTP; $sent to the bytes that went out.
post() {
    # Everybody may see the arguments: the credentials come another way.
    answer=$(printf '{"messages": [{"body": %s}]}' "$body" |
        curl -sS --config /dev/fd/4 "$@" --data-binary @- \
            -w "$mark$format$mark%{size_upload} %{http_code}" 4<<'END'
{{config}}
END
    )
    status=$?
    figures=${answer##*"$mark"}
    code=${figures#* } sent=${figures% *}
    content=${answer%%"$mark"*}
    written=${answer#*"$mark"} written=${written%"$mark"*}
    if [ "$status" = 0 ] && [ "$code" != 201 ]; then
        status=22
        tell "Zaqar did not take the message: HTTP $code"
        [ "$code" != 404 ] || tell 'has the signed URL expired?'
        printf '%s\n' "$content" >&2
    elif [ -z "$output" ]; then
        printf %s "$content"
    fi
    [ -z "$output" ] || printf %s "$content" >"$output"
    printf %s "$written"
}
