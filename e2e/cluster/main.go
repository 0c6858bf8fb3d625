// Command cluster brings real Kubernetes control planes up and down on this machine, built from
// public Go modules; see its help. The script beside it builds and starts it.
package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"taskstorage.io/e2e/cluster/internal/command"
	"taskstorage.io/e2e/cluster/internal/progress"
)

func main() {
	ctx, stop := signal.NotifyContext(
		context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	code := command.Shell{
		Getenv:   os.Getenv,
		Stdout:   os.Stdout,
		Progress: progress.To(os.Stderr),
		Source:   filepath.Clean(os.Getenv(command.SourceVariable)),
	}.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
