#!/bin/sh
# Drops the lists of a folder and picks up the answers, by SFTP. Run it from cron.
# Usage: pickup.sh USER@HOST PORT KEYFILE FOLDER_WITH_LISTS FOLDER_FOR_ANSWERS
set -eu
account=$1 port=$2 key=$3 lists=$4 answers=$5
transfer() { sftp -q -b - -i "$key" -P "$port" "$account"; }
mkdir -p "$lists/sent" "$answers/incoming"

for list in "$lists"/*.csv "$lists"/*.xlsx; do
    [ -f "$list" ] || continue
    printf 'put "%s" inbox/\n' "$list" | transfer
    mv "$list" "$lists/sent/"                      # only after the server has confirmed it
done

for folder in acknowledgements corrections reports settlements; do
    printf -- '-get -p outbox/%s/* "%s"\n' "$folder" "$answers/incoming" | transfer 2>/dev/null
    for answer in "$answers/incoming"/*; do
        [ -f "$answer" ] || continue
        printf 'rm "outbox/%s/%s"\n' "$folder" "$(basename "$answer")" | transfer   # a deletion says: picked up
        mv "$answer" "$answers/"
    done
done
