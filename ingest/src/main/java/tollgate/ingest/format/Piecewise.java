package tollgate.ingest.format;

import tollgate.ingest.Batch;
import tollgate.ingest.Recording;

/**
 * A text recording that can be put together from pieces that were read apart. A piece knows nothing of what stands before
 * it; where that matters (a record torn at the border, a time that runs back, a thread told of earlier) it is not joined
 * but read again in its turn, so that the whole is always what one reader makes of it.
 */
interface Piecewise<R extends Piecewise<R>> extends Recording {
    /** A reader of lines from somewhere in the middle. */
    R piece(Lines lines);

    /**
     * Takes over what a piece, read to its end, has counted and learnt. Its events are this recording's next once their
     * names are renumbered: the piece's first new name is this recording's next.
     *
     * @return false, and nothing has changed, if reading those lines here could give something else
     */
    boolean join(R piece);

    /** Learns from events of a joined piece, renumbered and in order, what later lines need. */
    default void follow(Batch batch) {}
}
