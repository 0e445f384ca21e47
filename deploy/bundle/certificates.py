"""Put into the bundle's interpreter as sitecustomize: where this system keeps its certificates."""

import os

KNOWN = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
)

if "SSL_CERT_FILE" not in os.environ:
    for name in KNOWN:
        if os.access(name, os.R_OK):
            os.environ["SSL_CERT_FILE"] = name
            break
