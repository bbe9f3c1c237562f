package tollgate.ingest;

import java.io.IOException;

/**
 * A recording whose times can be subtracted and summed over all CPUs in 64 bits: none is further than {@link #MOST} from the
 * first, or before 0, since 'perf trace' has some that are a little less. Any other is damaged, made by hand, or of two clocks, and a sum over it would be
 * nonsense that looks like a figure.
 */
public final class CountableTimes implements Recording {
    /** 2^52 ns are 52 days, or 2^52 ticks at 3 GHz 17 days; 2048 CPUs busy for so long are 2^63. */
    public static final long MOST = 1L << 52;

    private final Recording recording;
    private final String name;
    private long events;
    /** Of an event that happened: records that perf makes up about what was there before have time 0. */
    private long first;

    /** @param recording closed with this. @param name of it in messages */
    public CountableTimes(Recording recording, String name) {
        this.recording = recording;
        this.name = name;
    }

    /** @throws BadInput where a time cannot be counted with, or the recording is corrupt */
    @Override
    public boolean read(Batch batch) throws IOException {
        if (!recording.read(batch)) {
            return false;
        }
        for (int i = 0; i < batch.size(); i++) {
            long time = batch.time[i];
            first = first == 0 ? time : first;
            if (time < -MOST || time != 0 && Math.abs(time - first) > MOST) {
                throw refused(events + i + 1, time);
            }
        }
        events += batch.size();
        return true;
    }

    private BadInput refused(long event, long time) {
        return new BadInput(
                name,
                time < -MOST
                        ? "event " + event + ": expected a time of about 0 or later, found " + time
                                + "; the clock or the file is damaged, record again"
                        : "event " + event + ": expected times within 52 days (2^52 ns) of the first, " + first
                                + ", found " + time + "; leave out the records that do not belong to it");
    }

    @Override
    public Coverage coverage() {
        return recording.coverage();
    }

    @Override
    public Tally tally() {
        return recording.tally();
    }

    @Override
    public Names names() {
        return recording.names();
    }

    @Override
    public void close() throws IOException {
        recording.close();
    }
}
