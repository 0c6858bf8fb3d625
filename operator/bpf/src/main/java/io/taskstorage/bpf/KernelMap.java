package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;

/**
 * A map of the kernel that a program can be loaded with. Closing it releases the descriptor; the
 * map lives on while a pin, a program or another descriptor refers to it.
 */
public sealed interface KernelMap extends AutoCloseable permits BpfMap, PlainMap, RingBuffer {

  /** The map's attributes; they never change. */
  MapInfo info();

  @Override
  void close();

  /** The descriptor of any of them; it stays the map's own. */
  static Fd descriptorOf(KernelMap map) {
    return switch (map) {
      case BpfMap taskStorage -> taskStorage.fd();
      case PlainMap plain -> plain.fd();
      case RingBuffer ring -> ring.fd();
    };
  }
}
