package operator

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/state"
)

// A fakeAPI holds objects by path, as far as the operator needs them. What a real server says is
// tried where one runs.
type fakeAPI struct {
	mutex   sync.Mutex
	objects map[string]api.Object
	// asked are the changes that came in: METHOD PATH.
	asked []string
	uids  int
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	body := api.Object{}
	_ = json.NewDecoder(r.Body).Decode(&body)
	path := strings.TrimSuffix(r.URL.Path, "/status")
	if r.Method != http.MethodGet {
		f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	}
	there := f.objects[path]
	switch {
	case r.Header.Get("Authorization") != "Bearer secret":
		refuse(w, http.StatusUnauthorized, "Unauthorized")
	case r.Method == http.MethodPost:
		uid := ""
		if bound, ok := body["spec"].(api.Object)["boundObjectRef"].(api.Object); ok {
			uid = bound["uid"].(string)
		}
		answer(w, api.Object{"status": api.Object{"token": token(uid, time.Now(), time.Hour)}})
	case r.Method == http.MethodPatch:
		f.apply(path, body)
		answer(w, f.objects[path])
	case r.Method == http.MethodGet && path == "/api/v1/pods":
		answer(w, api.Object{"items": f.podsOf(r.URL.Query())})
	case there == nil:
		refuse(w, http.StatusNotFound, "not found")
	case r.Method == http.MethodDelete && isOfAnotherUID(there, body):
		refuse(w, http.StatusConflict, "the UID in the precondition does not match")
	case r.Method == http.MethodDelete:
		delete(f.objects, path)
		answer(w, there)
	default:
		answer(w, there)
	}
}

func isOfAnotherUID(there api.Object, deletion api.Object) bool {
	return deletion["preconditions"].(api.Object)["uid"] != there["metadata"].(api.Object)["uid"]
}

// apply sets the top-level fields that are named, and gives a new object its uid.
func (f *fakeAPI) apply(path string, body api.Object) {
	there := f.objects[path]
	if there == nil {
		f.uids++
		metadata := body["metadata"].(api.Object)
		metadata["uid"] = "uid-" + strconv.Itoa(f.uids)
		if words := strings.Split(path, "/"); len(words) == 7 {
			metadata["namespace"] = words[4]
		}
		f.objects[path] = body
		return
	}
	for name, value := range body {
		if name != "metadata" {
			there[name] = value
		}
	}
}

func (f *fakeAPI) podsOf(query url.Values) []api.Object {
	_, node, _ := strings.Cut(query.Get("fieldSelector"), "spec.nodeName=")
	found := []api.Object{}
	for path, object := range f.objects {
		if strings.Contains(path, "/pods/") && object["spec"].(api.Object)["nodeName"] == node {
			found = append(found, object)
		}
	}
	return found
}

// changes returns what came in since it was asked last.
func (f *fakeAPI) changes() []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	asked := f.asked
	f.asked = nil
	return asked
}

func answer(w http.ResponseWriter, object api.Object) {
	_ = json.NewEncoder(w).Encode(object)
}

func refuse(w http.ResponseWriter, code int, message string) {
	w.WriteHeader(code)
	answer(w, api.Object{"kind": "Status", "message": message})
}

// token makes one as far as anybody here reads it.
func token(podUID string, issued time.Time, life time.Duration) string {
	text, _ := json.Marshal(api.Object{
		"iat": issued.Unix(), "exp": issued.Add(life).Unix(),
		"kubernetes.io": api.Object{"pod": api.Object{"uid": podUID}},
	})
	return "e30." + base64.RawURLEncoding.EncodeToString(text) + ".c2ln"
}

// bed is an operator of a cluster whose API server is a fake.
func bed(t *testing.T) (Operator, *fakeAPI) {
	t.Helper()
	fake := &fakeAPI{objects: map[string]api.Object{}}
	server := httptest.NewTLSServer(fake)
	t.Cleanup(server.Close)
	cluster, err := state.Root(t.TempDir()).Cluster("x")
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(
		&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for file, text := range map[string]string{
		controlplane.Certificate(cluster): string(certificate), cluster.File("admin.token"): "secret",
		cluster.File("logs", "x"): "",
	} {
		if err := write(file, text); err != nil {
			t.Fatal(err)
		}
	}
	return Operator{
		Cluster: cluster, Launcher: standIn(t),
		Client: api.Client{
			Server: server.URL, Certificate: controlplane.Certificate(cluster),
			TokenFile: cluster.File("admin.token"), Manager: "test",
		},
	}, fake
}

const standInVariable = "TEST_STAND_IN"

// standIn is a launcher whose commands serve /readyz, and write their words to their log.
func standIn(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/taskstorage"
	script := fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$@\"\n", standInVariable, self)
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMain(m *testing.M) {
	if os.Getenv(standInVariable) == "" {
		os.Exit(m.Run())
	}
	fmt.Println(strings.Join(os.Args[1:], " "))
	for i, word := range os.Args {
		if word == "--listen" {
			http.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
			fmt.Println(http.ListenAndServe(os.Args[i+1], nil))
		}
	}
	os.Exit(3)
}
