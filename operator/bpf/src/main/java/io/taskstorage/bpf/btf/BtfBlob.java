package io.taskstorage.bpf.btf;

import java.util.Arrays;

/** The bytes of one BTF object, as BPF_BTF_LOAD takes them. Immutable. */
public final class BtfBlob {
  private final byte[] bytes;

  /** Copies the bytes. */
  public BtfBlob(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BtfBlob blob && Arrays.equals(bytes, blob.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "BTF of " + bytes.length + " bytes";
  }
}
