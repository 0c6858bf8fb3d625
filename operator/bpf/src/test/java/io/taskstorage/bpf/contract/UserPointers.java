package io.taskstorage.bpf.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values with a pointer into the memory of the caller, which the kernel pins a page for. */
final class UserPointers {
  static final String TAG = "uptr";

  private UserPointers() {}

  /** A struct of 16 bytes: a user pointer to a struct of 8, and a number. */
  static Types types() {
    return Types.pointer(TAG, btf -> Types.struct(btf, "user_data", 1));
  }

  /** Whether this kernel knows them: those that do refuse one to nothing. */
  static boolean areKnown(Scene scene) {
    Types toNothing = Types.pointer(TAG, btf -> Types.struct(btf, "user_data", 0));
    return !MapCreate.of(scene, toNothing).answer().isOk();
  }

  /** A value with this address and the number 7. */
  static byte[] value(long address) {
    ByteBuffer value = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    return value.putLong(address).putLong(7).array();
  }
}
