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
	token := rand.Text()
	for file, text := range map[string]string{
		p.serviceAccountKey(): string(pem.EncodeToMemory(&pem.Block{
			Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
		})),
		p.tokens():                    token + ",admin,admin,\"system:masters\"\n",
		p.Cluster.File("admin.token"): token,
		p.Cluster.Kubeconfig():        Kubeconfig(p.Cluster, p.Ports.API, "token: "+token),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	return nil
}

// Kubeconfig is the text of a kubeconfig for one user of the cluster, given the line that tells who
// it is: its token, or the file of it.
func Kubeconfig(c state.Cluster, port int, user string) string {
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
`, name, loopback("https", port), Certificate(c), user)
}
