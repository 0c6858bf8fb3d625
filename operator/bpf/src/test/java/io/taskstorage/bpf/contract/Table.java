package io.taskstorage.bpf.contract;

import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The tables, each with the checks of its rows. */
enum Table {
  /** Element commands by pidfd. */
  ELEMENTS(ElementChecks.all());

  private final List<Row> rows;
  private final SequencedMap<String, Check> checks;

  Table(Checks checks) {
    this.rows = Row.read(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".rows");
    this.checks = checks.byId();
  }

  List<Row> rows() {
    return rows;
  }

  SequencedMap<String, Check> checks() {
    return checks;
  }
}
