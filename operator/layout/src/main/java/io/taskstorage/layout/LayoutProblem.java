package io.taskstorage.layout;

/**
 * One thing that is wrong with a struct definition.
 *
 * <p>The path is relative to the spec, such as {@code value.fields[3].length}; the message says the
 * cause and then how to mend it, separated by a colon.
 */
public sealed interface LayoutProblem {

  /** Where it is, relative to the spec. */
  String path();

  /** What is wrong and how to mend it. */
  String message();

  /** A name that C's grammar does not allow. */
  record NotAnIdentifier(String path, String name) implements LayoutProblem {
    @Override
    public String message() {
      return Quote.text(name)
          + " is not a C identifier: use letters, digits and _, and do not begin with a digit";
    }
  }

  /** A name longer than the API allows. */
  record NameTooLong(String path, int lengthCharacters) implements LayoutProblem {
    @Override
    public String message() {
      return "a name of %s characters: at most %s are allowed: shorten it"
          .formatted(lengthCharacters, StructLayout.MAX_NAME_CHARACTERS);
    }
  }

  /** A name that C or gcc's dialect of it keeps for itself. */
  record ReservedName(String path, String name, String why) implements LayoutProblem {
    @Override
    public String message() {
      return "%s is %s: choose another name".formatted(name, why);
    }
  }

  /** A field name that an earlier field has. */
  record DuplicateName(String path, String name, int firstIndex) implements LayoutProblem {
    @Override
    public String message() {
      return "%s is also the name of fields[%s]: give each field its own name"
          .formatted(name, firstIndex);
    }
  }

  /** A type that exists only with a length, without one. */
  record LengthMissing(String path, ScalarType type) implements LayoutProblem {
    @Override
    public String message() {
      return "%s needs a length: add one from 1 to %s"
          .formatted(type.wireName(), StructLayout.MAX_LENGTH);
    }
  }

  /** A length on a type of which there is no array. */
  record LengthNotAllowed(String path, ScalarType type) implements LayoutProblem {
    @Override
    public String message() {
      return "%s takes no length: use U8 with this length, or one field for each flag"
          .formatted(type.wireName());
    }
  }

  /** A length that no struct can have. */
  record LengthOutOfRange(String path, int length) implements LayoutProblem {
    @Override
    public String message() {
      return "%s is out of range: a length is from 1 to %s"
          .formatted(length, StructLayout.MAX_LENGTH);
    }
  }

  /** A struct without fields; C knows none. */
  record NoFields(String path) implements LayoutProblem {
    @Override
    public String message() {
      return "no fields: a struct has from 1 to %s: add one".formatted(StructLayout.MAX_FIELDS);
    }
  }

  /** More fields than the API allows. */
  record TooManyFields(String path, int count) implements LayoutProblem {
    @Override
    public String message() {
      return "%s fields: a struct has from 1 to %s: join some into arrays or drop some"
          .formatted(count, StructLayout.MAX_FIELDS);
    }
  }

  /** More bytes than the kernel takes. */
  record TooLarge(String path, long sizeBytes) implements LayoutProblem {
    @Override
    public String message() {
      return "%s bytes with padding: a task storage value has at most %s: shorten or drop fields"
          .formatted(sizeBytes, StructLayout.MAX_SIZE_BYTES);
    }
  }
}
