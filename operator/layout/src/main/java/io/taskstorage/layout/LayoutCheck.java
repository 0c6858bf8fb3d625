package io.taskstorage.layout;

import io.taskstorage.layout.LayoutProblem.DuplicateName;
import io.taskstorage.layout.LayoutProblem.LengthMissing;
import io.taskstorage.layout.LayoutProblem.LengthNotAllowed;
import io.taskstorage.layout.LayoutProblem.LengthOutOfRange;
import io.taskstorage.layout.LayoutProblem.NameTooLong;
import io.taskstorage.layout.LayoutProblem.NoFields;
import io.taskstorage.layout.LayoutProblem.NotAnIdentifier;
import io.taskstorage.layout.LayoutProblem.ReservedName;
import io.taskstorage.layout.LayoutProblem.TooLarge;
import io.taskstorage.layout.LayoutProblem.TooManyFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges a definition: every problem at once, in the order of the definition's text. */
final class LayoutCheck {

  private final List<LayoutProblem> problems = new ArrayList<>();

  private LayoutCheck() {}

  static List<LayoutProblem> problems(String typeName, List<Field> fields) {
    LayoutCheck check = new LayoutCheck();
    check.name("value.typeName", typeName);
    check.fieldCount(fields.size());
    Map<String, Integer> firstIndex = new HashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      String path = "value.fields[" + i + "]";
      check.name(path + ".name", field.name());
      Integer first = firstIndex.putIfAbsent(field.name(), i);
      // What is no name at all is told as that, and never repeated in a message.
      if (first != null && CIdentifier.isWellFormed(field.name())) {
        check.problems.add(new DuplicateName(path + ".name", field.name(), first));
      }
      lengthProblem(path + ".length", field).ifPresent(check.problems::add);
    }
    check.size(fields);
    return List.copyOf(check.problems);
  }

  private void name(String path, String name) {
    if (name.length() > StructLayout.MAX_NAME_CHARACTERS) {
      problems.add(new NameTooLong(path, name.length()));
    }
    if (!CIdentifier.isWellFormed(name)) {
      problems.add(new NotAnIdentifier(path, name));
    } else {
      CIdentifier.reservedBecause(name)
          .ifPresent(why -> problems.add(new ReservedName(path, name, why)));
    }
  }

  private void fieldCount(int count) {
    if (count == 0) {
      problems.add(new NoFields("value.fields"));
    } else if (count > StructLayout.MAX_FIELDS) {
      problems.add(new TooManyFields("value.fields", count));
    }
  }

  private static Optional<LayoutProblem> lengthProblem(String path, Field field) {
    ScalarType type = field.type();
    if (field.length().isEmpty()) {
      return type.needsLength() ? Optional.of(new LengthMissing(path, type)) : Optional.empty();
    }
    if (!type.allowsLength()) {
      return Optional.of(new LengthNotAllowed(path, type));
    }
    int length = field.length().getAsInt();
    return length < 1 || length > StructLayout.MAX_LENGTH
        ? Optional.of(new LengthOutOfRange(path, length))
        : Optional.empty();
  }

  /** The size of what has a size: a field with a wrong length has its own problem already. */
  private void size(List<Field> fields) {
    long end = 0;
    long strictest = 1;
    for (Field field : fields) {
      if (lengthProblem("", field).isPresent()) {
        continue;
      }
      long alignment = field.type().sizeBytes();
      end = alignUp(end, alignment) + field.sizeBytes();
      strictest = Math.max(strictest, alignment);
    }
    long size = alignUp(end, strictest);
    if (size > StructLayout.MAX_SIZE_BYTES) {
      problems.add(new TooLarge("value.fields", size));
    }
  }

  private static long alignUp(long offset, long alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
