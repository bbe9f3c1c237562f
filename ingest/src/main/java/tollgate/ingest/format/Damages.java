package tollgate.ingest.format;

import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Tally;

/** What a reader does where its recording is damaged, as its user chose; what is skipped is counted. */
final class Damages {
    private final Input.Damage answer;
    private final Tally tally;

    Damages(Input.Damage answer, Tally tally) {
        this.answer = answer;
        this.tally = tally;
    }

    boolean areSkipped() {
        return answer == Input.Damage.SKIP;
    }

    /** To be called where something damaged ends; returns if the reader is to go on there. @throws Damaged if not */
    void skip(Damaged wrong) {
        if (!areSkipped()) {
            throw wrong;
        }
        tally.skipped(wrong.getMessage());
    }
}
