package tollgate.ingest.format;

import java.util.List;
import java.util.Set;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;

/**
 * What a perf.data can tell, from its event attributes and, for what those leave out (control group, filters), from
 * the recorder's command line.
 */
record PerfDataCoverage(List<PerfDataEvent> events, List<String> command) {
    /**
     * @param kinds of the tracepoints recorded; those told by other records are added
     * @param scope from the list of threads that the recorder attached to, if told
     * @param hasOnlySomeSyscalls system calls come from tracepoints of single calls, so that most are not recorded
     */
    Coverage of(Set<Kind> kinds, Coverage.Scope scope, boolean hasOnlySomeSyscalls) {
        boolean hasCpus = true;
        boolean hasProcesses = true;
        boolean hasTimes = true;
        for (PerfDataEvent event : events) {
            if (event.type() == PerfDataEvent.TRACEPOINT) {
                hasCpus &= event.layout().hasCpus();
                hasProcesses &= event.layout().hasTids();
                hasTimes &= event.layout().hasTimes();
            }
            if (event.tellsTasks()) {
                kinds.add(Kind.FORK);
                kinds.add(Kind.EXIT);
            }
            if (event.tellsComms()) {
                kinds.add(Kind.NAME);
                kinds.add(Kind.EXEC);
            }
            if (event.tellsSwitches()) {
                kinds.add(Kind.SWITCH);
            }
            if (event.tellsNamespaces()) {
                kinds.add(Kind.NAMESPACE);
            }
        }
        Coverage.Clock clock = hasTimes ? Coverage.Clock.NANOS : Coverage.Clock.COUNTER;
        boolean isCertain = !hasOnlySomeSyscalls && !hasOption("--filter");
        return new Coverage(scope(scope), hasCpus, hasProcesses, clock, kinds, isCertain);
    }

    private Coverage.Scope scope(Coverage.Scope told) {
        Coverage.Scope scope = told;
        if (scope == Coverage.Scope.UNKNOWN && !command.isEmpty()) {
            scope = hasOption("-a") || hasOption("--all-cpus") ? Coverage.Scope.SYSTEM : Coverage.Scope.TASKS;
        }
        boolean hasCgroup = hasOption("-G") || hasOption("--cgroup") || hasOption("--for-each-cgroup");
        return scope == Coverage.Scope.SYSTEM && hasCgroup ? Coverage.Scope.CGROUP : scope;
    }

    /** Looks before the recorded command only, as far as a {@code --} tells where that starts. */
    private boolean hasOption(String option) {
        for (String argument : command) {
            if (argument.equals("--")) {
                return false;
            }
            if (argument.equals(option) || argument.startsWith(option + "=")) {
                return true;
            }
        }
        return false;
    }
}
