package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.ingest.ExitReason;
import tollgate.replay.Access;
import tollgate.replay.MemoryClass;
import tollgate.replay.Steps;

/** Drawn VM exits against what was measured of the same guests (vmexit_footprints.csv, vmexit_asi_leaves.csv). */
class VmExitTest {
    private static final Footprints SHIPPED = Footprints.shipped();
    private static final int DRAWS = 200;

    /** Mapped by the KVM ASI of May 2019; of K_VM_CUR the arguable classes too. */
    private static final Set<MemoryClass> MAPPED = EnumSet.of(
            MemoryClass.K_TEXT,
            MemoryClass.K_MOD,
            MemoryClass.K_DATA,
            MemoryClass.PERCPU,
            MemoryClass.ENTRY,
            MemoryClass.K_TASK_CUR,
            MemoryClass.K_VM_CUR);

    private final Steps out = new Steps(1 << 12);

    @ParameterizedTest
    @CsvSource({
        "vmexit_l2_pc_blk,        114, 0, 0,  57.2",
        "vmexit_l2_pc_blk,        120, 0, 2, 136.5",
        "vmexit_l2_pc_blk,        123, 1, 3,  77.0",
        "vmexit_l2_pc_blk,        123, 2, 3,  72.2",
        "vmexit_l2_pc_blk,        124, 6, 0,  72.6",
        "vmexit_l2_pc_blk,       1024, 9, 0, 142.8",
        "vmexit_l2_pc_blk,       1024, 9, 2, 177.4",
        "vmexit_l2_microvm_sleep, 114, 0, 0,  60.2",
        "vmexit_l2_microvm_sleep, 124, 6, 0,  87.7",
        "vmexit_l2_microvm_sleep, 1024, 8, 3, 118.0",
    })
    void meanDistinctKernelPagesAreTheMeasuredOnes(String guest, int reason, int detail, int outcome, double mean) {
        PageStream stream = new PageStream(SHIPPED, 1);
        stream.prefer(guest);
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            draw(stream, reason, detail, outcome, i);
            Set<Long> pages = new HashSet<>();
            for (int k = 0; k < out.size(); k++) {
                if (Access.page(out.words()[k]) < 0) {
                    pages.add(Access.page(out.words()[k]));
                }
            }
            sum += pages.size();
        }
        assertThat(stream.borrowed()).isZero();
        // Pages of an allocation slot may be counted by two classes there; five of a hundred in the worst case.
        assertThat(sum / DRAWS).isCloseTo(mean, within(0.06 * mean));
    }

    @ParameterizedTest
    @CsvSource({"114, 0", "124, 5"})
    void cpuidAndRdmsrStayInWhatKvmAsiMaps(int reason, int detail) {
        assertThat(shareThatTouchesUnmapped(null, reason, detail, PageStream.IN_KERNEL))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "vmexit_l2_microvm_net,  124, 6, 0, 0.98",
        "vmexit_l2_pc_blk,       124, 6, 0, 0.593",
        "vmexit_l2_microvm_net,  100, 0, 0, 0.897",
        "vmexit_l2_pc_blk,       100, 0, 0, 1",
        "vmexit_l2_pc_blk,       120, 0, 2, 1",
        "vmexit_l2_pc_blk,       123, 1, 3, 1",
        "vmexit_l2_pc_blk,       1024, 9, 0, 1",
        "vmexit_l2_microvm_net,  1024, 8, 3, 1",
    })
    void othersLeaveAsOftenAsMeasured(String guest, int reason, int detail, int outcome, double fraction) {
        assertThat(shareThatTouchesUnmapped(guest, reason, detail, outcome)).isCloseTo(fraction, within(0.08));
    }

    @Test
    void twoVmsShareNoStructures() {
        PageStream stream = new PageStream(SHIPPED, 1);
        Set<Long> first = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            draw(stream, 114, 0, 0, i);
            first.addAll(pagesOf(MemoryClass.K_VM_CUR));
        }
        out.clear();
        Set<Long> second = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            out.clear();
            stream.vmExit(out, ExitReason.id(ExitReason.SVM, 114), 0, 0, 2, 2, 2, i);
            second.addAll(pagesOf(MemoryClass.K_VM_CUR));
        }
        assertThat(first).hasSameSizeAs(second).doesNotContainAnyElementsOf(second);
    }

    private double shareThatTouchesUnmapped(String guest, int reason, int detail, int outcome) {
        PageStream stream = new PageStream(SHIPPED, 1);
        if (guest != null) {
            stream.prefer(guest);
        }
        int leaving = 0;
        for (int i = 0; i < DRAWS; i++) {
            draw(stream, reason, detail, outcome, i);
            boolean leaves = false;
            for (int k = 0; k < out.size(); k++) {
                leaves |= !MAPPED.contains(Access.memoryClass(out.words()[k]));
            }
            leaving += leaves ? 1 : 0;
        }
        return leaving / (double) DRAWS;
    }

    private Set<Long> pagesOf(MemoryClass memoryClass) {
        Set<Long> pages = new HashSet<>();
        for (int k = 0; k < out.size(); k++) {
            if (Access.memoryClass(out.words()[k]) == memoryClass) {
                pages.add(Access.page(out.words()[k]));
            }
        }
        return pages;
    }

    private void draw(PageStream stream, int reason, int detail, int outcome, long position) {
        out.clear();
        stream.vmExit(out, ExitReason.id(ExitReason.SVM, reason), detail, outcome, 1, 1, 1, position);
    }
}
