package io.taskstorage.agent.command;

import io.taskstorage.taskstore.PinAccess;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Whom the pins of the maps let in. */
final class PinOptions {
  @Option(
      names = "--pin-mode",
      paramLabel = "MODE",
      defaultValue = "0600",
      converter = ModeText.class,
      description =
          "Who may open the pins of the maps: 0600 (the default) is their owner alone, 0640 also"
              + " lets a group read every task's value, 0660 change it as well. Pins that are"
              + " there get it too.")
  private int mode = PinAccess.PRIVATE.mode();

  @Option(
      names = "--pin-group",
      paramLabel = "GID",
      converter = GroupText.class,
      description =
          "Number of the group that --pin-mode lets in. Without CAP_CHOWN it has to be one of this"
              + " process's own, such as a supplemental one.")
  private @Nullable Integer group;

  /**
   * What was asked for.
   *
   * @throws ParameterException if a group is named and not let in, or let in and not named
   */
  PinAccess access(CommandLine commandLine) {
    if (group != null && !PinAccess.admitsGroup(mode)) {
      throw new ParameterException(
          commandLine,
          "--pin-group %d: mode %s lets no group in: add --pin-mode 0640, or 0660"
              .formatted(group, PinAccess.text(mode)));
    }
    if (group == null && PinAccess.admitsGroup(mode)) {
      throw new ParameterException(
          commandLine,
          "--pin-mode %s: lets in a group that is not named: add --pin-group with its number"
              .formatted(PinAccess.text(mode)));
    }
    return new PinAccess(mode, group == null ? OptionalInt.empty() : OptionalInt.of(group));
  }

  /** Reads modes such as {@code 0640}. */
  static final class ModeText implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("0?[0-7]{3}");

    @Override
    public Integer convert(String text) {
      if (!FORM.matcher(text).matches() || !PinAccess.isMode(Integer.parseInt(text, 8))) {
        throw new TypeConversionException(
            "'" + text + "' is no mode of a pin: write 0600, 0640 or 0660");
      }
      return Integer.parseInt(text, 8);
    }
  }

  /** Reads the number of a group. */
  static final class GroupText implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,10}");

    @Override
    public Integer convert(String text) {
      if (!FORM.matcher(text).matches() || Long.parseLong(text) > Integer.MAX_VALUE) {
        throw new TypeConversionException(
            "'" + text + "' is no number of a group: write one from 0 to 2147483647");
      }
      return Integer.parseInt(text);
    }
  }
}
