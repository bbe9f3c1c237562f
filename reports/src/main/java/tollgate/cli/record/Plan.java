package tollgate.cli.record;

import java.util.List;

/**
 * How a request will be met on this machine.
 *
 * @param tool and its version
 * @param scope what the recording will cover, for a reader
 * @param command the exact words to run
 * @param leftOut what the recording will lack, and why, one sentence each
 * @param cost to the workload
 * @param isTasksOnly whether the recorder itself follows the workload, so that the recording holds nothing else
 * @param passesExitCode whether the recorder ends with the exit code of the command that it ran
 */
public record Plan(
        String tool,
        String scope,
        List<String> command,
        List<String> leftOut,
        Cost cost,
        boolean isTasksOnly,
        boolean passesExitCode) {
    public Plan {
        command = List.copyOf(command);
        leftOut = List.copyOf(leftOut);
    }
}
