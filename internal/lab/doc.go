// Package lab asks real ARC CEs. It makes a chroot for each Debian suite that has
// an ARC, starts the CE in it, plays the token issuer and the client, and says
// what the CE did. Its tests compare that with what arclint predicts. It is built
// with the tag lab only, needs root and Debian's packages, and talks to nothing
// but this machine's loopback.
package lab
