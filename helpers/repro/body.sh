readonly here="${CONTEXT:-$context}"
work="$(mktemp -d)"
made=()
forwarding=''
tries=0

kube() { kubectl --context "$here" "$@"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 2
}

# Deletes what this script has made, and nothing else.
end() {
  [ -z "$forwarding" ] || kill "$forwarding" 2>/dev/null || true
  [ ${#made[@]} -eq 0 ] || kube delete --timeout=120s --ignore-not-found "${made[@]}" >&2 || true
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

# own KIND/NAME...: what must not be there yet, and goes at the end
own() {
  local one
  for one in "$@"; do
    # a run, or this script before, may be at its end
    [ -z "$(kube get "$one" --ignore-not-found -o jsonpath='{.metadata.deletionTimestamp}')" ] ||
      kube wait --for=delete "$one" --timeout=120s >&2
    [ -z "$(kube get "$one" --ignore-not-found -o name)" ] ||
      fail "$one is there already: the run goes on, or this script runs elsewhere; wait for it"
  done
  for one in "$@"; do made+=("$one"); done
}

# Manifests from standard input. A webhook may not answer at once.
apply() {
  local file="$work/manifests" attempt
  cat >"$file"
  for attempt in 1 2 3; do
    kube apply --server-side --force-conflicts --field-manager=repro -f "$file" >"$work/applied" 2>&1 && return
    sleep 2
  done
  fail "$(grep -v ' serverside-applied$' "$work/applied")"
}

# authority NAME
authority() {
  [ ! -e "$work/$1.crt" ] || return 0
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=repro $1 authority" \
    -keyout "$work/$1.key" -out "$work/$1.crt" 2>/dev/null
}

# certificate FILE SIGNER KEY USE VALIDITY NAME HOSTS: signed anew, since no report keeps a key
certificate() {
  local file="$work/$1" by="$2" key="$3" use="$4" validity="$5" name="$6" hosts="$7" host names=''
  authority "$by"
  local how=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
  [ "$key" != rsa ] || how=(-newkey rsa:2048)
  openssl req -new "${how[@]}" -nodes -subj "/CN=$name" -keyout "$file.key" -out "$file.csr" 2>/dev/null
  while read -r host; do
    case "$host" in
      '') continue ;;
      *://*) names+=",URI:$host" ;;
      *:* | [0-9]*.*[0-9]) names+=",IP:$host" ;;
      *) names+=",DNS:$host" ;;
    esac
  done <<<"${hosts//,/$'\n'}"
  : >"$work/index" && echo 01 >"$work/serial"
  cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = it
[it]
database = $work/index
serial = $work/serial
new_certs_dir = $work
certificate = $work/$by.crt
private_key = $work/$by.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[extensions]
extendedKeyUsage = ${use}Auth
${names:+subjectAltName = ${names#,}}
CNF
  local dates=(-days 2)
  [ "$validity" != expired ] || dates=(-startdate 20200101000000Z -enddate 20200102000000Z)
  openssl ca -batch -notext -config "$work/ca.cnf" -extensions extensions "${dates[@]}" \
    -in "$file.csr" -out "$file.crt" 2>"$work/openssl" || fail "$(cat "$work/openssl")"
}

# filled secret|configmap NAMESPACE NAME TYPE KEY=FILE...
filled() {
  local kind="$1" namespace="$2" name="$3" type="$4" pair
  shift 4
  local data=()
  for pair in "$@"; do data+=("--from-file=${pair%%=*}=$work/${pair#*=}"); done
  if [ "$kind" = secret ]; then
    kube create secret generic "$name" -n "$namespace" --type="$type" "${data[@]}" --dry-run=client -o yaml
  else
    kube create configmap "$name" -n "$namespace" "${data[@]}" --dry-run=client -o yaml
  fi | apply
}

# ready NAMESPACE DEPLOYMENT
ready() {
  kube rollout status deployment "$2" -n "$1" --timeout=120s >&2 || fail "Deployment $1/$2 does not come to be ready"
}

# address RESOURCE NAMESPACE NAME JSONPATH: waits until a status has one, then for a connection
address() {
  local attempt
  for attempt in $(seq 60); do
    at="$(kube get "$1" "$3" -n "$2" -o jsonpath="$4" 2>/dev/null)" || at=''
    [ -z "$at" ] || break
    sleep 1
  done
  [ -n "$at" ] || fail "$1 $2/$3 has no address in its status"
  case "$at" in *:*) at="[$at]" ;; esac
}

# forward NAMESPACE SERVICE PORT
forward() {
  kube wait pod --for=condition=Ready -n "$1" -l "$(kube get service "$2" -n "$1" -o go-template='{{range $k, $v := .spec.selector}}{{$k}}={{$v}},{{end}}' | sed 's/,$//')" --timeout=120s >&2 || true
  kube port-forward -n "$1" "service/$2" ":$3" >"$work/forward" 2>&1 &
  forwarding=$!
  local attempt
  for attempt in $(seq 30); do
    port="$(sed -n 's/.*127\.0\.0\.1:\([0-9]*\) -> .*/\1/p' "$work/forward" | head -n 1)"
    [ -z "$port" ] || break
    sleep 1
  done
  [ -n "$port" ] || fail "$(cat "$work/forward")"
  at=127.0.0.1
}

# flat TEXT: JSON without what it is laid out by, in one line
flat() { tr -d '\n' <<<"$1" | sed -E 's/[[:space:]]*([][{}:,])[[:space:]]*/\1/g'; }

# returned NAME: the values of a header of the answer
returned() {
  tr -d '\r' <"$work/head" | awk -v name="$1" 'BEGIN { FS = ":" }
    tolower($1) == tolower(name) { sub(/^[^:]*:[ \t]*/, ""); printf "%s%s", sep, $0; sep = ", " }'
}

# seen NAME: the values of a header as a backend that echoes it tells them
seen() {
  local line
  line="$(flat "$(cat "$work/body")" | grep -oiE "\"$1\":(\[[^]]*\]|\"[^\"]*\")" | head -n 1)" || return 0
  sed -E 's/^"[^"]*"://; s/^\[//; s/\]$//; s/","/, /g; s/^"//; s/"$//' <<<"$line"
}

# differs WHAT GOT equals|matches|absent WANTED: says so, and returns 0, when they do
differs() {
  case "$3" in
    equals) [ "$(flat "$2")" != "$(flat "$4")" ] || return 1 ;;
    matches) ! grep -Eq -- "$4" <<<"$2" || return 1 ;;
    absent) [ -n "$2" ] || return 1 ;;
  esac
  wrong+="; $1: ${2:-none} (wanted: $3 $4)"
}

# answerer: the Deployment that saw the request, by its own words or by its log; none where none did
answerer() {
  local pod one namespace name attempt
  pod="$(flat "$(cat "$work/body")" | grep -oE '"pod":"[^"]*"' | head -n 1 | cut -d'"' -f4)" || pod=''
  if [ -n "$pod" ]; then
    namespace="$(flat "$(cat "$work/body")" | grep -oE '"namespace":"[^"]*"' | head -n 1 | cut -d'"' -f4)"
    echo "$namespace/${pod%-*-*}"
    return
  fi
  for attempt in 1 2 3; do
    for one in "${backends[@]}"; do
      namespace="${one%%/*}" name="${one#*/}"
      if kube logs "deployment/$name" -n "$namespace" --all-containers --since=60s 2>/dev/null | grep -q "$token"; then
        echo "$one"
        return
      fi
    done
    [ "$wanted_backend" != none ] || break
    sleep 1
  done
  echo none
}

# One question; what is wrong with the answer is in $wrong, all of it in $got.
question() {
  token="repro-$RANDOM$RANDOM$RANDOM"
  wrong=''
  : >"$work/head" && : >"$work/body"
  local code=0 status
  ask -o "$work/body" -D "$work/head" 2>"$work/said" || code=$?
  tries=$((tries + 1))
  if [ $code -ne 0 ]; then
    got="no answer: curl ended with $code: $(grep -E '^curl:' "$work/said" | tail -n 1)"
    # 7, 28: nobody was there to refuse it
    if [ -z "$wanted_refusal" ] || [ $code -eq 7 ] || [ $code -eq 28 ]; then wrong="$got"; fi
    return
  fi
  status="$(awk '/^HTTP\// { status = $2 } END { print status }' "$work/head")"
  if [ -n "$wanted_refusal" ]; then
    got="$status" wrong="; answered with $status"
    return
  fi
  local by
  by="$(answerer)"
  got="$status from $by"
  case " $wanted_status " in *" $status "*) ;; *) wrong+="; status: $status" ;; esac
  [ "$wanted_backend" = any ] || [ "$by" = "$wanted_backend" ] || wrong+="; answered by: $by (wanted: $wanted_backend)"
  compare
  got+="${wrong:+$wrong}"
}

# Asks until three answers in a row are right, for half a minute at most.
decide() {
  local right=0 last='' end=$((SECONDS + 30))
  printf 'asked:  %s\nwanted: %s\n' "$asked" "$wanted"
  while [ $SECONDS -lt $end ]; do
    question
    if [ -z "$wrong" ]; then
      right=$((right + 1))
      [ $right -lt 3 ] || break
    else
      right=0 last="$got"
      sleep 1
    fi
  done
  if [ $right -ge 3 ]; then
    printf 'got:    %s, three times in a row, after %s tries\nas wanted\n' "$got" "$tries"
    exit 0
  fi
  printf 'got:    %s, after %s tries\nnot as wanted; the run got: %s\n' "$last" "$tries" "$run_got"
  exit 1
}

# absolute LOCATION BASE: as a client of the request takes it
absolute() {
  local url="$1"
  case "$url" in
    http://* | https://* | '') ;;
    //*) url="${2%%//*}$url" ;;
    /*) url="$2$url" ;;
  esac
  sed -E 's#^(http://[^/:]+):80(/|$)#\1\2#; s#^(https://[^/:]+):443(/|$)#\1\2#; s#^(https?://[^/?]+)$#\1/#' <<<"$url"
}
