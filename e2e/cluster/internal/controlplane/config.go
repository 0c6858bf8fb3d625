package controlplane

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// ports are free ones of this machine's loopback, all different.
type ports struct{ etcdClient, etcdPeer, apiServer, controllerManager, scheduler int }

// freePorts are free when it returns. Somebody may take one before a server does: then that server
// ends at once, and whoever starts it tries other ports.
func freePorts() (ports, error) {
	var free ports
	var listeners []net.Listener
	defer func() {
		for _, listener := range listeners {
			listener.Close()
		}
	}()
	for _, port := range []*int{&free.etcdClient, &free.etcdPeer, &free.apiServer, &free.controllerManager, &free.scheduler} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return ports{}, fmt.Errorf("find a free port: %w", err)
		}
		listeners = append(listeners, listener)
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	return free, nil
}

func (p ports) server() string {
	return "https://127.0.0.1:" + strconv.Itoa(p.apiServer)
}

// writeSecrets makes the key that signs service accounts' tokens, and the administrator's token.
func writeSecrets(folder string) (token string, err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(filepath.Join(folder, "service-accounts.key"), block, 0o600); err != nil {
		return "", err
	}
	random := make([]byte, 24)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	token = hex.EncodeToString(random)
	line := fmt.Sprintf("%s,admin,admin,\"system:masters\"\n", token)
	return token, os.WriteFile(filepath.Join(folder, "tokens.csv"), []byte(line), 0o600)
}

// writeKubeconfig writes the administrator's. The server's certificate is its own authority.
func writeKubeconfig(path, cluster, server, authority, token string) error {
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: %[1]s
  cluster: {server: %[2]q, certificate-authority: %[3]q}
users:
- name: admin
  user: {token: %[4]s}
contexts:
- name: %[1]s
  context: {cluster: %[1]s, user: admin}
current-context: %[1]s
`, cluster, server, authority, token)
	return os.WriteFile(path, []byte(text), 0o600)
}
