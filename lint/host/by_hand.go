package host

// newPair ends the ByHand of rules that a new certificate repairs. The key is
// new too, never leaves the host and is printed nowhere.
const newPair = `Make a key and a request as root, and send the request to the CA. If arc.conf
names other files than these, use those.

    cd /etc/grid-security
    openssl req -new -newkey rsa:3072 -nodes -keyout hostkey.new \
      -out request.pem -subj "/CN=ce.example.org" \
      -addext "subjectAltName=DNS:ce.example.org"

Install the answer of the CA and the key together:

    cd /etc/grid-security
    install -o root -g root -m 0644 answer.pem hostcert.pem
    install -o root -g root -m 0400 hostkey.new hostkey.pem
    rm hostkey.new request.pem
    systemctl try-restart arc-arex arc-arex-ws

See that the certificate is the right one, and what arclint says of the pair:

    openssl x509 -in /etc/grid-security/hostcert.pem -noout -subject -dates \
      -ext subjectAltName
    arclint check`
