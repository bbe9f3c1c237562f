package tollgate.ingest.format;

import java.util.List;
import tollgate.ingest.BadInput;

/**
 * Finds the event and the time of a record.
 *
 * <p>Which event a record belongs to decides how it is laid out, and the layout says where the event's id is: perf
 * resolves that by demanding that the id stands at the same place whatever the event, and so does this. Nearly always
 * the time does too, and then no event needs to be looked up to sort records.
 */
final class PerfDataTimes {
    private final PerfDataLayout[] layouts;
    private final PerfDataIds ids;
    private final PerfDataLayout first;
    private final boolean isUniform;
    private final boolean hasOneEvent;

    /** @throws BadInput if two events disagree on where the id of a record is */
    PerfDataTimes(String name, List<PerfDataEvent> events, PerfDataIds ids) {
        this.ids = ids;
        layouts = events.stream().map(PerfDataEvent::layout).toArray(PerfDataLayout[]::new);
        first = layouts[0];
        boolean isSame = true;
        for (PerfDataLayout layout : layouts) {
            for (PerfDataLayout other : layouts) {
                if (!layout.hasIdsWhere(other)) {
                    throw new BadInput(
                            name,
                            "expected all events to tell their id at the same place, found some that do not; record them apart");
                }
            }
            isSame &= layout.hasTimesWhere(first);
        }
        isUniform = isSame;
        hasOneEvent = layouts.length == 1;
    }

    /** False for 0 and -1, which perf writes where it knows no time. */
    static boolean isTime(long stamp) {
        return stamp != 0 && stamp != -1;
    }

    /** Nanoseconds of the recorder's clock, or 0. */
    long time(byte[] bytes, int at, int type, int size) {
        if (type == PerfDataRecords.SAMPLE) {
            int offset = (isUniform ? first : sampleLayout(bytes, at, size)).time;
            return offset >= 0 && offset + 8 <= size ? Little.i64(bytes, at + offset) : 0;
        }
        PerfDataLayout layout = trailerLayout(bytes, at, size);
        int offset = layout.trailerTime;
        return offset >= 0 && layout.trailer + PerfDataLayout.HEADER <= size
                ? Little.i64(bytes, at + size - offset)
                : 0;
    }

    /** Where a sample has its time, whatever its event; -1 if that differs or there is none. */
    int sampleTime() {
        return isUniform ? first.time : -1;
    }

    /** Number of the event that a sample belongs to, -1 if unknown. */
    int event(byte[] bytes, int at, int size) {
        if (hasOneEvent) {
            return 0;
        }
        int id = first.id;
        if (id < 0 || id + 8 > size) {
            return -1;
        }
        return ids.event(Little.i64(bytes, at + id));
    }

    /** The layout of the trailer of a record that is no sample: that of its event, or of the first if it tells none. */
    PerfDataLayout trailerLayout(byte[] bytes, int at, int size) {
        int id = first.trailerId;
        if (isUniform || id < 0 || id + PerfDataLayout.HEADER > size) {
            return first;
        }
        int event = ids.event(Little.i64(bytes, at + size - id));
        return event < 0 ? first : layouts[event];
    }

    private PerfDataLayout sampleLayout(byte[] bytes, int at, int size) {
        int event = event(bytes, at, size);
        return event < 0 ? first : layouts[event];
    }
}
