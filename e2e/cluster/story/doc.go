// Package story has what is tried on real nodes, from the command line as a person would. It takes
// minutes: e2e/cluster/test-nodes runs it, and e2e/cluster/test leaves it to that.
package story
