package tollgate.ingest;

/**
 * The stretch of a recording that counts: start-up and end are cut off, but still pass through the MMU.
 *
 * @param from first moment that counts
 * @param to first moment that does not
 */
public record Stretch(Moment from, Moment to) {
    /** Everything. */
    public static final Stretch WHOLE = new Stretch(Moment.after(0), Moment.after(Long.MAX_VALUE));

    /**
     * @param isStamp a stamp of the recording's own clock, not a time after its first event
     * @param nanos of either
     */
    public record Moment(boolean isStamp, long nanos) {
        public static Moment after(long nanos) {
            return new Moment(false, nanos);
        }

        public static Moment stamp(long nanos) {
            return new Moment(true, nanos);
        }

        /**
         * On the recording's clock.
         *
         * @param firstEvent stamp of the first event, nanoseconds
         */
        public long at(long firstEvent) {
            if (isStamp) {
                return nanos;
            }
            return nanos > Long.MAX_VALUE - Math.max(0, firstEvent) ? Long.MAX_VALUE : firstEvent + nanos;
        }
    }
}
