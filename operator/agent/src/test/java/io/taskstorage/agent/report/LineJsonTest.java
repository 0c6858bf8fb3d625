package io.taskstorage.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.execute.Outcome.Effect;
import io.taskstorage.agent.observe.FileNotice;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.console.Json;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.TaskFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs read these: what is here may be added to and never changed. */
class LineJsonTest {
  private static final MapName MAP = new MapName("ctx");
  private static final BpfName BPF_NAME = new BpfName("ctx");
  private static final StructLayout LAYOUT = StructLayout.parse("ctx{a:U64}");
  private static final Cgroup CGROUP = new Cgroup(new CgroupId(7), Optional.empty(), "/web");
  private static final ObjectKey KEY = new ObjectKey("TaskStorageMap", "ctx");
  private static final Step INSTALL =
      new Step.InstallMap(new StoreMap(MAP, BPF_NAME, LAYOUT, Reclaim.DELETE));

  static Stream<Arguments> lines() {
    FileProblem ofFile =
        new FileProblem(new Place("a.yaml", 0), Optional.empty(), "", "not UTF-8 text");
    FileProblem ofField =
        new FileProblem(new Place("a.yaml", 3), Optional.of(KEY), "spec.x", "unknown field");
    TaskFailure ofMap =
        new TaskFailure(Optional.of(MAP), "ENOMEM", "no memory", 2, OptionalInt.of(41));
    TaskFailure ofAll =
        new TaskFailure(Optional.empty(), "EMFILE", "too many", 0, OptionalInt.empty());
    return Stream.of(
        line(
            new Line.ProblemFound(ofFile),
            "{'event':'Problem','file':'a.yaml','message':'not UTF-8 text'}"),
        line(
            new Line.ProblemFound(ofField),
            "{'event':'Problem','file':'a.yaml','line':3,'kind':'TaskStorageMap','name':'ctx',"
                + "'path':'spec.x','message':'unknown field'}"),
        line(
            new Line.ProblemMended(ofFile),
            "{'event':'Mended','file':'a.yaml','message':'not UTF-8 text'}"),
        line(
            new Line.Noticed(new FileNotice(new Place("a.yaml", 1), "skipped")),
            "{'event':'Notice','file':'a.yaml','line':1,'message':'skipped'}"),
        line(new Line.Warned("slow"), "{'event':'Warning','message':'slow'}"),
        line(new Line.Unreadable("open x"), "{'event':'Unreadable','message':'open x'}"),
        line(new Line.ReadableAgain("open x"), "{'event':'ReadableAgain','message':'open x'}"),
        line(
            new Line.Swept(MAP, new SweepCounts(9, 1, 2, 3, 4, 5, 6)),
            "{'event':'Swept','map':'ctx','tasks':9,'created':1,'updated':2,'deleted':3,'late':5,"
                + "'foreign':4,'failed':6}"),
        line(
            new Line.TasksFailed(ofMap),
            "{'event':'TasksFailed','map':'ctx','reason':'ENOMEM','message':'no memory','tasks':2,"
                + "'exampleTid':41}"),
        line(
            new Line.TasksMended(ofAll),
            "{'event':'TasksMended','reason':'EMFILE','message':'too many','tasks':0}"),
        line(new Line.ObjectGone(KEY), "{'event':'Gone','kind':'TaskStorageMap','name':'ctx'}"),
        line(
            new Line.StatusChanged(ObjectStatus.accepted(KEY, "", Reason.PROGRAMMED, "8 bytes")),
            "{'event':'Status','kind':'TaskStorageMap','name':'ctx','conditions':["
                + "{'type':'Accepted','status':'True','reason':'Accepted','message':''},"
                + "{'type':'Programmed','status':'True','reason':'Programmed','message':'8 bytes'},"
                + "{'type':'Ready','status':'True','reason':'Programmed','message':'8 bytes'},"
                + "{'type':'Stalled','status':'False','reason':'Programmed','message':''}]}"));
  }

  static Stream<Arguments> steps() {
    String install = "'step':'InstallMap','map':'ctx','bpfName':'ctx','valueBytes':8";
    return Stream.of(
        step(
            new Outcome.Done(INSTALL, new Effect.Installed(new Installation.Created())),
            install + ",'outcome':'Done','installation':'Created'"),
        step(
            new Outcome.Done(INSTALL, new Effect.Installed(new Installation.Adopted())),
            install + ",'outcome':'Done','installation':'Adopted'"),
        step(
            new Outcome.Done(
                INSTALL,
                new Effect.Installed(new Installation.Replaced("12ab", List.of("a: U32")))),
            install
                + ",'outcome':'Done','installation':'Replaced','oldDigest':'12ab',"
                + "'differences':['a: U32']"),
        step(
            new Outcome.Failed(
                INSTALL, new StoreProblem.ForeignPin(Path.of("/p"), "is a folder", "remove it")),
            install
                + ",'outcome':'Failed','reason':'ForeignPin',"
                + "'message':'pin /p: is a folder: remove it'"),
        step(
            new Outcome.Skipped(new Step.PublishMap(MAP, BPF_NAME), "it failed"),
            "'step':'PublishMap','map':'ctx','bpfName':'ctx','outcome':'Skipped',"
                + "'message':'it failed'"),
        step(
            new Outcome.Done(
                new Step.RemoveMap(MAP, BPF_NAME, Reclaim.RETAIN), new Effect.AsPlanned()),
            "'step':'RemoveMap','map':'ctx','bpfName':'ctx','reclaimPolicy':'Retain',"
                + "'outcome':'Done'"),
        step(
            new Outcome.Done(
                new Step.Assign(row()), new Effect.AssignedWithout(new TreeSet<>(List.of(MAP)))),
            "'step':'Assign','cgroup':'/web','cgroupId':7,'values':{'ctx':{'a':'5'}},"
                + "'decidedBy':{'ctx':{}},'outcome':'Done','without':['ctx']"),
        step(
            new Outcome.Done(new Step.Unassign(CGROUP), new Effect.AsPlanned()),
            "'step':'Unassign','cgroup':'/web','cgroupId':7,'outcome':'Done'"),
        step(
            new Outcome.Skipped(new Step.Sweep(new TreeMap<>()), "no reason"),
            "'step':'Sweep','outcome':'Skipped','message':'no reason'"));
  }

  @ParameterizedTest
  @MethodSource({"lines", "steps"})
  void everyLineHasItsOwnForm(Line line, String expected) {
    // When, Then
    assertThat(json(LineJson.of(line))).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void noKindOfLineAndNoStepIsMissingHere() {
    // Given
    List<Line> lines =
        Stream.concat(lines(), steps()).map(arguments -> (Line) arguments.get()[0]).toList();

    // When
    List<Class<?>> steps =
        lines.stream()
            .filter(Line.Stepped.class::isInstance)
            .<Class<?>>map(line -> ((Line.Stepped) line).outcome().step().getClass())
            .toList();

    // Then
    assertThat(lines)
        .extracting(Object::getClass)
        .containsAll(Arrays.asList(Line.class.getPermittedSubclasses()));
    assertThat(steps).containsAll(Arrays.asList(Step.class.getPermittedSubclasses()));
  }

  @Test
  void theTotalsHaveEveryCount() {
    // When, Then
    assertThat(json(LineJson.of(new Totals(1, 2, 3, 4, 5, 6, 7, 8, 9))))
        .isEqualTo(
            "{'maps':1,'policies':2,'cgroups':3,'entries':4,'written':5,'late':6,'foreign':7,"
                    .replace('\'', '"')
                + "'deleted':8,'failed':9}".replace('\'', '"'));
  }

  private static DesiredRow row() {
    Row row = new Row(Map.of(MAP, Value.zero(LAYOUT.sizeBytes())));
    Map<String, String> fields = new LinkedHashMap<>(Map.of("a", "5"));
    return new DesiredRow(
        CGROUP,
        new Resolved(
            row, new TreeMap<>(Map.of(MAP, fields)), new TreeMap<>(Map.of(MAP, List.of()))),
        Set.of());
  }

  private static Arguments line(Line line, String json) {
    return Arguments.of(line, json);
  }

  private static Arguments step(Outcome outcome, String properties) {
    return line(new Line.Stepped(outcome), "{'event':'Step'," + properties + "}");
  }

  private static String json(Map<String, Object> properties) {
    StringWriter out = new StringWriter();
    Json.printLine(new PrintWriter(out, true), properties);
    return out.toString().stripTrailing();
  }
}
