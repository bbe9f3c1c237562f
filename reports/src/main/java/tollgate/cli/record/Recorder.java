package tollgate.cli.record;

import java.io.IOException;
import java.util.List;

/** A program that records. Each tries what this machine lets it do before it promises anything. */
public interface Recorder {
    /** In order of preference: what tells most at least cost to the workload comes first. */
    List<Recorder> ALL = List.of(new Perf(), new TraceCmd(), new Strace());

    /** As its program is called. */
    String name();

    /** What the name of its recordings ends in. */
    String suffix();

    /** How to meet the request here, found out by trial: nothing is recorded yet and the command does not run. */
    Attempt prepare(Machine machine, Request request) throws IOException;
}
