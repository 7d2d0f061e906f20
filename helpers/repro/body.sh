readonly here="${CONTEXT:-$context}"
work="$(mktemp -d)"
made=()
forwarding=''
tries=0
n=0
tokens=()
codes=()

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

# authority NAME: that of the name intermediate is signed by the trusted one
authority() {
  [ ! -e "$work/$1.crt" ] || return 0
  local how=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=repro $1 authority" -keyout "$work/$1.key")
  if [ "$1" != intermediate ]; then
    openssl req -x509 -days 2 "${how[@]}" -out "$work/$1.crt" 2>/dev/null
    return
  fi
  authority trusted
  openssl req -new "${how[@]}" -out "$work/$1.csr" 2>/dev/null
  echo basicConstraints=critical,CA:TRUE >"$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -CA "$work/trusted.crt" -CAkey "$work/trusted.key" -CAcreateserial -days 2 \
    -extfile "$work/$1.ext" -out "$work/$1.crt" 2>/dev/null
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
  [ "$by" != intermediate ] || cat "$work/$by.crt" >>"$file.crt"
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
  tr -d '\r' <"$work/$n.head" | awk -v name="$1" 'BEGIN { FS = ":" }
    tolower($1) == tolower(name) { sub(/^[^:]*:[ \t]*/, ""); printf "%s%s", sep, $0; sep = ", " }'
}

# seen NAME: the values of a header as a backend that echoes it tells them
seen() {
  local line
  line="$(flat "$(cat "$work/$n.body")" | grep -oiE "\"$1\":(\[[^]]*\]|\"[^\"]*\")" | head -n 1)" || return 0
  sed -E 's/^"[^"]*"://; s/^\[//; s/\]$//; s/","/, /g; s/^"//; s/"$//' <<<"$line"
}

# letters COUNT: the alphabet over and over
letters() { awk -v count="$1" 'BEGIN { for (at = 0; at < count; at++) printf "%c", 97 + at % 26 }'; }

# counted TEXT: how many letters it is, or that it is not those
counted() {
  local count=${#1}
  if [ "$1" != "$(letters "$count")" ]; then
    echo "$count bytes, not the letters that were sent"
  elif [ "$count" -eq 1 ]; then
    echo '1 letter'
  else
    echo "$count letters"
  fi
}

# differs WHAT GOT equals|matches|absent WANTED: says so, and returns 0, when they do
differs() {
  case "$3" in
    equals) [ "$(flat "$2")" != "$(flat "$4")" ] || return 1 ;;
    matches) ! grep -Eq -- "$4" <<<"$2" || return 1 ;;
    absent) [ -n "$2" ] || return 1 ;;
  esac
  wrong+="; $1: ${2:-none} (wanted: $3${4:+ $4})"
}

# Asks once, with a mark of its own; what came is kept under the number $n.
send() {
  token="repro-$RANDOM$RANDOM$RANDOM"
  tokens[n]="$token" codes[n]=0
  : >"$work/$n.head" && : >"$work/$n.body"
  ask -o "$work/$n.body" -D "$work/$n.head" 2>"$work/$n.said" || codes[n]=$?
  tries=$((tries + 1))
}

# The lines of the backends' logs that have a mark.
read_logs() {
  local one readers=()
  for one in "${backends[@]}"; do
    kube logs "deployment/${one#*/}" -n "${one%%/*}" --all-containers --since=300s 2>/dev/null |
      grep -F repro- >"$work/log.${one/\//.}" &
    readers+=($!)
  done
  [ ${#readers[@]} -eq 0 ] || wait "${readers[@]}" || true
}

# sightings BACKEND: how often its log, as it was read last, has the request
sightings() {
  local count
  count="$(grep -cF -- "${tokens[n]}" "$work/log.${1/\//.}" 2>/dev/null)" || true
  echo "${count:-0}"
}

# answerer: the Deployment that saw the request, by its own words or by its log; none where none did
answerer() {
  local pod one namespace
  pod="$(flat "$(cat "$work/$n.body")" | grep -oE '"pod":"[^"]*"' | head -n 1 | cut -d'"' -f4)" || pod=''
  if [ -n "$pod" ]; then
    namespace="$(flat "$(cat "$work/$n.body")" | grep -oE '"namespace":"[^"]*"' | head -n 1 | cut -d'"' -f4)"
    echo "$namespace/${pod%-*-*}"
    return
  fi
  for one in "$wanted_backend" "${backends[@]}"; do
    [ "$(sightings "$one")" -eq 0 ] || { echo "$one" && return; }
  done
  echo none
}

# copied BY: the backends that saw it beside the one that answered, once for each time
copied() {
  local one count
  for one in "${backends[@]}"; do
    count="$(sightings "$one")"
    [ "$one" != "$1" ] || count=$((count - 1))
    while [ "$count" -gt 0 ]; do
      echo "$one"
      count=$((count - 1))
    done
  done | sort | paste -sd ' ' -
}

# Whether the answer alone does not tell.
needs_logs() {
  [ "${codes[n]}" -eq 0 ] || return 1
  [ "$wanted_copies" = any ] && [ -z "$wanted_times" ] && grep -q '"pod"' "$work/$n.body" && return 1
  return 0
}

# What is wrong with what came is in $wrong, all of it in $got.
judge() {
  local status by code="${codes[n]}"
  wrong=''
  if [ "$code" -ne 0 ]; then
    got="no answer: curl ended with $code: $(grep -E '^curl:' "$work/$n.said" | tail -n 1)"
    # 7, 28: nobody was there to refuse it
    if [ -z "$wanted_refusal" ] || [ "$code" -eq 7 ] || [ "$code" -eq 28 ]; then wrong="$got"; fi
    return
  fi
  status="$(awk '/^HTTP\// { status = $2 } END { print status }' "$work/$n.head")"
  if [ -n "$wanted_refusal" ]; then
    got="$status" wrong="; answered with $status"
    return
  fi
  by="$(answerer)"
  got="$status from $by"
  case " $wanted_status " in *" $status "*) ;; *) wrong+="; status: $status" ;; esac
  [ "$wanted_backend" = any ] || [ "$by" = "$wanted_backend" ] || wrong+="; answered by: $by (wanted: $wanted_backend)"
  [ "$wanted_copies" = any ] || differs 'copies to' "$(copied "$by")" equals "$wanted_copies" || true
  [ -z "$wanted_times" ] || differs "times that $times_of was asked" "$(sightings "$times_of")" matches "^($wanted_times)$" || true
  compare
  got+="$wrong"
}

# One question.
question() {
  local attempt
  n=0
  send
  # a copy may come after the answer
  [ "$wanted_copies" = any ] || sleep 1
  for attempt in 1 2 3; do
    if needs_logs; then read_logs; fi
    judge
    if [ -z "$wrong" ] || ! needs_logs || [ "$wanted_backend" = none ]; then break; fi
    sleep 1
  done
}

# ended LINE: says whether it is as wanted, which it is when nothing is $wrong
ended() {
  printf 'got:    %s, after %s tries\n' "$1" "$tries"
  if [ -z "$wrong" ]; then
    echo 'as wanted'
    exit 0
  fi
  printf 'not as wanted; the run got: %s\n' "$run_got"
  exit 1
}

# until_right COUNT: asks until so many answers in a row are right, for half a minute at most
until_right() {
  local right=0 last='' end=$((SECONDS + 30))
  while [ $SECONDS -lt $end ] && [ $right -lt "$1" ]; do
    question
    if [ -z "$wrong" ]; then
      right=$((right + 1))
    else
      right=0 last="$got"
      sleep 1
    fi
  done
  if [ $right -ge "$1" ]; then
    wrong=''
  else
    wrong=yes got="$last"
  fi
}

announce() { printf 'asked:  %s\nwanted: %s\n' "$asked" "$wanted"; }

decide() {
  announce
  until_right 3
  [ -n "$wrong" ] || got+=', three times in a row'
  ended "$got"
}

# each COUNT: every single answer has to be right, as soon as it is right at all
each() {
  local turn bad=0 first=''
  announce
  until_right 1
  [ -z "$wrong" ] || ended "$got"
  for turn in $(seq "$1"); do
    question
    [ -z "$wrong" ] || bad=$((bad + 1)) first="${first:-$got}"
  done
  wrong="$first"
  ended "$bad of $1 times otherwise${first:+, at first: $first}"
}

# split COUNT WEIGHT...: in which shares the branches come. Of 400 answers a share is off by ten points or more by
# chance less than once in ten thousand times.
split() {
  local all="$1" weight total=0 which lines='' other=0 last='' counts=() end=$((SECONDS + 30))
  shift
  announce
  for weight in "$@"; do total=$((total + weight)) counts+=(0); done
  while :; do
    n=0
    send
    [ "${codes[0]}" -ne 0 ] || { sleep 1 && read_logs; }
    if [ "$(which_of $#)" != none ] || [ $SECONDS -ge $end ]; then break; fi
  done
  for n in $(seq "$all"); do send; done
  sleep 2
  read_logs
  for n in $(seq "$all"); do
    which="$(which_of $#)"
    if [ "$which" = none ]; then
      other=$((other + 1))
      branch 0
      judge
      last="$got"
    else
      counts[which]=$((counts[which] + 1))
    fi
  done
  wrong=''
  [ $other -eq 0 ] || wrong=yes lines="; $other of $all otherwise: $last"
  which=0
  for weight in "$@"; do
    local share=$((counts[which] * 1000 / all)) due=$((weight * 1000 / total))
    lines+="; $((share / 10)).$((share % 10)) % (${counts[which]} of $all) $(branch $which && echo "$branch_is")"
    if [ $((share - due)) -ge 100 ] || [ $((due - share)) -ge 100 ]; then wrong=yes; fi
    # none is exact, and a small share has to come at all
    if [ $due -eq 0 ] && [ "${counts[which]}" -gt 0 ]; then wrong=yes; fi
    if [ $due -gt 0 ] && [ "${counts[which]}" -eq 0 ]; then wrong=yes; fi
    which=$((which + 1))
  done
  ended "${lines#; }"
}

# which_of COUNT: the first branch of so many that what came is right for
which_of() {
  local one
  for one in $(seq 0 $(($1 - 1))); do
    branch "$one"
    judge
    if [ -z "$wrong" ]; then
      echo "$one"
      return
    fi
  done
  echo none
}

# fact NAME: what the status says of it, sorted where it is a list
fact() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$work/status" | sort | paste -sd, - | sed 's/,/ and /g'; }

# condition TYPE
condition() { awk -F '\t' -v type="$1" '$1 == "condition" && $2 == type { print $3; exit }' "$work/status"; }

# watch_status RESOURCE NAME NAMESPACE TEMPLATE: looks until it says what is wanted, for half a minute at most
watch_status() {
  local end=$((SECONDS + 30))
  announce
  while :; do
    kube get "$1" "$2" ${3:+-n "$3"} -o go-template="$4" >"$work/status" 2>"$work/said" || fail "$(cat "$work/said")"
    tries=$((tries + 1)) wrong='' got=''
    compare
    if [ -z "$wrong" ] || [ $SECONDS -ge $end ]; then break; fi
    sleep 1
  done
  if [ -s "$work/status" ]; then
    got="$(awk -F '\t' '$1 == "condition" { print $2 ": " $3; next } { print $1 ": " $2 }' "$work/status" | paste -sd, - | sed 's/,/, /g')"
  else
    got='the status does not speak of it'
  fi
  ended "$got$wrong"
}

# filling NAMESPACE DEPLOYMENT 4|6: the EndpointSlice from standard input, with the addresses of the Deployment's pods
filling() {
  local labels ip
  labels="$(kube get deployment "$2" -n "$1" -o go-template='{{range $k, $v := .spec.selector.matchLabels}}{{$k}}={{$v}},{{end}}')"
  {
    cat
    echo endpoints:
    for ip in $(kube get pods -n "$1" -l "${labels%,}" -o go-template='{{range .items}}{{range .status.podIPs}}{{.ip}} {{end}}{{end}}'); do
      case "$3$ip" in 4*:* | 6*.*) continue ;; esac
      printf -- '- addresses: ["%s"]\n  conditions: {ready: true}\n' "$ip"
    done
  } | apply
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
