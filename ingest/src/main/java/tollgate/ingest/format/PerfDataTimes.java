package tollgate.ingest.format;

import java.nio.ByteBuffer;
import java.util.List;
import tollgate.ingest.BadInput;

/**
 * Finds the event and the time of a record.
 *
 * <p>Which event a record belongs to decides how it is laid out, and the layout says where the event's id is: perf
 * resolves that by demanding that id and time stand at the same place whatever the event, and so does this.
 */
final class PerfDataTimes {
    private final List<PerfDataEvent> events;
    private final PerfDataIds ids;
    /** The first event's, as far as all agree. */
    private final PerfDataLayout common;

    private final int sampleTime;
    private final int trailerTime;
    private final int trailer;
    private final boolean hasOneEvent;

    /** @throws BadInput if two events disagree on where the id or the time of a record is */
    PerfDataTimes(String name, List<PerfDataEvent> events, PerfDataIds ids) {
        this.events = events;
        this.ids = ids;
        common = events.get(0).layout();
        PerfDataLayout withTrailer = common;
        for (PerfDataEvent event : events) {
            if (!common.agreesWith(event.layout()) || !withTrailer.agreesWith(event.layout())) {
                throw new BadInput(
                        name,
                        "expected all events to tell id and time at the same place, found events that do not; record them apart");
            }
            if (withTrailer.trailer == 0) {
                withTrailer = event.layout();
            }
        }
        sampleTime = common.time;
        trailerTime = withTrailer.trailerTime;
        trailer = withTrailer.trailer;
        hasOneEvent = events.size() == 1;
    }

    /** False for 0 and -1, which perf writes where it knows no time. */
    static boolean isTime(long stamp) {
        return stamp != 0 && stamp != -1;
    }

    /** Nanoseconds of the recorder's clock, or 0. */
    long time(ByteBuffer bytes, int at, int type, int size) {
        if (type == PerfDataRecords.SAMPLE) {
            return sampleTime >= 0 && sampleTime + 8 <= size ? bytes.getLong(at + sampleTime) : 0;
        }
        return trailerTime >= 0 && trailer + PerfDataLayout.HEADER <= size ? bytes.getLong(at + size - trailerTime) : 0;
    }

    /** Number of the event that a sample belongs to, -1 if unknown. */
    int event(ByteBuffer bytes, int at, int size) {
        if (hasOneEvent) {
            return 0;
        }
        int id = common.id;
        if (id < 0 || id + 8 > size) {
            return -1;
        }
        return ids.event(bytes.getLong(at + id));
    }

    /** The layout of the trailer of a record that is no sample: that of the first event that has one. */
    PerfDataLayout trailerLayout() {
        for (PerfDataEvent event : events) {
            if (event.layout().trailer > 0) {
                return event.layout();
            }
        }
        return common;
    }
}
