#!/usr/bin/env bash
# The task "Ingress Gateways" by hand: its commands, in its order, as somebody would keep them in a script.
# by-hand.sh CONTEXT NAMESPACE GATEWAY_CLASS HTTPBIN_MANIFEST; NAMESPACE is there, and is gone at the end.
# Each verdict is a line that begins with ✓ or ✗; the lines after them, before it cleans up, are what it took.
set -euo pipefail
context=$1 namespace=$2 class=$3 httpbin=$4
# kubectl tells there, a line each, what it asks the API server
said=$(mktemp)
requests=0

finish() {
  local status=$?
  [ "$status" = 0 ] || grep -v '^[IW][0-9]\{4\} ' "$said" >&2 || true
  rm -f "$said"
}
trap finish EXIT

k() { kubectl --context "$context" --namespace "$namespace" -v=6 "$@" 2>>"$said"; }

# ask WANTED URL [OPTIONS OF CURL]: until the status is the wanted one
ask() {
  local wanted=$1 url=$2 got deadline=$((SECONDS + 60))
  shift 2
  while :; do
    requests=$((requests + 1))
    got=$(curl --silent --output /dev/null --write-out '%{http_code}' --connect-timeout 0.5 --max-time 5 "$@" "$url") || true
    [ "$got" != "$wanted" ] || break
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "✗ $* $url: $got instead of $wanted"
      exit 1
    fi
    sleep 0.1
  done
  echo "✓ $* $url: $got"
}

k get crd gateways.gateway.networking.k8s.io >/dev/null
k apply -f "$httpbin" >/dev/null
k apply -f - >/dev/null <<EOF
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: httpbin-gateway
spec:
  gatewayClassName: $class
  listeners:
  - name: http
    hostname: httpbin.example.com
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Same
EOF
k wait --for=condition=programmed --timeout=60s gtw httpbin-gateway >/dev/null
k apply -f - >/dev/null <<EOF
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: httpbin
spec:
  parentRefs:
  - name: httpbin-gateway
  hostnames:
  - httpbin.example.com
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /status
    - path:
        type: PathPrefix
        value: /delay
    backendRefs:
    - name: httpbin
      port: 8000
EOF
host=$(k get gtw httpbin-gateway -o jsonpath='{.status.addresses[0].value}')
port=$(k get gtw httpbin-gateway -o jsonpath='{.spec.listeners[?(@.name=="http")].port}')
ask 200 "http://$host:$port/status/200" --head --header Host:httpbin.example.com
ask 404 "http://$host:$port/headers" --head --header Host:httpbin.example.com

# without host names, as a browser needs it
k apply -f - >/dev/null <<EOF
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: httpbin-gateway
spec:
  gatewayClassName: $class
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Same
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: httpbin
spec:
  parentRefs:
  - name: httpbin-gateway
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /headers
    backendRefs:
    - name: httpbin
      port: 8000
EOF
ask 200 "http://$host:$port/headers" --header Host:any.example.com
ask 200 "http://$host:$port/headers"

echo "requests $requests"
echo "api-calls $(grep -c '"Response" verb=' "$said")"
# of this shell, and of all that it ran
times

k delete httproute httpbin >/dev/null
k delete gtw httpbin-gateway >/dev/null
k delete --ignore-not-found=true -f "$httpbin" >/dev/null
k delete namespace "$namespace" >/dev/null
