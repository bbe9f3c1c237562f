package tollgate.analysis.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tollgate.analysis.CpuProfile;
import tollgate.ingest.Input;

/**
 * What a study asks for; {@link StudyFile} shows the file.
 *
 * @param title in words
 * @param folder that paths are sought in
 * @param traces with names of their own
 * @param strategies as on the command line
 * @param cpus to be priced for
 * @param seed of page draws and intervals
 * @param draws that the intervals rest on
 * @param footprints other than the shipped ones
 * @param damage what to do where a trace is damaged
 * @param sweeps with names of their own
 */
public record Study(
        String title,
        Path folder,
        List<Trace> traces,
        List<String> strategies,
        List<CpuProfile> cpus,
        long seed,
        int draws,
        Optional<Path> footprints,
        Input.Damage damage,
        List<Sweep> sweeps) {
    /**
     * @param name of the workload
     * @param location absolute path, or an address that a {@link tollgate.ingest.Remote} reads
     * @param format empty to recognise it
     * @param sidecar written in the study, as YAML; empty for the one beside the trace, if there is any
     * @param sha256 that the trace must have; empty to take what it has
     */
    public record Trace(String name, String location, String format, Optional<String> sidecar, String sha256) {}

    public Study {
        traces = List.copyOf(traces);
        strategies = List.copyOf(strategies);
        cpus = List.copyOf(cpus);
        sweeps = List.copyOf(sweeps);
    }
}
