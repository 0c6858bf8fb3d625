// Command health tells what GitOps tools make of objects: the verdict of kstatus, for which Flux and
// others wait, and that of Argo CD, by the Lua of an argocd-cm.
//
//	health --argocd-cm FILE [OBJECTS...]
//
// Each file of objects, or standard input, is YAML or JSON of one or more documents, or a List. For each
// object comes one line of JSON, in the order of the objects.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

// A judged object. Argo is empty where Argo CD knows no health for the kind.
type judged struct {
	Kind           string `json:"kind"`
	Namespace      string `json:"namespace,omitempty"`
	Name           string `json:"name"`
	Kstatus        string `json:"kstatus"`
	KstatusMessage string `json:"kstatusMessage"`
	Argo           string `json:"argo"`
	ArgoMessage    string `json:"argoMessage"`
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "health:", err)
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("health", flag.ContinueOnError)
	configMap := flags.String("argocd-cm", "", "the ConfigMap with Argo CD's health checks")
	if err := flags.Parse(args); err != nil {
		return err
	}
	checks, err := readChecks(*configMap)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(stdout)
	judge := func(object *unstructured.Unstructured) error {
		verdict, err := judgeObject(object, checks)
		if err != nil {
			return err
		}
		return encoder.Encode(verdict)
	}
	if flags.NArg() == 0 {
		return eachObject("standard input", stdin, judge)
	}
	for _, name := range flags.Args() {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read objects: %w", err)
		}
		err = eachObject(name, file, judge)
		_ = file.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func eachObject(name string, in io.Reader, each func(*unstructured.Unstructured) error) error {
	decoder := yaml.NewYAMLOrJSONDecoder(in, 4096)
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(object)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read objects of %s: %w", name, err)
		}
		if object.IsList() {
			err = object.EachListItem(func(item runtime.Object) error {
				return each(item.(*unstructured.Unstructured))
			})
		} else {
			err = each(object)
		}
		if err != nil {
			return err
		}
	}
}

func judgeObject(object *unstructured.Unstructured, checks checks) (judged, error) {
	result, err := status.Compute(object)
	if err != nil {
		return judged{}, fmt.Errorf("ask kstatus for %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	health, err := checks.health(object)
	if err != nil {
		return judged{}, fmt.Errorf("run the Lua for %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return judged{
		Kind:           object.GetKind(),
		Namespace:      object.GetNamespace(),
		Name:           object.GetName(),
		Kstatus:        result.Status.String(),
		KstatusMessage: result.Message,
		Argo:           health.Status,
		ArgoMessage:    health.Message,
	}, nil
}
