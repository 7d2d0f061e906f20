// Package official holds Gateway API's own suite in this module's requirements; `go test -c` builds it.
package official

import _ "sigs.k8s.io/gateway-api/conformance"
