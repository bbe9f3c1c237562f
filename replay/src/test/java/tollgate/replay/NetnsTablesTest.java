package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The event table of namespace address spaces, row by row: rppt/linux mm/ass.c, 2019-2020. */
class NetnsTablesTest {
    /** Nothing stated: no allocations, no packets. */
    private static final String QUIET = "netns(pages_per_call=0,packets_per_call=0)";

    private static Play inCall() {
        return Play.onAmd().on(0).taskIn(1, 1).leave().enter(Play.READ).then();
    }

    @Test
    void systemCallsFaultsAndGuestsCostNothing() {
        Play play = inCall().touch(Play.OBJECT)
                .interrupt(Cause.KERNEL_FAULT)
                .back()
                .leave()
                .enter(Cause.USER_FAULT);
        assertThat(play.leave()
                        .enter(Play.IOCTL)
                        .guest(1)
                        .exit(1)
                        .toVmm()
                        .leave()
                        .costs(QUIET))
                .isEmpty();
    }

    @Test
    void anInterruptRunsOnTheNeutralTable() {
        assertThat(inCall().interrupt(Play.TIMER).costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(inCall().interrupt(Play.TIMER).back().costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(inCall().leave().then().enter(Play.TIMER).leave().costs(QUIET))
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void nestedInterruptsStayOnIt() {
        Play play = inCall().interrupt(Play.TIMER)
                .interrupt(Play.TIMER)
                .interrupt(Cause.KERNEL_FAULT)
                .back()
                .back();
        play.touch(Play.OTHER_NAMESPACE);
        assertThat(play.costs(QUIET)).as("still neutral").isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(play.lane().refused()).isZero();
        assertThat(play.back().costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 2");
        Play fromUser = inCall().leave()
                .then()
                .enter(Play.TIMER)
                .interrupt(Play.TIMER)
                .back()
                .touch(Play.OTHER_NAMESPACE);
        assertThat(fromUser.leave().costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(fromUser.lane().refused()).isZero();
    }

    @Test
    void orOnTheInterruptedTasks() {
        String lazy = "netns(pages_per_call=0,packets_per_call=0,neutral_irq=false)";
        Play play = inCall().interrupt(Play.TIMER).touch(Play.OTHER_NAMESPACE).back();
        assertThat(play.costs(lazy)).isEmpty();
        assertThat(play.lane().refused()).as("as posted an oops").isEqualTo(1);
    }

    @Test
    void aKernelThreadRunsOnTheNeutralTableOrLazily() {
        assertThat(inCall().kernelThread().costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(inCall().kernelThread().taskIn(1, 1).costs(QUIET))
                .as("and back")
                .isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(inCall().kernelThread().taskIn(1, 1).costs("netns(neutral_kthreads=false)"))
                .isEmpty();
    }

    @Test
    void switchesAreTheBaselines() {
        assertThat(inCall().taskIn(101, 1).costs(QUIET)).as("same mm").isEmpty();
        Play play = Play.onAmd().on(0).taskIn(1, 1).taskIn(2, 1).taskIn(3, 2).then();
        assertThat(play.taskIn(2, 1).costs(QUIET)).as("another namespace").isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(play.taskIn(1, 1).costs(QUIET))
                .as("another mm, same namespace")
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void theDirectMapIsNotGlobalAndWalkedAgainInEachProcess() {
        Play play = Play.onAmd()
                .on(0)
                .taskIn(1, 1)
                .touch(Play.OBJECT)
                .then()
                .taskIn(2, 2)
                .touch(Play.OBJECT);
        assertThat(play.walks(QUIET)).isEqualTo(1);
        assertThat(play.walks("baseline")).isZero();
    }

    @Test
    void setnsRebuildsTheKernelHalfAndFlushesHereAndElsewhere() {
        Play play = Play.onAmd()
                .on(1)
                .taskIn(101, 0)
                .taskIn(2, 0)
                .on(0)
                .taskIn(1, 0)
                .leave()
                .enter(Play.READ)
                .then();
        play.namespace(1, 3);
        assertThat(play.costs(QUIET)).isEqualTo("CR3_WRITE_FLUSH 1, PGD_COPY 1");
        assertThat(play.flush(2).costs(QUIET))
                .as("up to date itself: the next flush of it is an ordinary one")
                .isEqualTo("CR3_WRITE_FLUSH 1, INVLPG 2, PGD_COPY 1");
        Play thread = Play.onAmd()
                .on(1)
                .taskIn(101, 0)
                .taskIn(2, 0)
                .on(0)
                .taskIn(1, 0)
                .namespace(1, 3)
                .on(1)
                .then();
        assertThat(thread.taskIn(101, 3).costs(QUIET)).as("a new generation").isEqualTo("CR3_WRITE_FLUSH 1");
    }

    /** One page a call, never a split, another namespace on CPU 1. */
    private static String allocating(int namespaces, String more) {
        return "netns(packets_per_call=0,pages_per_call=1,split_rate=0,namespaces=" + namespaces + more + ")";
    }

    private static Play twoNamespaces() {
        return Play.onAmd().on(1).taskIn(2, 2).on(0).taskIn(1, 1).leave().then();
    }

    @Test
    void anExclusivePageIsUnmappedFromTheOthersAndTheShadowShotDownAndMappedAgain() {
        // N = 3: 2 other tables and the shadow, once to unmap, once to map when it is freed
        assertThat(twoNamespaces().enter(Play.SENDTO).costs(allocating(3, "")))
                .isEqualTo("INVLPG 1, PTE_WRITE 6, IPI_SEND 1, IPI_RECEIVE 1, IPI_WAIT 1");
        assertThat(twoNamespaces().enter(Play.SENDTO).costs(allocating(100, ",shootdown=false")))
                .as("the prototype, whose cost grows with N all the same")
                .isEqualTo("PTE_WRITE 200");
        assertThat(twoNamespaces().enter(Play.READ).costs(allocating(3, "")))
                .as("no socket call")
                .isEmpty();
        assertThat(twoNamespaces().enter(Play.SENDTO).costs(allocating(1, "")))
                .as("nobody else")
                .isEmpty();
    }

    @Test
    void onlyCpusInOtherNamespacesAreInterrupted() {
        Play play = Play.onAmd()
                .on(1)
                .taskIn(2, 1)
                .on(0)
                .taskIn(1, 1)
                .leave()
                .then()
                .enter(Play.SENDTO);
        assertThat(play.costs(allocating(3, ""))).isEqualTo("PTE_WRITE 6");
    }

    @Test
    void theOtherAsidsAreFlushedAtTheirNextUse() {
        Play play = Play.onAmd()
                .on(0)
                .taskIn(3, 1)
                .taskIn(1, 1)
                .leave()
                .then()
                .enter(Play.SENDTO)
                .taskIn(3, 1);
        assertThat(play.costs(allocating(3, ""))).isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 6");
        assertThat(play.costs(QUIET)).isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void ratesAreKeptExactly() {
        // 8 calls: 2 pages at 0.25 (2 x 2 PTEs each); shot down in batches of 2: once
        Play play = twoNamespaces();
        for (int i = 0; i < 8; i++) {
            play.enter(Play.SENDTO).leave();
        }
        assertThat(play.costs("netns(packets_per_call=0,split_rate=0,pages_per_call=0.25,batch=2)"))
                .isEqualTo("INVLPG 1, PTE_WRITE 8, IPI_SEND 1, IPI_RECEIVE 1, IPI_WAIT 1");
    }

    @Test
    void aSplitLeafIs512EntriesInEachTable() {
        assertThat(twoNamespaces()
                        .enter(Play.SENDTO)
                        .costs("netns(packets_per_call=0,pages_per_call=1,split_rate=1,shootdown=false)"))
                .isEqualTo("PTE_WRITE 1028"); // 2 tables x (2 + 512)
    }

    @Test
    void theInitialNamespaceCanBeWithoutExclusiveObjects() {
        Play play = Play.onAmd().on(0).taskIn(1, 0).leave().then().enter(Play.SENDTO);
        assertThat(play.costs(allocating(3, ",initial=false"))).isEmpty();
        assertThat(play.costs(allocating(3, ""))).isEqualTo("PTE_WRITE 6");
        assertThat(twoNamespaces().enter(Play.SENDTO).costs(allocating(3, ",initial=false,shootdown=false")))
                .isEqualTo("PTE_WRITE 6");
    }

    @Test
    void aPacketToAnotherNamespaceIsReceivedOnTheNeutralTableOrMapped() {
        String neutral = "netns(pages_per_call=0)";
        assertThat(inCall().leave().then().enter(Play.SENDTO).costs(neutral)).isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(inCall().leave().then().enter(Play.SENDTO).costs("netns(pages_per_call=0,packets=map)"))
                .isEqualTo("INVLPG 1, PTE_WRITE 2");
        assertThat(inCall().leave().then().enter(Play.READ).costs(neutral)).isEmpty();
        assertThat(Play.onAmd()
                        .on(0)
                        .taskIn(1, 0)
                        .leave()
                        .then()
                        .enter(Play.SENDTO)
                        .costs(neutral))
                .as("loopback of the initial namespace stays inside")
                .isEmpty();
    }

    @Test
    void anotherNamespacesObjectCannotBeTouchedFromACall() {
        Play play = inCall().touch(Play.OTHER_NAMESPACE, Play.OBJECT);
        assertThat(play.costs(QUIET)).as("no way back: no operations").isEmpty();
        assertThat(play.lane().refused()).isEqualTo(1);
        assertThat(play.lane().notes()).hasSize(1);
    }

    @Test
    void aUserShootdownIsTheBaselines() {
        assertThat(inCall().flush(3).costs(QUIET)).isEqualTo("INVLPG 3");
    }
}
