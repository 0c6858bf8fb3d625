package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.layout.Owner;
import io.taskstorage.layout.StructLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PinTreeTest {
  private final PinTree tree = new PinTree(Path.of("/sys/fs/bpf"));

  @Test
  void everyPathIsBelowOneOfTwoFolders() {
    // When, Then
    assertThat(tree.publicPin(TENANT_CTX)).hasToString("/sys/fs/bpf/taskstorage/tenant_ctx");
    assertThat(tree.agentFolder()).hasToString("/sys/fs/bpf/taskstorage_agent");
    assertThat(tree.stagedPin(TENANT_CTX))
        .hasToString("/sys/fs/bpf/taskstorage_agent/new/tenant_ctx");
    assertThat(tree.record(tree.maps(), TENANTS, TENANT_CTX, TENANT_LAYOUT))
        .hasToString("/sys/fs/bpf/taskstorage_agent/maps/tenants/tenant_ctx/9393d79a195c6429");
    assertThat(tree.record(tree.retained(), TENANTS, TENANT_CTX, TENANT_LAYOUT))
        .hasToString("/sys/fs/bpf/taskstorage_agent/retained/tenants/tenant_ctx/9393d79a195c6429");
  }

  @Test
  void aRecordsFolderTellsOwnersApartToo() {
    // Given
    StructLayout otherOwners =
        StructLayout.of(
            "tenant_ctx",
            TENANT_LAYOUT.fields().stream().map(f -> f.field().ownedBy(Owner.POLICY)).toList());
    // When, Then
    assertThat(otherOwners.digest()).isEqualTo(TENANT_LAYOUT.digest());
    assertThat(PinTree.version(otherOwners)).isNotEqualTo(PinTree.version(TENANT_LAYOUT));
  }

  @Test
  void aRootHasNoParent() {
    // When, Then
    assertThatThrownBy(() -> PinTree.parent(Path.of("/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parent of /: none");
  }
}
