package io.taskstorage.taskstore;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may open the public pins: the kernel asks for nothing else. Reading takes the bit for
 * reading, a descriptor for both takes the bits for both.
 *
 * @param mode permission bits: its owner reads and writes, nobody executes
 * @param group the pin's group; empty: that of the process that makes the pin
 */
public record PinAccess(int mode, OptionalInt group) {
  /** The owner alone. */
  public static final PinAccess PRIVATE = new PinAccess(0600, OptionalInt.empty());

  /** The bits of everybody but the owner. */
  static final int OTHERS = 077;

  private static final int ALL = 07777;
  private static final int GROUP = 070;
  private static final int OWNER = 0600;
  private static final int EXECUTE = 0111;
  private static final Pattern TEXT = Pattern.compile("(0[0-7]{3})(?::([0-9]{1,10}))?");

  /**
   * Access by this mode.
   *
   * @throws IllegalArgumentException where {@link #isMode} says no, or the group is negative
   */
  public PinAccess {
    if (!isMode(mode)) {
      throw new IllegalArgumentException("mode 0%03o: no mode of a pin".formatted(mode));
    }
    if (group.isPresent() && group.getAsInt() < 0) {
      throw new IllegalArgumentException("group " + group.getAsInt() + ": negative");
    }
  }

  /** Whether pins may have it: the owner reads and writes, and no bit is set but for that. */
  public static boolean isMode(int mode) {
    return (mode & OWNER) == OWNER && (mode & ~(OWNER | OTHERS)) == 0 && (mode & EXECUTE) == 0;
  }

  /** Whether it lets the members of the pin's group in. */
  public boolean admitsGroup() {
    return (mode & GROUP) != 0;
  }

  /** With a group wherever that matters. */
  PinAccess resolved(int ownGroup) {
    return group.isPresent() || !admitsGroup()
        ? this
        : new PinAccess(mode, OptionalInt.of(ownGroup));
  }

  /** Whether a pin of this mode and group has exactly this. */
  boolean isThatOf(int pinMode, int pinGroup) {
    return (pinMode & ALL) == mode && (group.isEmpty() || group.getAsInt() == pinGroup);
  }

  /** Whether a pin of this mode and group lets in nobody beyond this. */
  boolean covers(int pinMode, int pinGroup) {
    return coversMode(pinMode)
        && ((pinMode & GROUP) == 0 || group.isEmpty() || group.getAsInt() == pinGroup);
  }

  /** The same, whichever group it is. */
  boolean coversMode(int pinMode) {
    return (pinMode & OTHERS & ~mode) == 0;
  }

  /** The mode as chmod(1) takes it. */
  public String modeText() {
    return "0%03o".formatted(mode);
  }

  /** As {@link #parse} reads it, such as {@code 0640:1000}. */
  String toText() {
    return modeText() + (group.isPresent() ? ":" + group.getAsInt() : "");
  }

  /** Reads what {@link #toText} wrote; empty for what another version may have written. */
  static Optional<PinAccess> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int mode = Integer.parseInt(matcher.group(1), 8);
    long group = matcher.group(2) == null ? -1 : Long.parseLong(matcher.group(2));
    if (!isMode(mode) || group > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new PinAccess(mode, group < 0 ? OptionalInt.empty() : OptionalInt.of((int) group)));
  }
}
