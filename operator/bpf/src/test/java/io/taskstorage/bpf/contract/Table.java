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
  COMMANDS;

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
        };
    return checks.byId();
  }
}
