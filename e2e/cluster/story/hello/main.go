// Command hello is the one program of an image that is tried: it says hello and waits to be ended, or
// shows a file, a folder, or what the API server answers, if it is told one.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) == 1 {
		node, _ := os.Hostname()
		fmt.Println("hello from", node)
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGTERM)
		<-ended
		return
	}
	if err := show(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(path string) error {
	if strings.HasPrefix(path, "https:") {
		return get(path)
	}
	if entries, err := os.ReadDir(path); err == nil {
		for _, entry := range entries {
			fmt.Println(entry.Name())
		}
		return nil
	}
	text, err := os.ReadFile(path)
	fmt.Print(string(text))
	return err
}

// get trusts whom every pod is told to trust.
func get(url string) error {
	authority, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
