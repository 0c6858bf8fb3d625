// Command cluster brings up and ends Kubernetes control planes on this machine, for tests and for
// people. Everything is built from public Go modules; no container engine is needed.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard output, what happens
// meanwhile to standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"taskstorage.io/e2e/cluster/internal/command"
)

func main() {
	// Whoever interrupts up does not want half a cluster: the context's end takes it down again.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := command.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	var usage command.UsageError
	switch {
	case err == nil:
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "%s\n", usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "%s\n", err)
		os.Exit(1)
	}
}
