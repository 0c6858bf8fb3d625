// Package story has what is tried on real nodes, from the command line as a person would. It takes
// minutes: only e2e/cluster/test-nodes runs it, by the build tag nodes.
package story
