#!/bin/sh
# renewing.sh PROGRAM …: the program, and beside it a look every minute at whether `keys` has renewed its certificate. If so it takes the
# new one while it runs: no connection is cut.
here=$(dirname "$0")
keys=${KEYS:-/keys}
config=$4
state() { cat "$keys"/* | cksum; }
case $1 in
    postgres) take() { kill -HUP $$; } ;;
    redis-server) # is asked by what it knows: with a new authority its own certificate opens nothing before it has taken that
        held=$(mktemp -d)
        cp "$keys"/* "$held"
        take() {
            ask() { KEYS=$held sh "$here/redis.sh" "$@"; }
            ask ACL LOAD && ask CONFIG SET tls-cert-file "$keys/own.pem" tls-key-file "$keys/own.pem" tls-ca-cert-file "$keys/authority.pem" \
                && cp -f "$keys"/* "$held"
        } ;;
    caddy) take() { caddy reload --force --address "unix/${ADMIN:-/run/caddy/admin.sock}" --config "$config" --adapter caddyfile; } ;;
    *) echo "renewing.sh knows no $1" >&2; exit 1 ;;
esac
taken=$(state)
while sleep "${LOOK_SECONDS:-60}" && kill -0 $$; do
    now=$(state)
    [ "$now" = "$taken" ] || { take >/dev/null && taken=$now; }
done &
if command -v docker-entrypoint.sh >/dev/null; then # of the images of PostgreSQL and Redis: becomes their own user
    exec docker-entrypoint.sh "$@"
fi
exec "$@"
