package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class InventoryInterruptsTest {
    private static final int TIMER = 236;
    private static final int IRQ_WORK = 246;

    @Test
    void pairsByCpuAndVector() throws IOException {
        Inventory inventory = new HandMade()
                .add(100, 0, 7, "a", Kind.IRQ_ENTER, TIMER, 0, 0)
                .add(110, 1, 8, "b", Kind.IRQ_EXIT, TIMER, 0, 0)
                .add(120, 0, 7, "a", Kind.IRQ_EXIT, TIMER, 0, 0)
                .add(130, 0, 7, "a", Kind.IRQ_EXIT, TIMER, 0, 0)
                .inventory();

        assertThat(inventory.unpaired().interruptExits()).isEqualTo(2);
        assertThat(inventory.interrupts()).containsOnly(java.util.Map.entry(TIMER, 1L));
    }

    /** irq_work_entry recorded without irq_work_exit, over and over: the timer's exits still find their entries. */
    @Test
    void aVectorWithoutExitsHidesNoOther() throws IOException {
        HandMade recording = new HandMade();
        for (int i = 0; i < 20; i++) {
            recording.add(100 + 10 * i, 0, 7, "a", Kind.IRQ_ENTER, TIMER, 0, 0);
            recording.add(101 + 10 * i, 0, 7, "a", Kind.IRQ_ENTER, IRQ_WORK, 0, 0);
            recording.add(105 + 10 * i, 0, 7, "a", Kind.IRQ_EXIT, TIMER, 0, 0);
            recording.add(106 + 10 * i, 0, 7, "a", Kind.IRQ_ENTER, IRQ_WORK, 0, 0);
        }
        Inventory inventory = recording.inventory();

        assertThat(inventory.unpaired().interruptExits()).isZero();
        assertThat(inventory.interrupts()).containsEntry(TIMER, 20L).containsEntry(IRQ_WORK, 40L);
    }

    @Test
    void namesAreTheKernels() {
        assertThat(InventoryNames.interrupt(TIMER)).isEqualTo("local_timer");
        assertThat(InventoryNames.interrupt(0x31)).isEqualTo("vector 0x31");
        assertThat(InventoryNames.interrupt(0x1000 + 24)).isEqualTo("irq 24");
        assertThat(InventoryNames.flush(3)).isEqualTo("local MM shootdown");
        assertThat(InventoryNames.flush(9)).isEqualTo("reason 9");
        assertThat(InventoryNames.namespace(0)).isEqualTo("net");
    }
}
