package io.taskstorage.policy.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.taskstorage.layout.Field;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The types that an expression may meet on its way, and those that a field takes. */
final class CelTypes {

  static final MapType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);

  private static final Set<CelType> SCALARS =
      Set.of(SimpleType.BOOL, SimpleType.INT, SimpleType.UINT, SimpleType.STRING, SimpleType.BYTES);

  private CelTypes() {}

  static CelType of(CelVariable variable) {
    return switch (variable.kind()) {
      case TEXT -> SimpleType.STRING;
      case TEXTS -> TEXTS;
    };
  }

  /**
   * True for scalars, lists and optionals of them, and the maps that variables hold.
   *
   * <p>Everything else would cost more to look at than its size tells, or means another thing on
   * another machine. A list that nobody has put anything into has elements of no known type.
   */
  static boolean isAllowed(CelType type) {
    return switch (type) {
      case ListType list -> isScalar(list.elemType()) || list.elemType().equals(SimpleType.DYN);
      case OptionalType optional ->
          optional.parameters().stream().allMatch(of -> isAllowed(of) || of.equals(SimpleType.DYN));
      default -> isScalar(type) || type.equals(TEXTS);
    };
  }

  static boolean isInteger(CelType type) {
    return type.equals(SimpleType.INT) || type.equals(SimpleType.UINT);
  }

  private static boolean isScalar(CelType type) {
    return SCALARS.contains(type);
  }

  /** True if a result of this type can be the field's value. */
  static boolean fits(Field field, CelType result) {
    return accepted(field).contains(result);
  }

  /** The types that the field takes, for people. */
  static String acceptedText(Field field) {
    return accepted(field).stream().map(CelTypes::text).collect(Collectors.joining(" or "));
  }

  private static List<CelType> accepted(Field field) {
    return switch (field.type()) {
      case U8, U16, U32, U64, S8, S16, S32, S64 ->
          field.isIntegerArray()
              ? List.of(ListType.create(SimpleType.INT), ListType.create(SimpleType.UINT))
              : List.of(SimpleType.INT, SimpleType.UINT);
      case BOOL -> List.of(SimpleType.BOOL);
      case CHAR -> List.of(SimpleType.STRING);
      case BYTES -> List.of(SimpleType.BYTES);
    };
  }

  /** The type as expressions call it. */
  static String text(CelType type) {
    return switch (type) {
      case ListType list -> "list(" + text(list.elemType()) + ")";
      case MapType map -> "map(" + text(map.keyType()) + ", " + text(map.valueType()) + ")";
      case OptionalType optional ->
          "optional("
              + optional.parameters().stream().map(CelTypes::text).collect(Collectors.joining(", "))
              + ")";
      default -> type.name();
    };
  }
}
