package tollgate.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tollgate.ingest.Traces;
import tollgate.ingest.yaml.Yaml;

/** A commented study of the recordings in a folder, for a user to change. */
final class StudyTemplate {
    private static final String HEAD = """
            # A study: all of an evaluation in one file. Run it with 'tollgate study THIS.yaml -o out', see what it would
            # replay with --dry-run. Everything but 'traces' may be left out. Paths are relative to this file.
            title: What isolation costs these workloads

            # Recordings, or a folder of them. A sidecar beside a recording is read (NAME.yaml); one written here is read
            # in its place: - {file: a.perf.txt, name: web, sidecar: {workload: {comm: [nginx]}, clock: real}}
            traces:
            """;

    private static final String TAIL = """

            # As for 'tollgate compare --strategies': names, with parameters, combined by +; groups: isolation, comparators,
            # deployed, all; mainline is what Linux switches on by itself on a CPU. See 'tollgate list strategies'.
            strategies:
              - kpti
              - kvm-asi
              - sci
              - mainline

            # See 'tollgate list cpus', or the path of a profile of your own. A report folder is written for each.
            cpus: [skylake-sp, zen3]

            seed: 1        # the same seed gives the same bytes
            draws: 2048    # that each interval rests on
            # lenient: true                  # go on where a recording is damaged
            # footprints: my-kernel.bin.zst  # of a kernel of your own

            # One thing moved over its values, or two ('over' and 'and'), all else as above: a row a value in
            # sweeps/sweep.csv, a curve or a heat map in sweeps/figures, and where two strategies change places in
            # sweeps/crossovers.csv. Prices, model parameters and ghz are not replayed again; parameters of strategies
            # and caches of the CPU are.
            # A range: from, to, steps, and scale: linear or log.
            sweeps:
              cr3-price:
                over: {price: cr3_write_noflush, from: 50, to: 800, steps: 9, scale: log}   # cycles
              # prefill:
              #   over: {strategy: sci, parameter: prefill, values: [0, 0.5, 0.9]}
              #   metric: overhead               # else the most telling that a recording allows; or overhead_against_mainline
              #   strategies: [sci, kpti]        # else all; likewise traces, cpus
              # second-level-tlb:
              #   over: {cpu: stlb.entries, values: [768, 1536, 3072]}   # or stlb.ways, dtlb, itlb, pde, ghz, levels
              #   cpus: [skylake-sp]
              # load:
              #   over: {rate: syscalls, from: 1000, to: 1000000, steps: 7, scale: log}   # or vm_exits; per s of busy time
              #   level: 5                       # %: crossovers.csv says where each strategy reaches it
              # model: user_pages, user_speed, foreign_pages, refill_error, work_scale
              # pages-and-walks:
              #   over: {model: user_pages, from: 0.6, to: 1.6, steps: 5}
              #   and: {price: page_walk_step, from: 10, to: 60, steps: 6}
            """;

    private StudyTemplate() {}

    /** @param file that it will stand in, or null for the current folder */
    static String of(Path folder, Path file) throws IOException {
        Path parent = file == null ? null : file.toAbsolutePath().normalize().getParent();
        Path from = parent == null ? Path.of("").toAbsolutePath() : parent;
        List<Path> skipped = new ArrayList<>();
        Map<String, Path> traces = Traces.find(List.of(folder), skipped);
        StringBuilder text = new StringBuilder(HEAD);
        for (Map.Entry<String, Path> trace : traces.entrySet()) {
            String path = from.relativize(trace.getValue().toAbsolutePath().normalize())
                    .toString()
                    .replace(File.separatorChar, '/');
            text.append("  - {file: ")
                    .append(Yaml.quoted(path))
                    .append(", name: ")
                    .append(Yaml.quoted(trace.getKey()))
                    .append("}\n");
        }
        return text.append(TAIL).toString();
    }
}
