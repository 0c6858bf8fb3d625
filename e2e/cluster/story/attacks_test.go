package story

import "fmt"

// An attack is what somebody does who is root in a pod and may write to the folder of the public pins.
type attack struct {
	what string
	// does is for a shell in the pod, which sees the folder as /pins, and for bpftool as /mnt.
	does string
	// object is the map that it is about.
	object string
	// reason is what the node tells of that map then; none where the agent makes good what was done.
	reason string
	// undo takes it back, for what is not the agent's the agent does not touch.
	undo string
}

const bpftool = "/busybox chroot /node /usr/sbin/bpftool map "

var attacks = []attack{
	{"unlink", "/busybox rm /pins/acts", "acts", "", "true"},
	{"rename", "/busybox mv /pins/acts /pins/elsewhere", "acts", "", "/busybox rm /pins/elsewhere"},
	{"hard link", "/busybox ln /pins/acts /pins/again", "acts", "", "/busybox rm /pins/again"},
	{"mode", "/busybox chmod 0666 /pins/acts", "acts", "ForeignPin", "/busybox chmod 0600 /pins/acts"},
	{"owner", "/busybox chown 1000 /pins/acts", "acts", "ForeignPin", "/busybox chown 0 /pins/acts"},
	{"symbolic link", "/busybox ln -s /etc/passwd /pins/mine && /busybox mv /pins/mine /pins/acts", "acts",
		"ForeignPin", "/busybox rm /pins/acts"},
	{"another map", bpftool + "create /mnt/mine type hash key 4 value 12 entries 1 name acts && " +
		"/busybox mv /pins/mine /pins/acts", "acts", "ForeignPin", "/busybox rm /pins/acts"},
	{"a map first", bpftool + "create /mnt/taken type hash key 4 value 8 entries 1 name taken", "taken",
		"ForeignPin", "/busybox rm /pins/taken"},
	{"a folder first", "/busybox mkdir /pins/folder", "folder", "ForeignPin", "/busybox rmdir /pins/folder"},
	{"freeze", bpftool + "freeze pinned /mnt/acts", "acts", "", "true"},
}

// attacked has somebody in a pod do all that to the pins. Pins that are gone come back; what lies in their place is told
// and not touched; and whatever is done, each task finds its value in the map in which it was before.
func (o *operator) attacked() {
	o.kubectl("apply", "-f", "attacker.yaml")
	o.kubectl("wait", "-n", namespace, "--for=condition=Ready", "pod/attacker", "--timeout=10m")
	o.refusedToTheAttacker()
	for _, one := range attacks {
		o.inAttacker(one.does)
		if one.object != "acts" {
			o.kubectl("apply", "-f", one.object+".yaml")
		}
		o.await("^"+one.reason+"$", o.reason(one.object)...)
		o.inAttacker(one.undo)
		o.await("^$", o.reason(one.object)...)
		o.await(`^acts\n`, o.inNode("ls", "/sys/fs/bpf/taskstorage")...)
		o.exec()
		o.t.Logf("%s: %q, and mended", one.what, one.reason)
	}
	o.kubectl("delete", "tsmap", "taken", "folder")
	o.await(`^acts\n$`, o.inNode("ls", "/sys/fs/bpf/taskstorage")...)
	o.kubectl("delete", "pod", "-n", namespace, "attacker")
	o.hasWritten("late", 0)
}

// refusedToTheAttacker is what the kernel itself refuses to somebody who is root in a pod alone.
func (o *operator) refusedToTheAttacker() {
	for _, what := range []string{
		"/busybox mount -t tmpfs over /pins",
		"/busybox mount -o bind /etc /pins",
	} {
		o.inAttacker(fmt.Sprintf("! %s 2>/dev/null", what))
	}
}

func (o *operator) inAttacker(script string) {
	o.t.Helper()
	o.kubectl("exec", "-n", namespace, "attacker", "--", "/busybox", "sh", "-c", script)
}

// reason is what the node tells of a map: nothing where all is well.
func (o *operator) reason(object string) []string {
	return []string{"get", "tsnode", "node-1", "-o", fmt.Sprintf(`jsonpath={.status.maps[?(@.name==%q)].reason}`, object)}
}
