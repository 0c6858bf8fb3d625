package io.taskstorage.bpf.contract;

import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The tables, each with the checks of its rows. */
enum Table {
  /** Element commands by pidfd. */
  ELEMENTS,
  /** The keys. */
  PIDFDS,
  /** Pins. */
  PINS,
  /** Descriptors of one direction, frozen maps. */
  ACCESS,
  /** What is not supported. */
  COMMANDS,
  /** Attributes of a new map. */
  MAP_CREATE,
  /** Types of a new map. */
  MAP_TYPES,
  /** Descriptors, lifetime, maps of maps. */
  OBJECTS,
  /** Fields that the kernel knows. */
  SPECIAL_FIELDS,
  /** Two writers of one task. */
  RACES,
  /** What this module refuses. */
  REFUSALS;

  List<Row> rows() {
    return Row.read(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".rows");
  }

  SequencedMap<String, Check> checks() {
    Checks checks =
        switch (this) {
          case ELEMENTS -> ElementChecks.all();
          case PIDFDS -> PidfdChecks.all();
          case PINS -> PinChecks.all();
          case ACCESS -> AccessChecks.all();
          case COMMANDS -> CommandChecks.all();
          case MAP_CREATE -> MapCreateChecks.all();
          case MAP_TYPES -> MapTypeChecks.all();
          case OBJECTS -> ObjectChecks.all();
          case SPECIAL_FIELDS -> SpecialFieldChecks.all();
          case RACES -> RaceChecks.all();
          case REFUSALS -> RefusalChecks.all();
        };
    return checks.byId();
  }
}
