/**
 * A real API server for tests: etcd, kube-apiserver and the controllers as processes of this
 * machine, started by the program in {@code e2e/cluster}; and, for tests that need it, the operator
 * with its controller and agents beside it.
 *
 * <p>Read {@link io.taskstorage.testkit.cluster.ApiServerTest}, {@link
 * io.taskstorage.testkit.cluster.ApiServer}, {@link io.taskstorage.testkit.cluster.FaultyProxy}
 * (networks and servers that fail), {@link io.taskstorage.testkit.cluster.OtherDefinition}
 * (definitions of other versions); then {@link io.taskstorage.testkit.cluster.OperatorTest}, {@link
 * io.taskstorage.testkit.cluster.OperatorCluster}, {@link io.taskstorage.testkit.cluster.Host}.
 *
 * <p>Invariants: (A) A JVM has at most one server of each Kubernetes version, and at most one
 * cluster with an operator, and tests share them: what they make is in a namespace of their own, or
 * has a name of their own. (B) All of it ends with the JVM, however that ends. (C) Where tests are
 * required to run, a server that cannot be had is a failure.
 */
@NullMarked
package io.taskstorage.testkit.cluster;

import org.jspecify.annotations.NullMarked;
