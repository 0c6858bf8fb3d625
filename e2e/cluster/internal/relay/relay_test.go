package relay

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func TestBothWaysAreHandedOnUntilBothEnd(t *testing.T) {
	target, front := listen(t), listen(t)
	go func() {
		connection, err := target.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		// The end of what is asked comes through before anything is answered.
		asked, _ := io.ReadAll(connection)
		_, _ = connection.Write([]byte(strings.ToUpper(string(asked))))
	}()
	stopped := errors.New("stopped")
	ctx, stop := context.WithCancelCause(context.Background())
	ended := make(chan error)
	go func() { ended <- serve(ctx, front, target.Addr().String()) }()

	connection, err := net.Dial("tcp", front.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = connection.Write([]byte("hello"))
	_ = connection.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(connection)

	if string(answer) != "HELLO" || err != nil {
		t.Errorf("got %q, %v", answer, err)
	}
	_ = connection.Close()
	stop(stopped)
	if err := <-ended; !errors.Is(err, stopped) {
		t.Errorf("ended with %v", err)
	}
}

func TestConnectionEndsWhereNobodyListens(t *testing.T) {
	target, front := listen(t), listen(t)
	_ = target.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- serve(ctx, front, target.Addr().String()) }()
	connection, err := net.Dial("tcp", front.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if answer, err := io.ReadAll(connection); len(answer) > 0 || err != nil {
		t.Errorf("got %q, %v", answer, err)
	}
	stop()
	<-ended
}

func TestAddressThatCannotBeIsNamed(t *testing.T) {
	err := Serve(context.Background(), "127.0.0.1:99999", "127.0.0.1:1")
	if err == nil || !strings.HasPrefix(err.Error(), "relay 127.0.0.1:99999: listen tcp: ") {
		t.Errorf("got %v", err)
	}
}
