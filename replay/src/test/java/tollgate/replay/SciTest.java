package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The event table of system call isolation, row by row: RFC of April 2019. */
class SciTest {
    /** Task 1 in user mode; its table was built in an earlier call. */
    private static Play warm() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.READ).leave().then();
    }

    /** In a call, nothing touched yet. */
    private static Play inCall() {
        return warm().enter(Play.READ).then();
    }

    @Test
    void aCallNotOptedInCostsNothing() {
        assertThat(warm().enter(Play.IOCTL).touch(Play.OBJECT).leave().costs("sci(calls=read/write)"))
                .isEmpty();
        assertThat(warm().enter(Play.TIMER).touch(Play.OBJECT).leave().costs("sci"))
                .isEmpty();
    }

    @Test
    void aCallCopiesTheUserEntriesAndLoadsItsTable() {
        assertThat(warm().enter(Play.READ).costs("sci")).isEqualTo("CR3_WRITE_FLUSH 1, PGD_COPY 1");
        // the first ever builds the table: stack 4 pages, cpu_sci, do_syscall_64
        assertThat(Play.onAmd().on(0).task(1).leave().then().enter(Play.READ).costs("sci"))
                .isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 6, PGD_COPY 1");
    }

    @Test
    void aDataPageFaultsOnceWithTwoFlushingWrites() {
        assertThat(inCall().touch(Play.OBJECT, Play.OBJECT).costs("sci"))
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, PTE_WRITE 1");
    }

    @Test
    void aCodePageIsJudgedToo() {
        assertThat(inCall().touch(Play.TEXT, Play.TEXT).costs("sci"))
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, CODE_VERDICT 1, PTE_WRITE 1");
    }

    @Test
    void pagesAreOf4KiB() {
        long first = Play.page(1, Access.FETCH);
        long second = Play.page(2, Access.FETCH);
        assertThat(inCall().touch(first, second).costs("sci"))
                .isEqualTo("CR3_WRITE_FLUSH 4, FAULT 2, FAULT_HANDLER 2, CODE_VERDICT 2, PTE_WRITE 2");
    }

    @Test
    void userPagesTheEntryAreaAndTheStackAreMappedAtOnce() {
        assertThat(inCall().touch(Play.USER, Play.ENTRY, Play.STACK).costs("sci"))
                .isEmpty();
        assertThat(inCall().touch(Play.TASK).costs("sci"))
                .as("task_struct is not the stack")
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, PTE_WRITE 1");
    }

    @Test
    void anInterruptOrFaultInsideSwitchesThereAndBack() {
        assertThat(inCall().interrupt(Play.TIMER)
                        .touch(Play.OBJECT)
                        .interrupt(Cause.KERNEL_FAULT)
                        .back()
                        .back()
                        .costs("sci"))
                .as("on the full table nothing faults; the nested one finds it there")
                .isEqualTo("CR3_WRITE_FLUSH 2");
        assertThat(inCall().interrupt(Play.NMI).back().costs("sci")).isEqualTo("CR3_WRITE_FLUSH 2, CR3_READ 1");
    }

    @Test
    void theExitLoadsTheKernelAndClearsThePages() {
        Play play = inCall().touch(Play.OBJECT, Play.TEXT).then().leave();
        assertThat(play.costs("sci")).isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 2");
        assertThat(play.then().enter(Play.READ).touch(Play.OBJECT).costs("sci"))
                .as("nothing is kept")
                .isEqualTo("CR3_WRITE_FLUSH 3, FAULT 1, FAULT_HANDLER 1, PTE_WRITE 1, PGD_COPY 1");
    }

    @Test
    void mappingsMayBeKept() {
        Play play = inCall().touch(Play.OBJECT)
                .leave()
                .enter(Play.READ)
                .then()
                .touch(Play.OBJECT)
                .leave();
        assertThat(play.costs("sci(keep=true)")).isEqualTo("CR3_WRITE_FLUSH 1");
        Play other = inCall().touch(Play.OBJECT)
                .leave()
                .task(101)
                .leave()
                .enter(Play.READ)
                .then();
        assertThat(other.touch(Play.OBJECT).costs("sci(keep=true)"))
                .as("a task's own, not another's")
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, PTE_WRITE 1");
    }

    @Test
    void switchedOutItLeavesAndSwitchedInGoesOnWithItsPages() {
        Play play = inCall().touch(Play.OBJECT).then().task(101);
        assertThat(play.costs("sci")).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(play.touch(Play.TEXT).task(1).touch(Play.OBJECT).costs("sci"))
                .isEqualTo("CR3_WRITE_FLUSH 2");
        assertThat(play.leave().costs("sci")).isEqualTo("CR3_WRITE_FLUSH 3, PTE_WRITE 1");
    }

    @Test
    void execveGoesOnInTheNewProcess() {
        // left; mm 7 takes a new ASID; entered again, with the pages mapped so far
        Play play = inCall().touch(Play.OBJECT).then().exec(7).touch(Play.OBJECT);
        assertThat(play.costs("sci")).isEqualTo("CR3_WRITE_FLUSH 3");
    }

    @Test
    void guestsAndNamespacesCostNothing() {
        assertThat(inCall().guest(1).exit(1).toVmm().namespace(1, 3).costs("sci"))
                .isEmpty();
    }

    @Test
    void aFullFlushInsideACallDropsTheKernelsTagToo() {
        // USER is touched under the kernel's tag by an interrupt; after the flush and the call it must be walked again.
        Play play = inCall().interrupt(Play.TIMER)
                .touch(Play.USER)
                .back()
                .flush(-1)
                .leave()
                .then()
                .touch(Play.USER);
        assertThat(play.walks("sci(noflush=true,keep=true)")).isEqualTo(1);
    }

    @Test
    void noflushKeepsAllButTheBeginning() {
        assertThat(warm().enter(Play.READ).touch(Play.OBJECT).leave().costs("sci(noflush=true)"))
                .isEqualTo("CR3_WRITE_KEEP 3, CR3_WRITE_FLUSH 1, FAULT 1, FAULT_HANDLER 1, PTE_WRITE 2, PGD_COPY 1");
        assertThat(warm().enter(Play.READ).leave().costs("sci(noflush=true,keep=true)"))
                .as("what is not unmapped need not be flushed")
                .isEqualTo("CR3_WRITE_KEEP 2, PGD_COPY 1");
    }

    @Test
    void preloadedPagesAreMappedWithoutAFault() {
        assertThat(inCall().touch(Play.OBJECT, Play.TEXT).leave().costs("sci(prefill=1)"))
                .isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 4");
    }

    @Test
    void aGreaterShareOfPreloadedPagesNeverFaultsMore() {
        Play play = inCall();
        for (int i = 0; i < 200; i++) {
            play.touch(Play.page(i, Access.LOAD));
        }
        long last = Long.MAX_VALUE;
        for (String share : new String[] {"0", "0.25", "0.5", "0.8", "1"}) {
            play.costs("sci(prefill=" + share + ")");
            long faults = play.lane().ledger().count(Operation.FAULT);
            assertThat(faults).isLessThanOrEqualTo(last);
            // of 200 pages; three standard deviations of a fair draw are 6 to 9 pages x 3
            assertThat(200 - faults)
                    .isCloseTo(Math.round(200 * Double.parseDouble(share)), org.assertj.core.data.Offset.offset(27L));
            last = faults;
        }
    }

    private static Play call(int pages, int type) {
        Play play = warm().enter(Play.READ);
        for (int i = 0; i < pages; i++) {
            play.touch(Play.page(i, type));
        }
        return play.leave();
    }

    @Test
    void callsBeyondTheLimitsAreCountedAndGoOn() {
        // 256 PTEs; 64 code addresses, of which do_syscall_64 is one. Two calls each: the warm one and this.
        assertBeyond(call(256, Access.LOAD), 0);
        assertBeyond(call(257, Access.LOAD), 1);
        assertBeyond(call(63, Access.FETCH), 0);
        assertBeyond(call(64, Access.FETCH), 1);
        Play again = call(64, Access.FETCH).enter(Play.READ).leave();
        again.costs("sci");
        assertThat(again.lane().notes())
                .containsExactly(
                        "as posted, 1 of 3 calls would be killed for needing more pages than its limits; here the"
                                + " limits are lifted.");
    }

    private static void assertBeyond(Play play, long killed) {
        play.costs("sci");
        assertThat(play.lane().callsMapped()).isEqualTo(2);
        assertThat(play.lane().callsBeyondLimits()).isEqualTo(killed);
    }
}
