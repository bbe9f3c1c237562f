package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tollgate.replay.Cause;

class LengthsTest {
    private final Footprints shipped = Footprints.shipped();
    private final Lengths lengths = new Lengths(shipped);

    @Test
    void oneIsLikeWithinAFactorOfTwo() {
        assertThat(Lengths.isLike(50, 100)).isTrue();
        assertThat(Lengths.isLike(200, 100)).isTrue();
        assertThat(Lengths.isLike(49, 100)).isFalse();
        assertThat(Lengths.isLike(201, 100)).isFalse();
        assertThat(Lengths.isLike(1, 0)).isFalse();
    }

    /** Against all templates of the family, sorted by distance. */
    @Test
    void theNearestIsFoundWhicheverProgramIsLeftOut() {
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < 400; i++) {
            EventFamily family = random.nextBoolean() ? EventFamily.FILE : EventFamily.WAIT;
            int variant = random.nextInt(2);
            long excluded = random.nextInt(8);
            int rank = random.nextInt(8);
            long instructions = (long) Math.exp(4 + 10 * random.nextDouble());
            List<Long> slow = slow(family, variant, instructions, excluded);
            int template = lengths.nearest(family, variant, instructions, excluded, rank);
            if (slow.isEmpty()) {
                assertThat(template).isEqualTo(-1);
            } else {
                long expected = slow.get(Math.min(rank, slow.size() - 1));
                assertThat(Math.abs(shipped.templateInstructions[template] - instructions))
                        .isEqualTo(expected);
                found++;
            }
        }
        assertThat(found).isGreaterThan(150);
    }

    private List<Long> slow(EventFamily family, int variant, long instructions, long excluded) {
        List<Long> distances = new ArrayList<>();
        for (int pool = 0; pool < shipped.poolKey.length; pool++) {
            int cause = FootprintFormat.cause(shipped.poolKey[pool]);
            if (Cause.family(cause) == Cause.Family.SYSCALL
                    && EventFamily.ofCause(cause) == family
                    && (shipped.poolKey[pool] & 255) == variant) {
                for (int row = shipped.poolRow[pool]; row < shipped.poolRow[pool + 1]; row++) {
                    for (int t = shipped.rowTemplate[row]; t < shipped.rowTemplate[row + 1]; t++) {
                        int length = shipped.templateInstructions[t];
                        if (Lengths.isLike(length, instructions) && (excluded >>> shipped.rowProgram[row] & 1) == 0) {
                            distances.add(Math.abs(length - instructions));
                        }
                    }
                }
            }
        }
        distances.sort(Comparator.naturalOrder());
        return distances;
    }
}
