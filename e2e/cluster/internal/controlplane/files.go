package controlplane

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"time"

	"taskstorage.io/e2e/cluster/internal/state"
)

func (p Plane) serviceAccountKey() string { return p.Cluster.File("service-account.key") }

func (p Plane) tokens() string { return p.Cluster.File("tokens.csv") }

// writeFiles makes the keys, the tokens and the kubeconfig of a fresh cluster.
func (p Plane) writeFiles() error {
	for _, folder := range []string{"certs", "logs"} {
		if err := os.MkdirAll(p.Cluster.File(folder), 0o700); err != nil {
			return fmt.Errorf("make folder of cluster %s: %w", p.Cluster.Name, err)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("make service account key: %w", err)
	}
	certificate, certificateKey, err := clientCertificate()
	if err != nil {
		return fmt.Errorf("make certificate for kubelets: %w", err)
	}
	token := rand.Text()
	tokens := token + ",admin,admin,\"system:masters\"\n"
	for _, name := range p.Nodes {
		own := rand.Text()
		tokens += fmt.Sprintf("%s,system:node:%s,%[2]s,\"system:nodes\"\n", own, name)
		if err := os.WriteFile(NodeToken(p.Cluster, name), []byte(own), 0o600); err != nil {
			return fmt.Errorf("write token of %s: %w", name, err)
		}
	}
	for file, text := range map[string]string{
		p.serviceAccountKey(): string(pem.EncodeToMemory(&pem.Block{
			Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
		})),
		p.tokens():                    tokens,
		p.Cluster.File("admin.token"): token,
		p.Cluster.Kubeconfig(): Kubeconfig(
			p.Cluster, loopback("https", p.Ports.API), Certificate(p.Cluster), "token: "+token),
		ClientCertificate(p.Cluster): certificate,
		p.clientKey():                certificateKey,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	return nil
}

// NodeToken is the file with the token of a node's kubelet.
func NodeToken(c state.Cluster, node string) string { return c.File(node + ".token") }

// ClientCertificate is the file with the certificate that the API server shows to kubelets, and that
// is all the authority they need: nobody else has its key.
func ClientCertificate(c state.Cluster) string { return c.File("certs", "kubelet-client.crt") }

func (p Plane) clientKey() string { return p.Cluster.File("certs", "kubelet-client.key") }

// Time for which a cluster's certificates are good, before and after it starts: clocks of virtual
// machines differ.
const before, after = 24 * time.Hour, 365 * 24 * time.Hour

func clientCertificate() (certificate string, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kube-apiserver-kubelet-client"},
		NotBefore: time.Now().Add(-before), NotAfter: time.Now().Add(after),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		return "", "", err
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bytes})), err
}

// Kubeconfig is the text of a kubeconfig for one user of the cluster, given the server's address, the
// file of its certificate, and the line that tells who the user is: its token, or the file of it.
func Kubeconfig(c state.Cluster, server string, certificate string, user string) string {
	name := "taskstorage-" + c.Name
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
  - name: %[1]s
    cluster:
      server: %[2]s
      certificate-authority: %[3]q
users:
  - name: %[1]s
    user:
      %[4]s
contexts:
  - name: %[1]s
    context:
      cluster: %[1]s
      user: %[1]s
current-context: %[1]s
`, name, server, certificate, user)
}
