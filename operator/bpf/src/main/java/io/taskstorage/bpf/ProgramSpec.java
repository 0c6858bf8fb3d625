package io.taskstorage.bpf;

import io.taskstorage.bpf.asm.Code;
import java.util.regex.Pattern;

/**
 * A program as it is wanted, on any kernel: {@link Program#load} makes it one of this kernel.
 *
 * @param name what the kernel shows in its lists, 1 to 15 characters of {@code [A-Za-z0-9_.]}
 * @param license {@code GPL} or another that the kernel takes as compatible, where a helper or a
 *     kernel function asks for it
 */
public record ProgramSpec(String name, ProgramType type, String license, Code code) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.]{1,15}");

  public ProgramSpec {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "program name \"" + name + "\": use 1 to 15 characters of A-Z, a-z, 0-9, _ and .");
    }
  }
}
