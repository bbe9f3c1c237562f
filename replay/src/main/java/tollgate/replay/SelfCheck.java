package tollgate.replay;

import java.util.List;

/** What must be true of every replay, checked at the end of each: sums, pairs, and that all lanes saw the same crossings. */
final class SelfCheck {
    private SelfCheck() {}

    /** @throws Contradiction naming the strategy and what does not add up */
    static void run(List<Lane> lanes) {
        for (Lane lane : lanes) {
            String name = lane.strategy().name();
            segmentsSumToLedger(name, lane);
            leavesSumToLedger(name, lane);
            equal(
                    name + ": address spaces entered and left, against those still live",
                    lane.spacesEntered() - lane.spacesLeft(),
                    lane.spacesLive());
            Lane first = lanes.get(0);
            String both = name + " and " + first.strategy().name() + ": ";
            equal(both + "crossings of the workload", entries(lane.ledger()), entries(first.ledger()));
            equal(both + "crossings of other tasks", entries(lane.rest()), entries(first.rest()));
        }
    }

    private static void segmentsSumToLedger(String name, Lane lane) {
        Segments segments = lane.segments();
        for (Operation operation : Operation.values()) {
            long sum = 0;
            for (int segment = 0; segment < segments.size(); segment++) {
                sum += segments.count(segment, operation);
            }
            equal(
                    name + ": " + operation + " in all segments, against all causes",
                    sum,
                    lane.ledger().count(operation));
        }
    }

    private static void leavesSumToLedger(String name, Lane lane) {
        long sum = 0;
        for (int segment = 0; segment < lane.segments().size(); segment++) {
            sum += lane.segments().leaves(segment);
        }
        equal(
                name + ": restricted spaces left in all segments, against all causes",
                sum,
                lane.ledger().leaves());
    }

    private static long entries(Ledger ledger) {
        long sum = 0;
        for (int row = 0; row < ledger.rows(); row++) {
            sum += ledger.entries(row);
        }
        return sum;
    }

    private static void equal(String what, long found, long expected) {
        if (found != expected) {
            throw new Contradiction(what + ": " + found + " is not " + expected);
        }
    }
}
