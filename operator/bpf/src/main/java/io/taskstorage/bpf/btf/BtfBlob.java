package io.taskstorage.bpf.btf;

import java.util.Arrays;

/** The bytes of one BTF object, as BPF_BTF_LOAD takes them. Immutable. */
public final class BtfBlob {
  private final byte[] bytes;

  /** Copies the bytes; whether they are BTF is for the reader, or the kernel, to say. */
  public BtfBlob(byte[] bytes) {
    this(bytes.clone(), true);
  }

  private BtfBlob(byte[] bytes, boolean owned) {
    assert owned;
    this.bytes = bytes;
  }

  /** Takes an array that nobody else has. */
  static BtfBlob owning(byte[] bytes) {
    return new BtfBlob(bytes, true);
  }

  /** The array itself, for reading only. */
  byte[] shared() {
    return bytes;
  }

  /** Length in bytes. */
  public int sizeBytes() {
    return bytes.length;
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
