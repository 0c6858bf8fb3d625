// Package api talks to an API server of ours: JSON over HTTPS, as an administrator.
//
// Reading order: [Client], [Client.Apply], [Client.Get]; [Trusting].
//
// Invariant: nothing is kept from call to call but connections, and those only where that is asked
// for.
package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// An Object is one of the API's, as JSON has it.
type Object = map[string]any

// A Client asks one server.
type Client struct {
	// Server is its address: https://127.0.0.1:20001.
	Server string
	// Certificate is the file of the server's certificate.
	Certificate string
	// TokenFile has the token of the one who asks.
	TokenFile string
	// Manager is who owns the fields that Apply sets.
	Manager string
	// Kept has the connections of one who asks often: see Trusting. Without it each call has its own.
	Kept *http.Client
}

// A StatusError is a server's refusal.
type StatusError struct {
	Code    int
	Message string
}

func (e *StatusError) Error() string { return e.Message }

// IsNotFound tells whether there is no such object.
func IsNotFound(err error) bool { return hasCode(err, http.StatusNotFound) }

func hasCode(err error, code int) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == code
}

// Get reads into something.
func (c Client) Get(ctx context.Context, path string, into any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, into)
}

// Create posts an object and reads the answer into something.
func (c Client) Create(ctx context.Context, path string, object Object, into any) error {
	return c.do(ctx, http.MethodPost, path, "application/json", object, into)
}

// Apply makes an object, or gives one the fields that are named here: server-side apply.
func (c Client) Apply(ctx context.Context, path string, object Object, into any) error {
	return c.do(ctx, http.MethodPatch, path+"?force=true&fieldManager="+c.Manager,
		"application/apply-patch+yaml", object, into)
}

// Delete removes the object of this uid at once, without waiting for a node to confirm. That it is
// gone already is no error, also where another one has its name now.
func (c Client) Delete(ctx context.Context, path string, uid string) error {
	err := c.do(ctx, http.MethodDelete, path, "application/json", Object{
		"gracePeriodSeconds": 0, "preconditions": Object{"uid": uid},
	}, nil)
	// The uid is all that it could conflict with.
	if IsNotFound(err) || hasCode(err, http.StatusConflict) {
		return nil
	}
	return err
}

func (c Client) do(
	ctx context.Context, method string, path string, contentType string, object Object, into any,
) error {
	err := c.exchange(ctx, method, path, contentType, object, into)
	if err != nil {
		resource, _, _ := strings.Cut(path, "?")
		return fmt.Errorf("%s %s: %w", strings.ToLower(method), resource, err)
	}
	return nil
}

func (c Client) exchange(
	ctx context.Context, method string, path string, contentType string, object Object, into any,
) error {
	client := c.Kept
	if client == nil {
		own, err := Trusting(c.Certificate)
		if err != nil {
			return err
		}
		defer own.CloseIdleConnections()
		client = own
	}
	token, err := os.ReadFile(c.TokenFile)
	if err != nil {
		return err
	}
	var body io.Reader
	if object != nil {
		text, err := json.Marshal(object)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.Server+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return &StatusError{answer.StatusCode, messageOf(answer.Status, text)}
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// messageOf takes the message out of a Status object; other answers are told as they are, cut.
func messageOf(status string, text []byte) string {
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &said) == nil && said.Message != "" {
		return said.Message
	}
	const most = 2_000
	return fmt.Sprintf("%s: %s", status, strings.TrimSpace(string(text[:min(len(text), most)])))
}

// Trusting makes a client that trusts the holder of one certificate, which is in a file.
func Trusting(certificate string) (*http.Client, error) {
	text, err := os.ReadFile(certificate)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate yet", certificate)
	}
	return &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}, nil
}
