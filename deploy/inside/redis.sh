#!/bin/sh
# redis.sh COMMAND …: asks the Redis of this container, by its own account.
keys=${KEYS:-/keys}
export REDISCLI_AUTH="$(cat "$keys/redis-password")"
answer=$(redis-cli --tls --cacert "$keys/authority.pem" --cert "$keys/own.pem" --key "$keys/own.pem" \
    -h localhost -p "${REDIS_PORT:-6379}" --user redis --no-auth-warning "$@") || exit 1
echo "$answer"
case $answer in PONG | OK) ;; *) exit 1 ;; esac
