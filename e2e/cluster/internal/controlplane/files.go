package controlplane

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"taskstorage.io/e2e/cluster/internal/state"
)

type files struct {
	serviceAccountKey string
	tokens            string
}

// writeFiles makes the keys, the tokens and the kubeconfig of a fresh cluster.
func (p Plane) writeFiles() (files, error) {
	f := files{
		serviceAccountKey: p.Cluster.File("service-account.key"),
		tokens:            p.Cluster.File("tokens.csv"),
	}
	for _, folder := range []string{"certs", "logs"} {
		if err := os.MkdirAll(p.Cluster.File(folder), 0o700); err != nil {
			return f, fmt.Errorf("make folder of cluster %s: %w", p.Cluster.Name, err)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return f, fmt.Errorf("make service account key: %w", err)
	}
	token := rand.Text()
	for file, text := range map[string]string{
		f.serviceAccountKey: string(pem.EncodeToMemory(&pem.Block{
			Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
		})),
		f.tokens:                      token + ",admin,admin,\"system:masters\"\n",
		p.Cluster.File("admin.token"): token,
		p.Cluster.Kubeconfig():        Kubeconfig(p.Cluster, p.Ports.API, token),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return f, fmt.Errorf("write %s: %w", file, err)
		}
	}
	return f, nil
}

// Kubeconfig is the text of a kubeconfig for one user of the cluster.
func Kubeconfig(c state.Cluster, port int, token string) string {
	name := "taskstorage-" + c.Name
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
  - name: %[1]s
    cluster:
      server: %[2]s
      certificate-authority: %[3]s
users:
  - name: %[1]s
    user:
      token: %[4]s
contexts:
  - name: %[1]s
    context:
      cluster: %[1]s
      user: %[1]s
current-context: %[1]s
`, name, loopback("https", port), Certificate(c), token)
}
