package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is packed into words comes out as it went in, at the ends of every field. */
class StepsTest {
    @Test
    void anOwnersFieldsDoNotTouchEachOther() {
        int[] numbers = {0, 1, 0xff, 0x100, 0xfffffe, Steps.NO_MM};
        int[] tenants = {0, 1, Steps.MOST_TENANTS};
        for (int mm : numbers) {
            for (int namespace : numbers) {
                for (int tenant : tenants) {
                    for (boolean flag : new boolean[] {false, true}) {
                        long owner = Steps.owner(mm, namespace, flag, !flag, tenant);
                        assertThat(Steps.mm(owner)).isEqualTo(mm);
                        assertThat(Steps.namespace(owner)).isEqualTo(namespace);
                        assertThat(Steps.isSelected(owner)).isEqualTo(flag);
                        assertThat(Steps.isIdle(owner)).isEqualTo(!flag);
                        assertThat(Steps.tenant(owner)).isEqualTo(tenant);
                    }
                }
            }
        }
    }

    @Test
    void aCrossingIsNeverTakenForAPartNorForAnAccess() {
        Steps steps = new Steps(1);
        for (Crossing crossing : Crossing.values()) {
            steps.clear();
            steps.crossing(crossing, (1L << 56) - 1, Long.MAX_VALUE, -1);
            assertThat(steps.size()).isEqualTo(Steps.CROSSING_WORDS);
            long word = steps.words()[0];
            assertThat(word).isNegative();
            assertThat(Steps.isPart(word)).isFalse();
            assertThat(Steps.crossing(word)).isEqualTo(crossing.ordinal());
            assertThat(Steps.argument(word)).isEqualTo((1L << 56) - 1);
            assertThat(steps.words()[1]).isEqualTo(Long.MAX_VALUE);
            assertThat(steps.words()[2]).isEqualTo(-1);
        }
    }
}
