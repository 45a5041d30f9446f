#!/bin/sh
# Makes signers.pem: for each kind of key and signature a CA and a certificate that it issued. It wants OpenSSL 3.5 or
# later (-not_before): OPENSSL=program sh signers.sh > signers.pem
set -eu
: "${OPENSSL:=openssl}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > config <<'END'
[req]
distinguished_name = dn
x509_extensions = ca
[dn]
[ca]
basicConstraints = critical, CA:true
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:false
END
"$OPENSSL" genpkey -algorithm ed25519 -out leaf.key
dates='-not_before 20260101000000Z -not_after 20460101000000Z'

# issue NAME "HOW THE KEY IS MADE" [HOW IT SIGNS]...
issue() {
	name=$1 key=$2
	shift 2
	# shellcheck disable=SC2086
	"$OPENSSL" genpkey $key -out ca.key 2> log || { cat log >&2; exit 1; }
	# shellcheck disable=SC2086
	"$OPENSSL" req -config config -x509 -new -key ca.key -subj "/O=Example/CN=$name" $dates "$@" -out ca.pem
	"$OPENSSL" req -config config -new -key leaf.key -subj "/O=Example/CN=below $name" -out leaf.csr
	# shellcheck disable=SC2086
	"$OPENSSL" x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -extfile config -extensions leaf $dates "$@" -out leaf.pem 2> log || { cat log >&2; exit 1; }
	echo "# $name"
	cat ca.pem leaf.pem
}

rsa='-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
pss='-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048'
ec='-algorithm EC -pkeyopt ec_paramgen_curve'
as_pss='-sigopt rsa_padding_mode:pss'
issue 'RSA, exponent 3' "$rsa -pkeyopt rsa_keygen_pubexp:3"
issue 'RSA, exponent of 66 bits' "$rsa -pkeyopt rsa_keygen_pubexp:36893488147419103233"
issue 'RSA of 4096 bits, exponent of 66 bits' "-algorithm RSA -pkeyopt rsa_keygen_bits:4096 -pkeyopt rsa_keygen_pubexp:36893488147419103233"
issue 'RSA of 2049 bits' '-algorithm RSA -pkeyopt rsa_keygen_bits:2049'
issue 'RSA of 1000 bits' '-algorithm RSA -pkeyopt rsa_keygen_bits:1000'
for digest in sha1 sha224 sha384 sha512 sha512-256 sha3-256; do
	issue "RSA, $digest" "$rsa" -$digest
done
for digest in sha1 sha256 sha512; do
	# shellcheck disable=SC2086
	issue "RSA signs PSS, $digest" "$rsa" -$digest $as_pss
done
# shellcheck disable=SC2086
{
	issue 'RSA of 2049 bits signs PSS' '-algorithm RSA -pkeyopt rsa_keygen_bits:2049' -sha256 $as_pss
	issue 'RSA signs PSS, no salt' "$rsa" -sha256 $as_pss -sigopt rsa_pss_saltlen:0
	issue 'RSA signs PSS, mask of another digest' "$rsa" -sha256 $as_pss -sigopt rsa_mgf1_md:sha512
	issue 'RSA-PSS' "$pss" -sha256
	issue 'RSA-PSS, limited' "$pss -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32" -sha256
}
for curve in P-224 P-256 P-384 P-521 secp256k1 brainpoolP256r1 brainpoolP384t1 sect283k1 wap-wsg-idm-ecid-wtls4; do
	issue "EC on $curve" "$ec:$curve"
done
issue 'EC, sha3-256' "$ec:P-256" -sha3-256
issue 'EC, sha512 on P-256' "$ec:P-256" -sha512
issue 'EC, its curve by numbers' "$ec:P-256 -pkeyopt ec_param_enc:explicit"
"$OPENSSL" genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -pkeyopt dsa_paramgen_q_bits:256 -out dsa.parameters 2> log
issue 'DSA' '-paramfile dsa.parameters' -sha256
issue 'Ed25519' '-algorithm ed25519'
issue 'Ed448' '-algorithm ed448'
issue 'SM2' "$ec:SM2" -sm3 -sigopt distid:
issue 'SM2 with an identity' "$ec:SM2" -sm3 -sigopt distid:1234567812345678
