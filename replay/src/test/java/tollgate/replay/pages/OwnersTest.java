package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tollgate.replay.Steps;

class OwnersTest {
    private final Owners owners = new Owners();

    @Test
    void aNewcomerTakesTheMemoryOfTheOneThatEndedLast() {
        assertThat(owners.of(70)).isZero();
        assertThat(owners.of(5)).isEqualTo(1);
        assertThat(owners.of(6)).isEqualTo(2);
        owners.end(5);
        owners.end(70);
        owners.end(70); // twice is once
        assertThat(owners.of(1000)).isZero();
        assertThat(owners.of(1001)).isEqualTo(1);
        assertThat(owners.of(1002)).isEqualTo(3);
        assertThat(owners.of(6)).isEqualTo(2);
    }

    @Test
    void kernelThreadsStandApart() {
        assertThat(owners.of(Steps.NO_MM)).isEqualTo(Steps.NO_MM);
        owners.end(Steps.NO_MM);
        assertThat(owners.of(0)).isZero();
    }

    /** Against a map and a stack: those alive never share, and never more places are used than were alive at once. */
    @Test
    void thoseAliveNeverShare() {
        Random random = new Random(7);
        Map<Integer, Integer> alive = new HashMap<>();
        Deque<Integer> free = new ArrayDeque<>();
        int most = 0;
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(300);
            if (random.nextInt(3) > 0) {
                int expected = alive.computeIfAbsent(number, k -> free.isEmpty() ? alive.size() : free.pop());
                most = Math.max(most, alive.size());
                assertThat(owners.of(number)).isEqualTo(expected).isLessThan(most);
            } else if (alive.containsKey(number)) {
                free.push(alive.remove(number));
                owners.end(number);
            }
        }
        assertThat(alive.values()).doesNotHaveDuplicates();
    }
}
