package io.taskstorage.layout;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which names a struct and its members may have, so that the generated header compiles.
 *
 * <p>C reserves every name that begins with two underscores, but kernel style structs are full of
 * {@code __pad} and {@code __reserved}. So only those are refused that a compiler really takes for
 * something else: a test compiles every word that it finds in gcc's own program.
 */
final class CIdentifier {

  /** Keywords of C11, C23 and gcc's dialect that do not begin with an underscore. */
  private static final Set<String> KEYWORDS =
      words(
          """
          auto break case char const continue default do double else enum extern float for goto if
          inline int long register restrict return short signed sizeof static struct switch typedef
          union unsigned void volatile while
          alignas alignof bool constexpr false nullptr static_assert thread_local true typeof
          typeof_unqual asm
          """);

  /** Macros of gcc's dialect that do not begin with an underscore. */
  private static final Set<String> MACROS = words("linux unix");

  /** What gcc, Clang and the header's own include define, beside the shapes below. */
  private static final Set<String> UNDERSCORED =
      words(
          """
          __aligned_be64 __aligned_le64 __aligned_s64 __aligned_u64 __alignof __always_inline
          __amd64 __asm __attribute __auto_type __bf16 __bitwise __building_module __cdecl
          __complex __const __counted_by __declspec __fastcall __float128 __float80 __fp16
          __ibm128 __imag __inline __int128 __is_identifier __is_target_arch
          __is_target_environment __is_target_os __is_target_vendor __k8 __linux __mfp8 __null
          __objc_no __objc_yes __pascal __real __regcall __restrict __seg_fs __seg_gs __seg_tls
          __signed __stdcall __struct_group __struct_group_tag __thiscall __thread
          __transaction_atomic __transaction_cancel __transaction_relaxed __typeof __unix
          __vectorcall __volatile __x86_64
          """);

  private CIdentifier() {}

  /** True if the text has the form of an identifier, keywords included. */
  static boolean isWellFormed(String text) {
    if (text.isEmpty() || isDigit(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isUpper(c) || isLower(c) || isDigit(c) || c == '_');
  }

  /** Why the well-formed identifier cannot be used, as the end of "NAME is …". */
  static Optional<String> reservedBecause(String identifier) {
    if (KEYWORDS.contains(identifier)) {
      return Optional.of("a C keyword");
    }
    if (MACROS.contains(identifier)) {
      return Optional.of("a macro that gcc predefines");
    }
    return UNDERSCORED.contains(identifier) || hasReservedShape(identifier)
        ? Optional.of("reserved for the C compiler")
        : Optional.empty();
  }

  static SortedSet<String> reservedWords() {
    SortedSet<String> words = new TreeSet<>(KEYWORDS);
    words.addAll(MACROS);
    words.addAll(UNDERSCORED);
    return Collections.unmodifiableSortedSet(words);
  }

  /** {@code _Bool}, {@code __GCC_IEC_559}, {@code __func__}, {@code __builtin_expect} and alike. */
  private static boolean hasReservedShape(String name) {
    if (!name.startsWith("_") || name.length() < 2) {
      return false;
    }
    if (isUpper(name.charAt(1))) {
      return true;
    }
    return name.startsWith("__")
        && name.length() > 2
        && (isUpper(name.charAt(2))
            || (name.length() > 4 && name.endsWith("__"))
            || name.startsWith("__builtin_")
            || name.startsWith("__has_"));
  }

  // Character.isLetter and isDigit would let all of Unicode in.
  private static boolean isUpper(int c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
