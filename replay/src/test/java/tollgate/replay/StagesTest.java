package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagesTest {
    @Test
    void namedStagesAndTheRestAddUpToTheProcess() {
        Stages stages = new Stages();
        stages.add("start", 250_000_000, 200_000_000);
        stages.add("replay", 1_000_000_000, 1_500_000_000);
        stages.add("replay", 2_000_000_000, 2_500_000_000L);
        assertThat(stages.table(5, 4.5)).isEqualToNormalizingNewlines("""
                        stage           CPU s   wall s
                        start            0.25     0.20
                        replay           3.00     4.00
                        decode, JVM      1.75
                        total            5.00     4.50
                        """);
    }

    @Test
    void aStayCountsForItsStage() {
        Stages stages = new Stages();
        stages.enter("replay").end();
        assertThat(stages.table(1, 1)).contains("replay           0.00     0.00");
    }
}
