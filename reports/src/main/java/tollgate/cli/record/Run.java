package tollgate.cli.record;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A recorder at work, until it ends, its time is over or someone presses Ctrl-C.
 *
 * <p>Ctrl-C means "enough", not "away with it": the recorder writes what it has, and this process goes on to the sidecar.
 * The Java machine shuts down at the signal whatever we do, but not before its hooks have ended; so a hook waits until
 * {@link #close} says that all is written, and leaves with the exit code given there.
 */
public final class Run implements AutoCloseable {
    /** At a terminal the recorder gets Ctrl-C itself; sent to this process alone, the signal is passed on after this. */
    private static final long GRACE_MILLIS = 500;

    /** To write out what is in its buffers. After that it is asked less kindly. */
    private static final long PATIENCE_SECONDS = 60;

    private final Process recorder;
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "ctrl-c");
    private volatile int exitCode;
    private volatile boolean isStopped;

    private Run(Process recorder) {
        this.recorder = recorder;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public static Run start(Machine machine, List<String> command) throws IOException {
        return new Run(machine.start(command));
    }

    /**
     * Waits for the end.
     *
     * @param nanos after which the recorder is stopped; empty for never
     * @return the recorder's exit code
     */
    public int await(OptionalLong nanos) throws IOException, InterruptedException {
        if (nanos.isPresent() && !recorder.waitFor(nanos.getAsLong(), TimeUnit.NANOSECONDS)) {
            isStopped = true;
            stop();
        }
        return recorder.waitFor();
    }

    /** Whether it ended because its time was over or Ctrl-C was pressed. */
    public boolean wasStopped() {
        return isStopped;
    }

    /** What this process shall end with if Ctrl-C was pressed. */
    public void exitCode(int code) {
        exitCode = code;
    }

    @Override
    public void close() {
        written.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs: it ends this process.
        }
    }

    private void interrupted() {
        isStopped = true;
        try {
            if (!recorder.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                stop();
            }
            written.await();
        } catch (InterruptedException | IOException e) {
            recorder.destroy();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    /** Interrupts the recorder, and ends the command that it runs: strace does not listen, and the others would wait. */
    private void stop() throws IOException, InterruptedException {
        String program = recorder.info().command().orElse("");
        recorder.children()
                .filter(child -> !child.info().command().orElse("").equals(program))
                .forEach(ProcessHandle::destroy);
        signal("-INT");
        if (!recorder.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            recorder.destroy();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill " + name + " " + recorder.pid() + " 2>/dev/null")
                .start()
                .waitFor();
    }
}
