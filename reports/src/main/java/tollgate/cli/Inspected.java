package tollgate.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tollgate.ingest.CountableTimes;
import tollgate.ingest.Coverage;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Inventory;
import tollgate.ingest.ReadAhead;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;

/**
 * One recording, looked through.
 *
 * @param trace its path as given
 * @param format its name
 * @param sha256 of the file as it lies on disk, in hexadecimal
 * @param sidecar beside it, or an empty one
 */
record Inspected(String trace, String format, String sha256, Inventory inventory, Sidecar sidecar) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** @param format a name, or the empty string to recognise it */
    static Inspected of(Path trace, String format, Input.Damage damage) throws IOException {
        try (Input input = Input.of(trace, damage)) {
            Format form = format.isEmpty() ? Formats.recognise(input) : Formats.named(format);
            try (Recording recording = new ReadAhead(new CountableTimes(form.open(input), input.name()))) {
                return new Inspected(
                        trace.toString(), form.name(), input.sha256(), Inventory.of(recording), Sidecar.of(trace));
            }
        }
    }

    /** True if times can be told in nanoseconds: the recording's, or ticks of the TSC whose frequency the sidecar tells. */
    boolean hasNanos() {
        return inventory.hasDurations() || isScaled();
    }

    /** A stamp or duration in nanoseconds, or as it stands where {@link #hasNanos} is false. */
    long nanos(long recorded) {
        if (!isScaled()) {
            return recorded;
        }
        // A tick is 10^6 / kHz ns; whole milliseconds first, so that 10^6 times the rest is all there is to overflow.
        long khz = sidecar.tscKhz();
        return recorded / khz * NANOS_PER_MILLI + recorded % khz * NANOS_PER_MILLI / khz;
    }

    List<String> warnings() {
        return inventory.warnings(sidecar);
    }

    private boolean isScaled() {
        return inventory.coverage().clock() == Coverage.Clock.TSC && sidecar.tscKhz() > 0;
    }

    boolean isStrace() {
        return format.startsWith("strace");
    }
}
