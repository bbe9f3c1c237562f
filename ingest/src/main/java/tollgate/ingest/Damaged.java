package tollgate.ingest;

/**
 * Corruption inside a recording: what stands at this place is no record of its format. Unlike other {@link BadInput} it
 * says nothing of what stands behind it, so that a reader that was told to ({@link Input.Damage#SKIP}) goes on there.
 */
public final class Damaged extends BadInput {
    private static final long serialVersionUID = 1L;

    /** @see BadInput#BadInput(String, String) */
    public Damaged(String place, String problem) {
        super(place, problem);
    }
}
