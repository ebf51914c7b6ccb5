#!/usr/bin/env bash
# Makes EF migrations for both databases.
#   eng/migrations.sh add NAME     adds migration NAME to SQLite and PostgreSQL
#   eng/migrations.sh initial      throws all migrations away and makes one "Initial" (before the first release only)
#   eng/migrations.sh check        fails when the entities differ from the last migration
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
project=src/Gateway
folder=$project/Data/Migrations

ef() { dotnet ef "$@" --project "$project" --startup-project "$project" --no-build; }

each() {
  for database in Sqlite Postgres; do
    "$@" "$database"
  done
}

add() { ef migrations add "$1" --context "$2DbContext" --output-dir "Data/Migrations/$2"; }
check() { ef migrations has-pending-model-changes --context "$1DbContext"; }

dotnet tool restore >/dev/null
case "${1:-}" in
  add)
    dotnet build "$project" -m:2 --nologo -v q -p:RunAnalyzers=false -p:OpenApiGenerateDocuments=false
    each add "${2:?name of the migration}"
    ;;
  initial)
    rm -rf "$folder"
    dotnet build "$project" -m:2 --nologo -v q -p:RunAnalyzers=false -p:OpenApiGenerateDocuments=false
    each add Initial
    ;;
  check)
    dotnet build "$project" -m:2 --nologo -v q -p:RunAnalyzers=false -p:OpenApiGenerateDocuments=false
    each check
    ;;
  *)
    sed -n '2,5p' "$0"
    exit 2
    ;;
esac
