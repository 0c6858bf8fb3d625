# Makes a Kubernetes node of the machine that e2e/kernels/guest-start has set up, and keeps it one. What it is
# given lies in its share; what its programs write goes to the folder of logs.
share=/run/guest
logs=/run/logs
. "$share/settings"
PATH=$RUNTIME:$KUBELET:$PATH

say() {
  echo "$NODE: $*" | tee /dev/console
}

# One whose first start is in vain ends the machine, and with it the wait for it; later it is started again.
keep() {
  program=$1
  shift
  while :; do
    code=0
    "$@" >>"$logs/$program.log" 2>&1 || code=$?
    if [ ! -e "$share/ready" ]; then
      say "$program ended with $code before the node was ready; its last lines:"
      tail -n 8 "$logs/$program.log" >/dev/console
      sync
      busybox reboot -f
    fi
    say "$program ended with $code: it is started again"
    sleep 1
  done
}

# What the host has put into the folder of images, and has no answer to yet.
import_images() {
  for archive in "$share"/images/*.tar; do
    [ -e "$archive" ] && [ ! -e "$archive.code" ] || continue
    code=0
    ctr --namespace k8s.io images import "$archive" >"$archive.said" 2>&1 || code=$?
    echo "$code" >"$archive.new"
    mv "$archive.new" "$archive.code"
  done
}

mkdir -p "$logs"
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 logs "$logs"
exec >"$logs/start.log" 2>&1
set -e
trap 'say "it ends in its first script: see the end of start.log"; sync' EXIT
say "Linux $(uname -r)"

busybox hostname "$NODE"
mount --make-rshared /
# No snapshots on an overlay; and what pods write must not fill the layer over the host's files.
for folder in /var/lib/containerd /var/lib/kubelet /var/log; do
  mkdir -p "$folder"
  mount -t tmpfs node "$folder"
done
echo "+cpuset +io" >/sys/fs/cgroup/cgroup.subtree_control

busybox ip link set lo up
busybox ip addr add "$ADDRESS/24" dev eth0
busybox ip link set eth0 up
busybox ip route add default via "$HOST"
# In place of kube-proxy: the one Service that there must be.
busybox ip addr add 10.96.0.1/32 dev lo
keep relay "$RELAY" relay 10.96.0.1:443 "$HOST:$API_PORT" &

say "containerd starts"
keep containerd containerd --config "$share/containerd.toml" &
until ctr version >/dev/null 2>&1; do
  sleep 1
done
import_images
say "kubelet starts"
keep kubelet kubelet --config "$share/kubelet.yaml" --kubeconfig "$share/kubeconfig" \
  --hostname-override "$NODE" --cloud-provider external &
while :; do
  import_images
  sleep 1
done
