package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tollgate.ingest.BadInput;
import tollgate.replay.MemoryClass;

class MemoryClassesTest {
    private static final MemoryClasses SHIPPED = MemoryClasses.shipped();

    @Test
    void everyPageClassOwnerAndFamilyHasSharesThatSumToOne() {
        for (PageClass pageClass : PageClass.values()) {
            for (Owner owner : Owner.values()) {
                for (EventFamily family : EventFamily.values()) {
                    double sum = 0;
                    for (MemoryClass memoryClass : MemoryClass.values()) {
                        sum += SHIPPED.share(pageClass, owner, family, memoryClass);
                    }
                    assertThat(sum).as("%s %s %s", pageClass, owner, family).isCloseTo(1, within(1e-9));
                }
            }
        }
    }

    @Test
    void pagesFallIntoClassesByTheirShares() {
        int[] count = new int[MemoryClass.values().length];
        int pages = 100_000;
        for (int page = 0; page < pages; page++) {
            count[
                    SHIPPED.of(PageClass.SLAB, Owner.SHARED, EventFamily.FILE, Draw.mix(page))
                            .ordinal()]++;
        }
        // Standard deviation of a share near 0.4 in 100000 draws is 0.0015.
        for (MemoryClass c : MemoryClass.values()) {
            double share = SHIPPED.share(PageClass.SLAB, Owner.SHARED, EventFamily.FILE, c);
            assertThat(count[c.ordinal()] / (double) pages).as("%s", c).isCloseTo(share, within(0.006));
        }
    }

    @Test
    void aClassMovedToItsHighShareScalesTheRestOfTheRow() {
        MemoryClasses moved = SHIPPED.with(MemoryClass.K_DATA, MemoryClasses.Level.HIGH);
        // slab, shared, file: K_DATA 0.4 to 0.6; K_PROC_CUR 0.3 and K_PROC_OTH 0.3 share the remaining 0.4.
        assertThat(moved.share(PageClass.SLAB, Owner.SHARED, EventFamily.FILE, MemoryClass.K_DATA))
                .isCloseTo(0.6, within(1e-9));
        assertThat(moved.share(PageClass.SLAB, Owner.SHARED, EventFamily.FILE, MemoryClass.K_PROC_CUR))
                .isCloseTo(0.2, within(1e-9));
        assertThat(moved.share(PageClass.TEXT, Owner.SHARED, EventFamily.FILE, MemoryClass.K_TEXT))
                .isEqualTo(1);
    }

    @Test
    void arguableVmClassesAreTheVmsOwnAndGuestMemoryIsTheGuests() {
        for (PageClass c :
                new PageClass[] {PageClass.KVM_RUN, PageClass.IRQCHIP, PageClass.VCPU_SPLIT, PageClass.VCPU}) {
            assertThat(SHIPPED.share(c, Owner.VM, EventFamily.VM, MemoryClass.K_VM_CUR))
                    .isEqualTo(1);
        }
        assertThat(SHIPPED.share(PageClass.GUEST_RAM_DM, Owner.VM, EventFamily.VM, MemoryClass.G_CUR))
                .isEqualTo(1);
    }

    @Test
    void wrongTablesAreRefused() throws IOException {
        refuses("K_TEXT: 1", "K_TEXT: 0.9", "middle shares that sum to 1");
        refuses("K_TEXT: 1", "K_TEXTS: 1", "'K_TEXTS'");
        refuses("[0.95, 0.99, 1]", "[0.99, 0.95, 1]", "low <= mid <= high");
        refuses("[0.95, 0.99, 1]", "[0.95, 0.99]", "a share from 0 to 1 or [low, mid, high]");
        refuses("  rodata:  ", "  rodota:  ", "'rodota'");
        refuses("split:", "splitt:", "a map at split");
        refuses("\nclasses:", "\nclasses: [", "expected YAML");
    }

    private static void refuses(String was, String becomes, String complaint) throws IOException {
        try (InputStream in = MemoryClasses.class.getResourceAsStream("classes.yaml")) {
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(yaml).contains(was);
            byte[] changed = yaml.replaceFirst(java.util.regex.Pattern.quote(was), becomes)
                    .getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> MemoryClasses.read("classes.yaml", new ByteArrayInputStream(changed)))
                    .isInstanceOf(BadInput.class)
                    .hasMessageStartingWith("classes.yaml: ")
                    .hasMessageContaining(complaint);
        }
    }
}
