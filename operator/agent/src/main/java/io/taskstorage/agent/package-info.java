/**
 * The agent of one node: the turn that knows all five stages, and what wakes it.
 *
 * <p>Reading order: {@link io.taskstorage.agent.Turn}, then the stages in its order: {@code
 * observe}, {@code compute}, {@code plan}, {@code execute}, {@code report}; {@link
 * io.taskstorage.agent.Loop} (turns for a folder) and {@link io.taskstorage.agent.ClusterLoop}
 * (turns for an API server, which {@code cluster} mirrors); {@link io.taskstorage.agent.Dirty},
 * {@link io.taskstorage.agent.FolderWatch}, {@link io.taskstorage.agent.CgroupWatch}, {@link
 * io.taskstorage.agent.PinWatch} and {@link io.taskstorage.agent.SuccessorWatch} (what wakes them);
 * {@code command} (what people type).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A stage knows only the stages before it. Compute, plan and report are pure.
 *   <li>(B) Events mark the loop dirty and call no stage: whatever woke it, a turn looks at
 *       everything and plans the difference.
 *   <li>(C) Everything that touches the kernel happens on the loop's one platform thread.
 *   <li>(D) A crash at any point leaves a state from which the next turn, also that of another
 *       process, plans the rest.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent;

import org.jspecify.annotations.NullMarked;
