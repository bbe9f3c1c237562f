package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pages mapped on demand, against a set of the JDK. */
final class PageSetTest {
    @Test
    void itHoldsWhatWasAddedSinceItWasCleared() {
        Random random = new Random(1);
        PageSet pages = new PageSet();
        for (int round = 0; round < 6; round++) {
            Set<Long> expected = new HashSet<>();
            for (int i = 0; i < 1 << 2 * round; i++) { // up to 1024, past the first size
                long page = random.nextLong(-1500, 1500);
                assertThat(pages.contains(page)).isEqualTo(expected.contains(page));
                if (expected.add(page)) {
                    pages.add(page);
                }
            }
            assertThat(pages.size()).isEqualTo(expected.size());
            for (long page = -1500; page < 1500; page++) {
                assertThat(pages.contains(page)).isEqualTo(expected.contains(page));
            }
            pages.clear();
            assertThat(pages.size()).isZero();
        }
    }
}
