package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import tollgate.replay.Access;
import tollgate.replay.Steps;

class ResidentsTest {
    private final Residents residents = new Residents();

    @Test
    void onlyAProcessThatBeganAndFaultedIsKnown() {
        residents.fault(3);
        assertThat(residents.faults(3)).isEqualTo(Residents.UNKNOWN);
        residents.begin(3);
        assertThat(residents.faults(3)).isEqualTo(Residents.UNKNOWN); // faults may not be recorded
        residents.fault(3);
        residents.fault(3);
        assertThat(residents.faults(3)).isEqualTo(2);
        assertThat(residents.faults(2)).isEqualTo(Residents.UNKNOWN);
        assertThat(residents.faults(Steps.NO_MM)).isEqualTo(Residents.UNKNOWN);
        residents.begin(1000);
        residents.begin(3);
        residents.fault(3);
        assertThat(residents.faults(3)).isEqualTo(1);
    }

    @Test
    void fewPagesLimitAStretchAndManyDoNot() {
        // 10 draws out of 10 leave 10 (1 - 1/e), out of a million all
        assertThat(UserModel.limited(10, 10)).isCloseTo(10 * (1 - 1 / Math.E), within(1e-12));
        assertThat(UserModel.limited(10, 1e6)).isCloseTo(10, within(1e-4));
        assertThat(UserModel.limited(1e6, 10)).isCloseTo(10, within(1e-9));
    }

    @Test
    void aYoungProcessTouchesFewPagesAndMoreWithEachFault() {
        PageStream stream = new PageStream(Footprints.shipped(), 1);
        int old = pages(stream, 1, 0);
        stream.newMm(2);
        fault(stream, 2);
        int young = pages(stream, 2, 1000);
        for (int i = 0; i < 30; i++) {
            fault(stream, 2);
        }
        int grown = pages(stream, 2, 2000);
        assertThat(young).isBetween(400, 500); // one fault is 1.2 pages
        assertThat(grown).isBetween(10 * young, old / 2);
    }

    private static void fault(PageStream stream, int mm) {
        stream.fault(new Steps(1 << 10), true, 4, mm, mm, 5);
    }

    private static int pages(PageStream stream, int mm, int position) {
        Steps out = new Steps(1 << 10);
        for (int i = 0; i < 400; i++) {
            stream.user(out, mm, mm, 20_000, position + i);
        }
        for (int i = 0; i < out.size(); i++) {
            assertThat(Access.type(out.words()[i])).isBetween(0, 2);
        }
        return out.size();
    }
}
