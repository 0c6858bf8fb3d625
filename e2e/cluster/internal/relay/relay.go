// Package relay hands connections on to another address. In a node's virtual machine it stands in for
// what makes a Service reachable.
package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Serve hands on each connection to an address until the context ends.
func Serve(ctx context.Context, listen string, target string) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("relay %s: %w", listen, err)
	}
	return serve(ctx, listener, target)
}

func serve(ctx context.Context, listener net.Listener, target string) error {
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var open sync.WaitGroup
	defer open.Wait()
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("relay %s: %w", listener.Addr(), err)
		}
		open.Go(func() { hand(ctx, connection, target) })
	}
}

// hand copies both ways until both sides have ended, or one is broken.
func hand(ctx context.Context, from net.Conn, target string) {
	defer from.Close()
	var dialer net.Dialer
	to, err := dialer.DialContext(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer to.Close()
	defer context.AfterFunc(ctx, func() { _, _ = from.Close(), to.Close() })()
	var ways sync.WaitGroup
	ways.Go(func() { copyOn(to, from) })
	ways.Go(func() { copyOn(from, to) })
	ways.Wait()
}

// copyOn copies until the source ends, and passes the end on.
func copyOn(to net.Conn, from net.Conn) {
	_, err := io.Copy(to, from)
	if err != nil {
		_, _ = to.Close(), from.Close()
		return
	}
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
}
