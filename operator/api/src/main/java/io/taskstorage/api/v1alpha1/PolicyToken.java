package io.taskstorage.api.v1alpha1;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node's word that it has acted on one generation of one policy, short because a node state holds
 * one for each policy: {@code 0f3c3f8e4000:7mo}.
 *
 * @param uidPrefix the first {@value #UID_DIGITS} hexadecimal digits of the policy's uid
 * @param generation the generation acted on
 * @param selects {@code m}: the policy selects something on this node
 * @param overridden {@code o}: another policy decides some of its fields for some task
 * @param overriddenWholly {@code z}: other policies decide all of its fields for every task
 * @param failing {@code e}: some field is zero because its computation failed
 */
public record PolicyToken(
    String uidPrefix,
    long generation,
    boolean selects,
    boolean overridden,
    boolean overriddenWholly,
    boolean failing) {

  /** How many digits of a uid a token keeps: 48 bits tell the policies of a cluster apart. */
  public static final int UID_DIGITS = 12;

  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{12}):([0-9]{1,18})([a-z]*)");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the prefix is not of {@value #UID_DIGITS} lower-case
   *     hexadecimal digits or the generation is negative
   */
  public PolicyToken {
    if (!uidPrefix.matches("[0-9a-f]{12}") || generation < 0) {
      throw new IllegalArgumentException(
          "make policy token %s:%d: not 12 hexadecimal digits and a generation: use prefixOf"
              .formatted(uidPrefix, generation));
    }
  }

  /**
   * The part of an object's uid that stands in tokens.
   *
   * @throws IllegalArgumentException if the uid has fewer than {@value #UID_DIGITS} digits
   */
  public static String prefixOf(String uid) {
    String digits = uid.replace("-", "").toLowerCase(Locale.ROOT);
    if (digits.length() < UID_DIGITS) {
      throw new IllegalArgumentException(
          "make policy token of uid %s: fewer than %d digits: pass metadata.uid"
              .formatted(uid, UID_DIGITS));
    }
    return digits.substring(0, UID_DIGITS);
  }

  /** Reads a token; empty if it is none. Letters of a newer version count for nothing. */
  public static Optional<PolicyToken> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String letters = matcher.group(3);
    return Optional.of(
        new PolicyToken(
            matcher.group(1),
            Long.parseLong(matcher.group(2)),
            letters.contains("m"),
            letters.contains("o"),
            letters.contains("z"),
            letters.contains("e")));
  }

  /** What a node says, with a map, of the policy with this uid, whichever generation. */
  public static Optional<PolicyToken> of(NodeMap map, String policyUid) {
    String prefix = prefixOf(policyUid);
    return Objects.requireNonNullElse(map.policies(), List.<String>of()).stream()
        .map(PolicyToken::parse)
        .flatMap(Optional::stream)
        .filter(token -> token.uidPrefix().equals(prefix))
        .findFirst();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return uidPrefix
        + ":"
        + generation
        + (selects ? "m" : "")
        + (overridden ? "o" : "")
        + (overriddenWholly ? "z" : "")
        + (failing ? "e" : "");
  }
}
