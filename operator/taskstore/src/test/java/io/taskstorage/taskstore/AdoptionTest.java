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
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every case of what is pinned against what is wanted, without a kernel. */
class AdoptionTest {
  private static final int OWN_UID = 0;
  private static final Adoption.Ours OURS = new Adoption.Ours(OWN_UID, PinAccess.PRIVATE);
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
    assertThat(decide(new PublicPin.OfMap(8, 0, 0, 0600, List.of("value_size 40 wanted, 8 found"))))
        .isEqualTo(
            new Adoption.Foreign(
                "is a map that this agent did not make (id 8, value_size 40 wanted, 8 found)",
                "remove it, or give the map another bpfName"));
  }

  @Test
  void ourMapUnderAPinOfAnotherUserIsForeign() {
    // Given
    PublicPin pin = new PublicPin.OfMap(7, 1000, 0, 0600, List.of());
    // When, Then
    assertThat(decide(pin, found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "belongs to user 1000, not to user 0", "give it back with chown 0"));
  }

  @Test
  void ourMapUnderAPinThatOthersMayOpenIsForeign() {
    // Given
    PublicPin pin = pinOf(0, 0100666);
    // When, Then
    assertThat(decide(pin, found(7, TENANT_LAYOUT)))
        .isEqualTo(
            new Adoption.Foreign(
                "its mode 0666 lets other users open it",
                "find out who loosened it, then chmod 0600"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0640 | lets other users open it | 0660 | 1000 | who loosened it, then chmod 0640",
        "0640 | lets other users open it | 0644 | 1000 | who loosened it, then chmod 0640",
        "0660 | lets group 2000 open it  | 0660 | 2000 | who gave it to them, then chgrp 1000",
        "0660 | lets other users open it | 0666 | 2000 | who loosened it, then chmod 0660"
      })
  void ourMapUnderAPinThatLetsInMoreThanWasAskedForIsForeign(
      String wanted, String why, String mode, int gid, String mend) {
    // Given
    PinAccess access = access(wanted, 1000);
    // When, Then
    assertThat(decide(pinOf(gid, mode(mode)), access))
        .isEqualTo(new Adoption.Foreign("its mode " + mode + " " + why, "find out " + mend));
  }

  @ParameterizedTest
  @CsvSource({"0640, 1000", "0600, 2000", "0620, 3000", "0660, 3000", "0640, 4000", "0400, 0"})
  void whatWasAskedForOnceOrLetsInLessIsOurs(String mode, int gid) {
    // Given
    PinAccess[] earlier = {access("0660", 3000), access("0640", 4000)};
    // When, Then
    assertThat(decide(pinOf(gid, mode(mode)), access("0640", 1000), earlier))
        .isInstanceOf(Adoption.Adopt.class);
  }

  @Test
  void whatAnAgentDidWithAnotherMapSaysNothingOfThisPin() {
    // Given
    FoundMap public7 = found(7, TENANT_LAYOUT);
    FoundMap other = withAccess(found(9, HINT_LAYOUT), access("0660", 1000));
    // When, Then
    assertThat(decide(pinOf(1000, 0100660), public7, other)).isInstanceOf(Adoption.Foreign.class);
  }

  @Test
  void aPublicMapWhoseRecordIsNotUnderstoodIsNeitherForeignNorReplaced() {
    // Given
    UnreadableRecord newer =
        new UnreadableRecord("tenants", Path.of("/r"), "layout tenant_ctx{id:U128}");
    List<UnreadableMap> unreadable = List.of(new UnreadableMap(newer, 7));
    FoundMap ours = found(9, TENANT_LAYOUT);
    // When, Then
    assertThat(Adoption.decide(TENANT_MAP, List.of(ours), unreadable, publicMap(7), OURS))
        .isEqualTo(new Adoption.Unreadable(newer));
    assertThat(Adoption.decide(TENANT_MAP, List.of(ours), unreadable, publicMap(9), OURS))
        .isEqualTo(new Adoption.Adopt(ours));
    assertThat(Adoption.decide(TENANT_MAP, List.of(), unreadable, ABSENT, OURS))
        .isEqualTo(new Adoption.Create());
  }

  private static Adoption decide(PublicPin pin, FoundMap... found) {
    return Adoption.decide(TENANT_MAP, List.of(found), List.of(), pin, OURS);
  }

  private static Adoption decide(PublicPin pin, PinAccess wanted, PinAccess... earlier) {
    return Adoption.decide(
        TENANT_MAP,
        List.of(withAccess(found(7, TENANT_LAYOUT), earlier)),
        List.of(),
        pin,
        new Adoption.Ours(OWN_UID, wanted));
  }

  private static PublicPin pinOf(int gid, int mode) {
    return new PublicPin.OfMap(7, OWN_UID, gid, mode, List.of());
  }

  private static int mode(String text) {
    return 0100000 | Integer.parseInt(text, 8);
  }

  private static PinAccess access(String mode, int group) {
    return new PinAccess(Integer.parseInt(mode, 8), OptionalInt.of(group));
  }

  private static FoundMap withAccess(FoundMap found, PinAccess... access) {
    return new FoundMap(found.record(), found.mapId(), found.differences(), List.of(access));
  }

  private static PublicPin publicMap(int id) {
    return new PublicPin.OfMap(id, OWN_UID, 0, 0100600, List.of());
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
        List.of(differences),
        List.of());
  }
}
