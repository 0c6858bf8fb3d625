package io.taskstorage.e2e.operator;

/** What a situation means to whoever waits for an object, in the words of kstatus and Argo CD. */
enum Verdict {
  /** It will be well without anybody's doing. */
  WAIT("InProgress", "Progressing"),
  /** As good as it is meant to be. */
  DONE("Current", "Healthy"),
  /** Somebody must act. */
  ACT("Failed", "Degraded");

  private final String kstatus;
  private final String argo;

  Verdict(String kstatus, String argo) {
    this.kstatus = kstatus;
    this.argo = argo;
  }

  String kstatus() {
    return kstatus;
  }

  String argo() {
    return argo;
  }
}
