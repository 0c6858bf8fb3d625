package io.taskstorage.taskstore;

import java.util.regex.Pattern;

/**
 * The name of the kernel map and of its public pin: at most 15 characters (BPF_OBJ_NAME_LEN less
 * the NUL), without the dot that the kernel would take in a map name and bpffs refuses in a file
 * name.
 */
public record BpfName(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,14}");

  public BpfName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "bpf name '"
              + value
              + "': not a name for a kernel map: use 1 to 15 of A-Z, a-z, 0-9 and '_', not"
              + " beginning with a digit");
    }
  }

  /** Whether {@code text} is a bpf name. */
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
