package live

import (
	"net"
	"sync"
)

// How many connections the throw-away issuer's server holds: a CE needs a few,
// one after the other.
const (
	maxConnections = 128
	maxFromOne     = 16 // address
)

// bounded holds a bounded number of connections. Where one more comes it closes
// the oldest, of the same address if that has its share: whoever only holds
// connections loses them, and a CE, which is done at once, is served.
type bounded struct {
	net.Listener
	mu   sync.Mutex
	open []*heldConn // the oldest first
}

type heldConn struct {
	net.Conn
	from *bounded
	host string
}

func (b *bounded) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		host = conn.RemoteAddr().String()
	}
	held := &heldConn{conn, b, host}
	if over := b.add(held); over != nil {
		_ = over.Close()
	}
	return held, nil
}

// add keeps the connection and says which one has to go for it, if one has.
func (b *bounded) add(held *heldConn) *heldConn {
	b.mu.Lock()
	defer b.mu.Unlock()
	var oldest *heldConn
	same := 0
	for _, c := range b.open {
		if c.host == held.host {
			same++
			if oldest == nil {
				oldest = c
			}
		}
	}
	if same < maxFromOne {
		oldest = nil
		if len(b.open) >= maxConnections {
			oldest = b.open[0]
		}
	}
	b.open = append(b.open, held)
	return oldest
}

// Close also forgets the connection.
func (c *heldConn) Close() error {
	c.from.mu.Lock()
	for i, o := range c.from.open {
		if o == c {
			c.from.open = append(c.from.open[:i], c.from.open[i+1:]...)
			break
		}
	}
	c.from.mu.Unlock()
	return c.Conn.Close()
}
