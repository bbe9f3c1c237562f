package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What every Linux does at context switches and flushes: arch/x86/mm/tlb.c, row by row, under no isolation. */
class AsidEngineTest {
    private static final String KPTI = "kpti";
    private static final String BASELINE = "baseline";

    /** Task 1 was here; task 2 runs. */
    private static Play oneThenTwo() {
        return Play.onAmd().on(0).task(1).task(2).then();
    }

    @Test
    void withoutPcidEveryLoadFlushes() {
        assertThat(oneThenTwo().task(1).task(2).costs("baseline(pcid=false)")).isEqualTo("CR3_WRITE_FLUSH 2");
    }

    @Test
    void aHitKeepsAndAMissFlushes() {
        assertThat(oneThenTwo().task(1).costs(BASELINE)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(oneThenTwo().task(3).costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void aHitOnAnOldGenerationFlushesOnce() {
        // CPU 1 flushes pages of mm 1 while CPU 0 runs task 2: nothing is sent; back on CPU 0, generation 1 < 2.
        Play play = Play.onAmd()
                .on(1)
                .task(101)
                .on(0)
                .task(1)
                .task(2)
                .on(1)
                .flush(3)
                .on(0);
        assertThat(play.then().task(1).task(2).task(1).costs(BASELINE))
                .isEqualTo("CR3_WRITE_KEEP 2, CR3_WRITE_FLUSH 1");
    }

    @Test
    void sixMmsFitAndSevenMissEveryTime() {
        // Slots 1 to 5, then 0, which was init_mm's. The seventh takes slot 1, whose owner comes next: always too late.
        Play six = Play.onAmd()
                .on(0)
                .task(1)
                .task(2)
                .task(3)
                .task(4)
                .task(5)
                .task(6)
                .then();
        assertThat(six.task(1).task(2).task(3).task(4).task(5).task(6).costs(BASELINE))
                .isEqualTo("CR3_WRITE_KEEP 6");
        Play seven = Play.onAmd()
                .on(0)
                .task(1)
                .task(2)
                .task(3)
                .task(4)
                .task(5)
                .task(6)
                .task(7)
                .then();
        assertThat(seven.task(1).task(2).task(3).task(4).task(5).task(6).task(7).costs(BASELINE))
                .isEqualTo("CR3_WRITE_FLUSH 7");
    }

    @Test
    void withAsManySlotsAsMmsOnlyFirstUsesFlush() {
        AsidEngine engine = new AsidEngine(true, 8);
        int flushes = 0;
        for (int i = 0; i < 70; i++) {
            engine.load(1 + i % 7, 1);
            flushes += engine.flushes() ? 1 : 0;
        }
        assertThat(flushes).isEqualTo(7);
    }

    @Test
    void invalidateOtherSparesTheLoadedSlotOnly() {
        AsidEngine engine = new AsidEngine(true, AsidEngine.LINUX_SLOTS);
        engine.load(1, 1);
        engine.load(2, 1);
        engine.invalidateOther();
        engine.load(2, 1);
        assertThat(engine.flushes()).as("the loaded one").isFalse();
        engine.load(1, 1);
        assertThat(engine.flushes()).as("another").isTrue();
        engine.load(2, 1);
        assertThat(engine.flushes()).as("the flag is gone").isFalse();
    }

    @Test
    void threadsOfOneMmAndKernelThreadsLoadNothing() {
        assertThat(oneThenTwo().task(102).costs(BASELINE)).as("a thread").isEmpty();
        assertThat(oneThenTwo().kernelThread().costs(BASELINE)).as("lazy").isEmpty();
        assertThat(oneThenTwo().kernelThread().task(2).costs(BASELINE))
                .as("and back")
                .isEmpty();
    }

    @Test
    void backFromLazyTheGenerationDecides() {
        Play play = Play.onAmd()
                .on(1)
                .task(102)
                .on(0)
                .task(2)
                .kernelThread()
                .on(1)
                .flush(3)
                .on(0)
                .then();
        assertThat(play.task(2).costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void upTo33PagesAreFlushedOneByOneMoreAllAtOnce() {
        assertThat(oneThenTwo().flush(33).costs(BASELINE)).isEqualTo("INVLPG 33");
        assertThat(oneThenTwo().flush(34).costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(oneThenTwo().flush(-1).costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 1");
    }

    /** Threads of mm 2 on both CPUs; CPU 0 sends. */
    private static Play sent() {
        return Play.onAmd().on(1).task(102).on(0).task(2).then().send(3).flush(3);
    }

    @Test
    void aShootdownIsSentAwaitedReceivedAndDoneOnce() {
        assertThat(sent().costs(BASELINE)).isEqualTo("INVLPG 3, IPI_SEND 1, IPI_WAIT 1");
        assertThat(sent().on(1).receive(3).costs(BASELINE))
                .isEqualTo("INVLPG 6, IPI_SEND 1, IPI_RECEIVE 1, IPI_WAIT 1");
    }

    @Test
    void aReceiverThatRunsAnotherMmIgnoresIt() {
        Play play = Play.onAmd()
                .on(1)
                .task(102)
                .task(3)
                .on(0)
                .task(2)
                .send(3)
                .on(1)
                .then()
                .receive(3);
        assertThat(play.costs(BASELINE)).isEqualTo("IPI_RECEIVE 1");
        assertThat(play.task(102).costs(BASELINE)).as("it pays later").isEqualTo("CR3_WRITE_FLUSH 1, IPI_RECEIVE 1");
    }

    @Test
    void aLazyReceiverLoadsInitMm() {
        // init_mm is still in slot 0: kept. Then mm 2 is loaded again, its slot a generation behind.
        Play play = Play.onAmd()
                .on(1)
                .task(102)
                .kernelThread()
                .on(0)
                .task(2)
                .send(3)
                .on(1)
                .then()
                .receive(3);
        assertThat(play.costs(BASELINE)).isEqualTo("CR3_WRITE_KEEP 1, IPI_RECEIVE 1");
        assertThat(play.task(102).costs(BASELINE)).isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1, IPI_RECEIVE 1");
        assertThat(play.then().receive(3).costs(BASELINE))
                .as("no longer behind")
                .isEqualTo("IPI_RECEIVE 1");
    }

    @Test
    void aReceiverTwoGenerationsBehindFlushesAllThenNothing() {
        Play play = Play.onAmd()
                .on(1)
                .task(102)
                .on(0)
                .task(2)
                .send(3)
                .send(4)
                .on(1)
                .then()
                .receive(3)
                .receive(4);
        assertThat(play.costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 1, IPI_RECEIVE 2");
    }

    @Test
    void aKernelFlushReachesAllCpusAndUnderGlobalPagesNothingIsOwed() {
        Play play = Play.onAmd().on(1).task(2).on(0).task(1).task(2).then().kernelFlush(3);
        assertThat(play.costs(BASELINE)).isEqualTo("INVLPG 6, IPI_SEND 1, IPI_RECEIVE 1, IPI_WAIT 1");
        assertThat(play.then().task(1).costs(BASELINE)).as("the other ASID").isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(play.costs(KPTI)).as("where the kernel is not global").isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void aLargeKernelFlushDropsEverything() {
        Play play = Play.onAmd()
                .on(0)
                .task(2)
                .touch(Play.TEXT)
                .then()
                .kernelFlush(34)
                .touch(Play.TEXT);
        assertThat(play.costs(BASELINE)).isEqualTo("INVPCID_ALL 1");
        assertThat(play.walks(BASELINE)).as("the global page too").isEqualTo(1);
        assertThat(Play.withoutInvpcid().on(0).task(2).then().kernelFlush(34).costs(BASELINE))
                .isEqualTo("CR4_PGE_TOGGLE 1");
    }

    @Test
    void globalPagesSurviveEveryLoadOthersOnlyTheKeptOnes() {
        // TEXT is global under no isolation, USER is not; the miss of task 3 drops tag 3 alone.
        Play play =
                Play.onAmd().on(0).task(1).touch(Play.TEXT, Play.USER).task(3).then();
        assertThat(play.touch(Play.TEXT).task(1).touch(Play.USER).walks(BASELINE))
                .isZero();
        assertThat(play.walks("baseline(pcid=false)")).as("USER is gone").isEqualTo(1);
    }

    @Test
    void onIntelHostCr3IsWrittenWhenItChanged() {
        Play play = Play.onIntel().on(0).task(1).guest(1).exit(1).then().guest(1);
        assertThat(play.costs(BASELINE)).isEmpty();
        assertThat(play.exit(1).task(2).task(1).guest(1).costs(BASELINE))
                .as("mm 1 is in the same ASID again: CR3 as it was, but written since")
                .isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1, VMRESUME_SURCHARGE 1");
    }

    @Test
    void onIntelTheSameMmUnderAnotherPcidIsAnotherHostCr3() {
        // mm 1 in slot 1; 2 to 5 take the next, 6 wraps round to slot 0, 7 takes slot 1; mm 1 comes back in slot 2.
        Play play = Play.onIntel().on(0).task(1).guest(1).exit(1).then();
        play.task(2).task(3).task(4).task(5).task(6).task(7).task(1).guest(1);
        assertThat(play.costs(BASELINE)).isEqualTo("CR3_WRITE_FLUSH 7, VMWRITE_HOST_CR3 1, VMRESUME_SURCHARGE 1");
    }

    @Test
    void upToTheCeilingKernelPagesAreFlushedOneByOne() {
        Play play = Play.onAmd().on(0).task(2).then().kernelFlush(33);
        assertThat(play.costs(BASELINE)).isEqualTo("INVLPG 33");
        assertThat(play.costs(KPTI)).isEqualTo("INVLPG 33, INVPCID_ADDRESS 33");
    }

    @Test
    void deepIdleLosesGlobalPagesToo() {
        Play play = Play.onAmd().on(0).task(1).touch(Play.TEXT, Play.USER).then();
        assertThat(play.touch(Play.TEXT, Play.USER).walks(BASELINE)).isZero();
        assertThat(play.deepIdle().touch(Play.TEXT, Play.USER).walks(BASELINE)).isEqualTo(2);
    }

    @Test
    void nothingElseOfTheTableDoesAnything() {
        Play play = Play.onAmd().on(0).task(1).leave().then();
        play.enter(Play.READ)
                .interrupt(Play.NMI)
                .back()
                .leave()
                .enter(Play.TIMER)
                .leave();
        play.enter(Play.IOCTL).guest(1).exit(1).guestFault().toVmm().leave().namespace(1, 1);
        assertThat(play.costs(BASELINE)).isEmpty();
    }
}
