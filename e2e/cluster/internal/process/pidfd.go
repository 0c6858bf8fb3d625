package process

import (
	"errors"
	"fmt"
	"syscall"
	"time"
	"unsafe"
)

// The numbers of these system calls are the same on every architecture; package syscall lacks them.
const (
	sysPidfdSendSignal = 424
	sysPidfdOpen       = 434
	pollIn             = 1
)

// ErrGone tells that no process has the number any more.
var ErrGone = errors.New("the process is gone")

// A Handle holds one process through a pidfd: its number cannot come to mean another process.
type Handle struct {
	fd int
}

// Open takes hold of the process that has the number now.
func Open(pid int) (Handle, error) {
	fd, _, errno := syscall.Syscall(sysPidfdOpen, uintptr(pid), 0, 0)
	switch errno {
	case 0:
		return Handle{int(fd)}, nil
	case syscall.ESRCH:
		return Handle{}, ErrGone
	default:
		return Handle{}, fmt.Errorf("open process %d: %w", pid, errno)
	}
}

// Kill ends the process by SIGKILL. That it is gone already is no error.
func (h Handle) Kill() error { return h.Signal(syscall.SIGKILL) }

// Signal sends a signal. That the process is gone already is no error.
func (h Handle) Signal(signal syscall.Signal) error {
	_, _, errno := syscall.Syscall6(sysPidfdSendSignal, uintptr(h.fd), uintptr(signal), 0, 0, 0, 0)
	if errno != 0 && errno != syscall.ESRCH {
		return errno
	}
	return nil
}

// Gone waits until all threads of the process have ended, and with them its files and ports, but
// no longer than the limit. A process that its parent has not reaped yet is gone.
func (h Handle) Gone(limit time.Duration) bool {
	type pollFd struct {
		fd      int32
		events  int16
		revents int16
	}
	deadline := time.Now().Add(limit)
	for {
		rest := syscall.NsecToTimespec(max(0, time.Until(deadline)).Nanoseconds())
		polled := pollFd{fd: int32(h.fd), events: pollIn}
		n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL,
			uintptr(unsafe.Pointer(&polled)), 1, uintptr(unsafe.Pointer(&rest)), 0, 0, 0)
		if errno == syscall.EINTR {
			continue
		}
		return n == 1
	}
}

// Close lets go of the process, which goes on.
func (h Handle) Close() {
	_ = syscall.Close(h.fd)
}
