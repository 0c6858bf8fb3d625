package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// What Argo CD gives to a script, and takes from it.
const (
	keyPrefix = "resource.customizations.health."
	patience  = time.Second
)

// The words that Argo CD takes; any other is an error of the script, shown as Unknown.
var words = []string{"Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"}

// checks are the scripts, by GROUP/KIND.
type checks map[string]string

type health struct{ Status, Message string }

// readChecks takes from an argocd-cm what Argo CD takes: keys with GROUP_KIND at their end.
func readChecks(name string) (checks, error) {
	if name == "" {
		return nil, errors.New("read argocd-cm: no file is named: give --argocd-cm FILE")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read argocd-cm: %w", err)
	}
	var configMap struct{ Data map[string]string }
	if err := yaml.Unmarshal(text, &configMap); err != nil {
		return nil, fmt.Errorf("read argocd-cm %s: %w", name, err)
	}
	found := checks{}
	for key, script := range configMap.Data {
		if groupKind, ok := strings.CutPrefix(key, keyPrefix); ok {
			found[strings.Replace(groupKind, "_", "/", 1)] = script
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("read argocd-cm %s: no key %s*: name the file with the health checks", name, keyPrefix)
	}
	return found, nil
}

// health is what Argo CD shows: an object that goes away is on its way, whatever its status; a kind
// without a script has no health at all.
func (c checks) health(object *unstructured.Unstructured) (health, error) {
	if object.GetDeletionTimestamp() != nil {
		return health{Status: "Progressing", Message: "Pending deletion"}, nil
	}
	kind := object.GroupVersionKind()
	script, ok := c[kind.Group+"/"+kind.Kind]
	if !ok {
		return health{}, nil
	}
	return runScript(script, object)
}

// runScript runs it as Argo CD does where nobody set useOpenLibs: with Lua's base and table functions, no
// strings, no files, and for one second. (Argo CD has a few harmless functions of os besides; a script
// that needs none runs there too.)
func runScript(script string, object *unstructured.Unstructured) (health, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	libraries := []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage},
		{lua.BaseLibName, lua.OpenBase},
		{lua.TabLibName, lua.OpenTable},
	}
	for _, library := range libraries {
		call := lua.P{Fn: state.NewFunction(library.open), Protect: true}
		if err := state.CallByParam(call, lua.LString(library.name)); err != nil {
			return health{}, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	state.SetContext(ctx)
	state.SetGlobal("obj", value(state, object.Object))
	if err := state.DoString(script); err != nil {
		return health{}, err
	}
	table, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return health{}, fmt.Errorf("it returned %s: return a table with status and message", state.Get(-1).Type())
	}
	said := health{
		Status:  lua.LVAsString(table.RawGetString("status")),
		Message: lua.LVAsString(table.RawGetString("message")),
	}
	if !slices.Contains(words, said.Status) {
		return health{Status: "Unknown", Message: "Lua returned an invalid health status"}, nil
	}
	return said, nil
}

// value is a JSON value as Lua sees it. All numbers are floats there.
func value(state *lua.LState, json any) lua.LValue {
	switch json := json.(type) {
	case bool:
		return lua.LBool(json)
	case string:
		return lua.LString(json)
	case int64:
		return lua.LNumber(json)
	case float64:
		return lua.LNumber(json)
	case []any:
		array := state.CreateTable(len(json), 0)
		for _, item := range json {
			array.Append(value(state, item))
		}
		return array
	case map[string]any:
		table := state.CreateTable(0, len(json))
		for key, item := range json {
			table.RawSetString(key, value(state, item))
		}
		return table
	}
	return lua.LNil
}
