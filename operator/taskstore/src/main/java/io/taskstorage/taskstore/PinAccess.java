package io.taskstorage.taskstore;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may open the public pins: the kernel asks for nothing else. Reading takes the bit for
 * reading, a descriptor for both takes the bits for both.
 *
 * <p>Everybody is never let in, and a group never without its number: the group that a process
 * happens to act as, 0 in most containers, is the group of many others as well.
 *
 * @param mode permission bits: one of {@link #isMode}
 * @param group the pin's group; there exactly where the mode lets a group in
 */
public record PinAccess(int mode, OptionalInt group) {
  /** The owner alone. */
  public static final PinAccess PRIVATE = new PinAccess(0600, OptionalInt.empty());

  /** The bits of everybody but the owner. */
  private static final int OTHERS = 077;

  private static final int ALL = 07777;
  private static final int GROUP = 070;
  private static final Pattern TEXT = Pattern.compile("(06[46]0):([0-9]{1,10})");

  /**
   * Access by this mode.
   *
   * @throws IllegalArgumentException where {@link #isMode} says no, or mode and group do not match
   */
  public PinAccess {
    if (!isMode(mode)) {
      throw new IllegalArgumentException("mode 0%03o: no mode of a pin".formatted(mode));
    }
    if (group.isPresent() != admitsGroup(mode)) {
      throw new IllegalArgumentException(
          admitsGroup(mode)
              ? "mode %s: without the group that it lets in".formatted(text(mode))
              : "group %d: mode %s lets no group in".formatted(group.getAsInt(), text(mode)));
    }
    if (group.isPresent() && group.getAsInt() < 0) {
      throw new IllegalArgumentException("group " + group.getAsInt() + ": negative");
    }
  }

  /** Whether pins may have it: 0600, 0640 or 0660. */
  public static boolean isMode(int mode) {
    return mode == 0600 || mode == 0640 || mode == 0660;
  }

  /** Whether it lets the members of the pin's group in. */
  public static boolean admitsGroup(int mode) {
    return (mode & GROUP) != 0;
  }

  /** A mode as chmod(1) takes it. */
  public static String text(int mode) {
    return "0%03o".formatted(mode);
  }

  /** Whether it lets in anybody beyond the owner. */
  boolean isShared() {
    return group.isPresent();
  }

  /** Whether a pin of this mode and group has exactly this. */
  boolean isThatOf(int pinMode, int pinGroup) {
    return (pinMode & ALL) == mode && (group.isEmpty() || group.getAsInt() == pinGroup);
  }

  /** Whether a pin of this mode and group lets in nobody beyond this. */
  boolean covers(int pinMode, int pinGroup) {
    return coversMode(pinMode) && (!admitsGroup(pinMode) || group.getAsInt() == pinGroup);
  }

  /** The same, whichever group it is. */
  boolean coversMode(int pinMode) {
    return (pinMode & OTHERS & ~mode) == 0;
  }

  /** As {@link #parse} reads it, such as {@code 0640:1000}. */
  String toText() {
    return text(mode) + (group.isPresent() ? ":" + group.getAsInt() : "");
  }

  /**
   * Reads what {@link #toText} wrote of an access that is shared; empty for what another version
   * may have written.
   */
  static Optional<PinAccess> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(2)) > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new PinAccess(
            Integer.parseInt(matcher.group(1), 8),
            OptionalInt.of(Integer.parseInt(matcher.group(2)))));
  }
}
