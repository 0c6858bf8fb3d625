package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Owner;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.Adoption.FoundMap;
import io.taskstorage.taskstore.Adoption.PublicPin;
import io.taskstorage.taskstore.Adoption.UnreadableMap;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every case of what is pinned against what is wanted, without a kernel. */
class AdoptionTest {
  private static final int OWN_UID = 0;
  private static final PublicPin ABSENT = new PublicPin.Absent();

  @Test
  void whereNothingIsTheMapIsMade() {
    // When
    Adoption adoption = decide(ABSENT);
    // Then
    assertThat(adoption).isEqualTo(new Adoption.Create());
  }

  @Test
  void aRightMapIsAdoptedWhetherItIsPublicYetOrNot() {
    // Given
    FoundMap found = found(7, TENANT_LAYOUT);
    // When, Then
    assertThat(decide(ABSENT, found)).isEqualTo(new Adoption.Adopt(found));
    assertThat(decide(publicMap(7), found)).isEqualTo(new Adoption.Adopt(found));
  }

  @Test
  void otherOwnersAreTheSameMap() {
    // Given
    StructLayout otherOwners =
        StructLayout.of(
            "tenant_ctx",
            TENANT_LAYOUT.fields().stream().map(f -> f.field().ownedBy(Owner.POLICY)).toList());
    FoundMap found = found(7, otherOwners);
    // When, Then
    assertThat(decide(publicMap(7), found)).isEqualTo(new Adoption.Adopt(found));
  }

  @Test
  void ofTwoRightMapsThePublicOneIsAdopted() {
    // Given
    FoundMap first = found(7, TENANT_LAYOUT);
    FoundMap second = found(9, TENANT_LAYOUT);
    // When, Then
    assertThat(decide(publicMap(9), first, second)).isEqualTo(new Adoption.Adopt(second));
    assertThat(decide(publicMap(7), first, second)).isEqualTo(new Adoption.Adopt(first));
  }

  @Test
  void aMapThatWasMadeForThisLayoutIsAdoptedAlthoughAnOlderOneIsPublic() {
    // Given: a crash between making the new map and publishing it.
    FoundMap old = found(7, HINT_LAYOUT);
    FoundMap made = found(9, TENANT_LAYOUT);
    // When, Then
    assertThat(decide(publicMap(7), old, made)).isEqualTo(new Adoption.Adopt(made));
  }

  @Test
  void anotherLayoutIsReplaced() {
    // Given
    FoundMap old = found(7, HINT_LAYOUT);
    // When
    Adoption adoption = decide(publicMap(7), old);
    // Then
    assertThat(adoption)
        .isEqualTo(
            new Adoption.Replace(
                old,
                List.of(
                    "layout tenant_ctx{tenant_id:U64,app:Char[13],hits:U64!Program,tier:U32}"
                        + " wanted, task_hint{hint:U64} found")));
  }

  @Test
  void aMapOfOursWithOtherAttributesIsReplaced() {
    // Given
    FoundMap old = found(TENANTS, 7, TENANT_LAYOUT, false, "map_flags 1 wanted, 513 found");
    // When
    Adoption adoption = decide(publicMap(7), old);
    // Then
    assertThat(adoption)
        .isEqualTo(new Adoption.Replace(old, List.of("map_flags 1 wanted, 513 found")));
  }

  @Test
  void aRetainedMapGoesToWhoeverHasItsBpfNameNext() {
    // Given
    FoundMap kept = found(HINTS, 7, TENANT_LAYOUT, true);
    FoundMap keptOther = found(HINTS, 7, HINT_LAYOUT, true);
    // When, Then
    assertThat(decide(publicMap(7), kept)).isEqualTo(new Adoption.Adopt(kept));
    assertThat(decide(publicMap(7), keptOther)).isInstanceOf(Adoption.Replace.class);
  }

  @Test
  void aMapInForceKeepsItsBpfName() {
    // Given
    FoundMap others = found(HINTS, 7, TENANT_LAYOUT, false);
    // When, Then
    assertThat(decide(publicMap(7), others)).isEqualTo(new Adoption.Taken(HINTS));
  }

  @Test
  void whatIsNoMapIsForeign() {
    // When, Then
    assertThat(decide(new PublicPin.OfOther("a directory, not a map"), found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "is a directory, not a map", "remove it, or give the map another bpfName"));
  }

  @Test
  void aMapThatIsNotOursIsForeignHoweverMuchItLooksLikeOurs() {
    // When, Then
    assertThat(decide(publicMap(8), found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "is a map that this agent did not make (id 8)",
                "remove it, or give the map another bpfName"));
    assertThat(decide(new PublicPin.OfMap(8, 0, 0600, List.of("value_size 40 wanted, 8 found"))))
        .isEqualTo(
            new Adoption.Foreign(
                "is a map that this agent did not make (id 8, value_size 40 wanted, 8 found)",
                "remove it, or give the map another bpfName"));
  }

  @Test
  void ourMapUnderAPinOfAnotherUserIsForeign() {
    // Given
    PublicPin pin = new PublicPin.OfMap(7, 1000, 0600, List.of());
    // When, Then
    assertThat(decide(pin, found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "belongs to user 1000, not to user 0", "give it back with chown 0"));
  }

  @Test
  void ourMapUnderAPinThatOthersMayOpenIsForeign() {
    // Given
    PublicPin pin = new PublicPin.OfMap(7, 0, 0100666, List.of());
    // When, Then
    assertThat(decide(pin, found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "its mode 0666 lets other users open it",
                "find out who loosened it, then chmod 0600"));
  }

  @Test
  void aPublicMapWhoseRecordIsNotUnderstoodIsNeitherForeignNorReplaced() {
    // Given
    UnreadableRecord newer =
        new UnreadableRecord("tenants", Path.of("/r"), "layout tenant_ctx{id:U128}");
    List<UnreadableMap> unreadable = List.of(new UnreadableMap(newer, 7));
    FoundMap ours = found(9, TENANT_LAYOUT);
    // When, Then
    assertThat(Adoption.decide(TENANT_MAP, List.of(ours), unreadable, publicMap(7), OWN_UID))
        .isEqualTo(new Adoption.Unreadable(newer));
    assertThat(Adoption.decide(TENANT_MAP, List.of(ours), unreadable, publicMap(9), OWN_UID))
        .isEqualTo(new Adoption.Adopt(ours));
    assertThat(Adoption.decide(TENANT_MAP, List.of(), unreadable, ABSENT, OWN_UID))
        .isEqualTo(new Adoption.Create());
  }

  private static Adoption decide(PublicPin pin, FoundMap... found) {
    return Adoption.decide(TENANT_MAP, List.of(found), List.of(), pin, OWN_UID);
  }

  private static PublicPin publicMap(int id) {
    return new PublicPin.OfMap(id, OWN_UID, 0100600, List.of());
  }

  private static FoundMap found(int id, StructLayout layout) {
    return found(TENANTS, id, layout, false);
  }

  private static FoundMap found(
      MapName name, int id, StructLayout layout, boolean retained, String... differences) {
    Path folder = Path.of("/bpf/agent/maps/" + name + "/" + PinTree.version(layout) + "_" + id);
    return new FoundMap(
        new RecordedMap(name, TENANT_CTX, layout, Reclaim.DELETE, retained, folder),
        id,
        List.of(differences));
  }
}
