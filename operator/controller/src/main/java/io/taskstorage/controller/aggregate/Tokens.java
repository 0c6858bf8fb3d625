package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.PolicyToken;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The policies that one node has acted on for one map: a few arrays instead of an object for each,
 * for there are policies times nodes of them.
 */
public final class Tokens {

  /** No policy. */
  public static final Tokens NONE = new Tokens(new long[0], new long[0], new byte[0]);

  private static final int SELECTS = 1;
  private static final int OVERRIDDEN = 2;
  private static final int OVERRIDDEN_WHOLLY = 4;
  private static final int FAILING = 8;

  /** Sorted, so that a policy is found by halving. */
  private final long[] prefixes;

  private final long[] generations;
  private final byte[] letters;

  private Tokens(long[] prefixes, long[] generations, byte[] letters) {
    this.prefixes = prefixes;
    this.generations = generations;
    this.letters = letters;
  }

  /** Reads the tokens of a node state; what is none counts for nothing. */
  public static Tokens parse(List<String> texts) {
    List<PolicyToken> tokens =
        texts.stream()
            .map(PolicyToken::parse)
            .flatMap(Optional::stream)
            .sorted(Comparator.comparing(PolicyToken::uidPrefix))
            .toList();
    long[] prefixes = new long[tokens.size()];
    long[] generations = new long[tokens.size()];
    byte[] letters = new byte[tokens.size()];
    for (int i = 0; i < tokens.size(); i++) {
      PolicyToken token = tokens.get(i);
      prefixes[i] = prefix(token.uidPrefix());
      generations[i] = token.generation();
      letters[i] =
          (byte)
              ((token.selects() ? SELECTS : 0)
                  | (token.overridden() ? OVERRIDDEN : 0)
                  | (token.overriddenWholly() ? OVERRIDDEN_WHOLLY : 0)
                  | (token.failing() ? FAILING : 0));
    }
    return new Tokens(prefixes, generations, letters);
  }

  /** The part of a policy's uid that stands in tokens, as a number. */
  static long prefix(String uidPrefix) {
    return Long.parseLong(uidPrefix, 16);
  }

  /** What the node says of this generation of the policy; empty if it has not acted on it. */
  Optional<Word> of(long prefix, long generation) {
    int at = Arrays.binarySearch(prefixes, prefix);
    if (at < 0 || generations[at] != generation) {
      return Optional.empty();
    }
    return Optional.of(
        Word.of(
            has(at, SELECTS), has(at, OVERRIDDEN), has(at, OVERRIDDEN_WHOLLY), has(at, FAILING)));
  }

  /** True if the node has acted on any generation of the policy. */
  boolean name(long prefix) {
    return Arrays.binarySearch(prefixes, prefix) >= 0;
  }

  private boolean has(int at, int letter) {
    return (letters[at] & letter) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens that
        && Arrays.equals(prefixes, that.prefixes)
        && Arrays.equals(generations, that.generations)
        && Arrays.equals(letters, that.letters);
  }

  @Override
  public int hashCode() {
    return (Arrays.hashCode(prefixes) * 31 + Arrays.hashCode(generations)) * 31
        + Arrays.hashCode(letters);
  }

  /**
   * What a node says of a policy that it has acted on.
   *
   * @param selects it selects something there
   * @param overridden another policy decides some of its fields for some task
   * @param overriddenWholly other policies decide all of its fields for every task
   * @param failing some field is zero because its computation failed
   */
  record Word(boolean selects, boolean overridden, boolean overriddenWholly, boolean failing) {
    static Word of(boolean selects, boolean overridden, boolean overriddenWholly, boolean failing) {
      return new Word(selects, overridden, overriddenWholly, failing);
    }
  }
}
