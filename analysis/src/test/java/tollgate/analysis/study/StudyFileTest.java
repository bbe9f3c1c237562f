package tollgate.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Metric;
import tollgate.ingest.BadInput;

/** What a study says, and all that is wrong with one at once. */
final class StudyFileTest {
    @TempDir
    Path folder;

    @BeforeEach
    void traces() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "");
        Files.writeString(folder.resolve("b.txt"), "");
    }

    private Study read(String... lines) throws IOException {
        return StudyFile.read(Files.writeString(folder.resolve("s.yaml"), String.join("\n", lines)));
    }

    private List<String> wrong(String... lines) {
        Throwable wrong = catchThrowable(() -> read(lines));
        assertThat(wrong).isInstanceOf(BadInput.class);
        return wrong.getMessage()
                .replace(folder.resolve("s.yaml") + ":", "")
                .lines()
                .toList();
    }

    @Test
    void allButTracesMayBeLeftOut() throws IOException {
        Study study = read("traces: [a.txt]");
        assertThat(study.traces())
                .containsExactly(new Study.Trace("a", folder.resolve("a.txt").toString(), "", Optional.empty(), ""));
        assertThat(study.cpus()).extracting(CpuProfile::name).containsExactly("skylake-sp");
        assertThat(study.strategies()).contains("kpti", "sci", "mainline").doesNotContain("verw");
        assertThat(study.seed()).isEqualTo(1);
        assertThat(study.sweeps()).isEmpty();
    }

    @Test
    void aStudySaysItAll() throws IOException {
        Study study = read(
                "traces: [a.txt, {file: b.txt, name: guest, format: csv, sidecar: {clock: none, description: 'x, \"y\"'}}]",
                "strategies: [kpti, 'sci(prefill=0.5)']",
                "cpus: [zen3, skylake-sp]",
                "sweeps:",
                "  one: {over: {price: verw_mds_clear, from: 100, to: 10000, steps: 3, scale: log}, metric: overhead}",
                "  two: {over: {model: user_pages, values: [0.6, 1]}, and: {strategy: kpti, parameter: pcid, values: [true, false]},",
                "    traces: [guest], cpus: [zen3], strategies: [kpti]}");
        assertThat(study.traces().get(1).sidecar()).contains("{\"clock\": none, \"description\": \"x, \\\"y\\\"\"}");
        Sweep one = study.sweeps().get(0);
        assertThat(one)
                .isEqualTo(new Sweep(
                        "one",
                        new Axis(Axis.Kind.PRICE, "verw_mds_clear", "", List.of("100", "1000", "10000"), true),
                        Optional.empty(),
                        Optional.of(Metric.OVERHEAD),
                        OptionalDouble.empty(),
                        List.of("a", "guest"),
                        List.of("zen3", "skylake-sp"),
                        List.of("kpti", "sci(prefill=0.5)")));
        assertThat(study.sweeps().get(1).variants())
                .containsExactly("kpti(pcid=true)", "kpti(pcid=false)", "kpti(pcid=true)", "kpti(pcid=false)");
    }

    /** A trace on two machines; on one of them, and only for one trace, two more strategies for a sweep. */
    @Test
    void whatIsSweptWithoutReplayAddsNoTask() throws IOException {
        Study study = read(
                "traces: [a.txt, b.txt]",
                "strategies: [kpti]",
                "cpus: [zen3, skylake-sp]",
                "sweeps:",
                "  one: {over: {price: verw_mds_clear, from: 100, to: 10000, steps: 100}}",
                "  two: {over: {strategy: kpti, parameter: pcid, values: [true, false]}, traces: [a], cpus: [zen3]}");
        Plan plan = Plan.of(study);
        // Both traces are the same bytes, but files of other names: 2 x 2, and one more. pcid=true is kpti itself.
        assertThat(plan.tasks()).hasSize(5);
        assertThat(plan.cells().get(new Plan.Cell("a", "zen3")).get(1).strategies())
                .extracting(text -> text.strategy().name())
                .containsExactly("kpti(pcid=false)");
    }

    /** The second level at four values on one machine, of which one is its own; another frequency is priced, not replayed. */
    @Test
    void aSweptCpuIsReplayedWhereItsMachineMoves() throws IOException {
        Study study = read(
                "traces: [a.txt]",
                "strategies: [kpti, sci]",
                "cpus: [zen3, skylake-sp]",
                "sweeps:",
                "  one: {over: {cpu: stlb.entries, from: 384, to: 3072, steps: 4, scale: log}, cpus: [skylake-sp],",
                "    strategies: [kpti]}",
                "  two: {over: {cpu: ghz, values: [2, 3]}, and: {cpu: stlb.ways, values: [6, 12]}, cpus: [skylake-sp]}");
        assertThat(study.sweeps().get(0).over().values()).containsExactly("384", "768", "1536", "3072");
        assertThat(study.sweeps().get(0).over().label()).isEqualTo("cpu.stlb.entries");
        Plan plan = Plan.of(study);
        // Two machines, three other second levels, and both strategies with six ways, at one frequency as at the other.
        assertThat(plan.tasks()).hasSize(2 + 3 + 1);
        Plan.Cell own = new Plan.Cell("a", "skylake-sp");
        assertThat(plan.of(new Plan.Cell("a", "skylake-sp(stlb.entries=1536)")))
                .isEqualTo(plan.cells().get(own));
        assertThat(plan.of(new Plan.Cell("a", "skylake-sp(ghz=3,stlb.ways=12)")))
                .isEqualTo(plan.cells().get(own));
        assertThat(plan.of(new Plan.Cell("a", "skylake-sp(ghz=2,stlb.ways=6)")))
                .isEqualTo(plan.of(new Plan.Cell("a", "skylake-sp(ghz=3,stlb.ways=6)")))
                .hasSize(1)
                .doesNotContainAnyElementsOf(plan.cells().get(own));
    }

    @Test
    void aCpuThatCannotBeSoIsToldWithItsPlace() {
        assertThat(wrong(
                        "traces: [a.txt]",
                        "cpus: [skylake-sp, zen3]",
                        "sweeps:",
                        "  a: {over: {cpu: stlb.entrys, values: [1]}}",
                        "  b: {over: {cpu: nested.entries, values: [32, 64]}}",
                        "  c: {over: {cpu: nested.entries, values: [32, 64]}, cpus: [zen3]}"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo(
                                        "4:19: unknown parameter of a CPU 'stlb.entrys'; did you mean 'stlb.entries'?"),
                        line -> assertThat(line)
                                .isEqualTo("5:13: nested.entries=32 on skylake-sp: it has no such cache"));
    }

    /** A parameter of a strategy is replayed with mainline beside it where its figures are told against that. */
    @Test
    void whatIsToldAgainstMainlineIsReplayedBesideIt() throws IOException {
        String sweep =
                "  s: {over: {strategy: kpti, parameter: pcid, values: [false]}, metric: overhead_against_mainline}";
        Study study = read("traces: [a.txt]", "strategies: [kpti, mainline]", "sweeps:", sweep);
        assertThat(Plan.of(study).tasks().get(1).strategies())
                .extracting(text -> text.strategy().name())
                .containsExactly("kpti(pcid=false)", "mainline");
        assertThat(wrong("traces: [a.txt]", "strategies: [kpti]", "sweeps:", sweep))
                .containsExactly("4:73: expected 'mainline' among the study's strategies; add it");
    }

    @Test
    void allThatIsWrongIsToldAtOnceWithItsPlace() {
        assertThat(wrong(
                        "traces: [c.txt, {file: a.txt, sidecar: {clok: none}}, a.txt]",
                        "strategies: [kpty, 'kpti(foo=1)', kpti]",
                        "cpus: [skylake-sq]",
                        "sede: 2",
                        "sweeps:",
                        "  A b: {over: {price: ver, from: 1, to: 2, steps: 2}}",
                        "  c: {over: {model: user_pages, values: [9]}, metric: overhed, strategies: [sci]}",
                        "  d: {over: {strategy: kpti, parameter: pcid, values: [maybe]}}",
                        "  e: {over: {}}"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("1:10: no such file or folder: 'c.txt'; did you mean 'a.txt'?"
                                        + "; paths are relative to the study"),
                        line -> assertThat(line)
                                .isEqualTo("1:41: unknown key 'traces[1].sidecar.clok'; did you mean"
                                        + " 'traces[1].sidecar.clock'?"),
                        line -> assertThat(line)
                                .isEqualTo("1:55: two workloads are called 'a'; give one another 'name'"),
                        line -> assertThat(line).startsWith("2:14: unknown strategy 'kpty'; did you mean 'kpti'?"),
                        line -> assertThat(line).startsWith("2:20: kpti: no parameter 'foo'"),
                        line -> assertThat(line).isEqualTo("3:8: unknown CPU 'skylake-sq'; did you mean 'skylake-sp'?"),
                        line -> assertThat(line).startsWith("4:1: unknown key 'sede'; did you mean 'seed'?"),
                        line -> assertThat(line).startsWith("6:8: expected a sweep's name"),
                        line -> assertThat(line).isEqualTo("6:23: unknown price 'ver'; did you mean 'verw_mds_clear'?"),
                        line -> assertThat(line).contains("expected a number from 0.6 to 1.6"),
                        line -> assertThat(line).contains("did you mean 'overhead'?"),
                        line -> assertThat(line).contains("'sci' is not among the study's strategies; known: kpti"),
                        line -> assertThat(line).contains("pcid must be true or false, not 'maybe'"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "9:13: expected one of price, cpu, model, rate, strategy, found none; say what is"
                                                + " swept"));
    }

    @Test
    void aSweepOfTheBaselineAloneShowsNothing() {
        assertThat(wrong(
                        "traces: [a.txt]",
                        "strategies: [baseline, kpti]",
                        "sweeps:",
                        "  one: {over: {price: ibpb, values: [1, 2]}, strategies: [baseline], level: 5}",
                        "  two: {over: {price: ibpb, values: [1, 2]}, strategies: []}"))
                .containsExactly(
                        "4:8: expected at least one strategy other than 'baseline' to be swept over",
                        "5:8: expected at least one strategy other than 'baseline' to be swept over");
    }
}
