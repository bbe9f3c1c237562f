package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.replay.Access.FETCH;
import static tollgate.replay.Access.LOAD;
import static tollgate.replay.Access.STORE;
import static tollgate.replay.mmu.Mmu.L1_HIT;
import static tollgate.replay.mmu.Mmu.SIZE_1G;
import static tollgate.replay.mmu.Mmu.SIZE_2M;
import static tollgate.replay.mmu.Mmu.SIZE_4K;
import static tollgate.replay.mmu.Mmu.STLB_HIT;
import static tollgate.replay.mmu.Mmu.WALK;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of the simulated MMU by an example small enough to work out by hand. */
final class MmuTest {
    static final List<String> CPUS = List.of(
            "haswell",
            "broadwell",
            "skylake-client",
            "skylake-sp",
            "cascade-lake",
            "ice-lake-client",
            "ice-lake-sp",
            "sapphire-rapids",
            "zen1",
            "zen2",
            "zen3",
            "zen4");

    private static final boolean GLOBAL = true;
    private static final boolean OWN = false;
    private static final int A = 1;
    private static final int B = 2;
    private static final int GUEST = 7 << Mmu.PCID_BITS | 3;

    // Skylake with its caches of 32 PDEs and 4 PDPTEs; 4 levels.
    private final Mmu mmu = new Mmu(GeometryFile.of("skylake-client"));

    @Test
    void aFirstWalkReadsEveryLevelAndANeighbourOnlyItsPte() {
        assertThat(load(0x1000, A, OWN)).isEqualTo(WALK + 4);
        assertThat(load(0x1001, A, OWN)).isEqualTo(WALK + 1); // same PDE
        assertThat(load(0x1200, A, OWN)).isEqualTo(WALK + 2); // 0x1000 and 0x1200 lie in neighbouring 2 MiB
        assertThat(load(0x41000, A, OWN)).isEqualTo(WALK + 4); // another 1 GiB; no PML4E is cached
    }

    @Test
    void largerLeavesEndTheWalkEarlier() {
        assertThat(mmu.access(0x1000, SIZE_2M, A, OWN, LOAD)).isEqualTo(WALK + 3);
        assertThat(mmu.access(0x1200, SIZE_2M, A, OWN, LOAD)).isEqualTo(WALK + 1); // the PDPTE is cached
        assertThat(mmu.access(0x80000, SIZE_1G, A, OWN, LOAD)).isEqualTo(WALK + 2);
        assertThat(mmu.access(0xbffff, SIZE_1G, A, OWN, LOAD)).isEqualTo(L1_HIT);
    }

    @Test
    void fiveLevelsCostOneReadMore() {
        Mmu deep = new Mmu(GeometryFile.of("ice-lake-sp").withLevels(5));
        assertThat(deep.access(0x1000, SIZE_4K, A, OWN, LOAD)).isEqualTo(WALK + 5);
        assertThat(deep.access(0x1001, SIZE_4K, A, OWN, LOAD)).isEqualTo(WALK + 1);
    }

    @Test
    void fetchesAndLoadsMeetInTheSecondLevel() {
        load(0x1000, A, OWN);
        assertThat(mmu.access(0x1000, SIZE_4K, A, OWN, FETCH)).isEqualTo(STLB_HIT);
        assertThat(mmu.access(0x1000, SIZE_4K, A, OWN, FETCH)).isEqualTo(L1_HIT);
    }

    @Test
    void zenHasASecondLevelForEachOfFetchesAndData() {
        Mmu zen = new Mmu(GeometryFile.of("zen3"));
        zen.access(0x1000, SIZE_4K, A, OWN, LOAD);
        assertThat(zen.access(0x1000, SIZE_4K, A, OWN, FETCH)).isEqualTo(WALK + 1);
        assertThat(zen.access(0x1000, SIZE_4K, A, OWN, STORE)).isEqualTo(L1_HIT);
    }

    @Test
    void iceLakeHasAnArrayOfItsOwnForStores() {
        Mmu ice = new Mmu(GeometryFile.of("ice-lake-sp"));
        ice.access(0x1000, SIZE_4K, A, OWN, LOAD);
        assertThat(ice.access(0x1000, SIZE_4K, A, OWN, STORE)).isEqualTo(STLB_HIT);
        assertThat(ice.access(0x1000, SIZE_4K, A, OWN, STORE)).isEqualTo(L1_HIT);
    }

    @Test
    void tagsKeepAddressSpacesApart() {
        load(0x1000, A, OWN);
        assertThat(load(0x1000, B, OWN)).isEqualTo(WALK + 4); // paging-structure caches are tagged too
        assertThat(load(0x1000, A, OWN)).isEqualTo(L1_HIT);
    }

    @Test
    void globalPagesMatchUnderEveryTag() {
        load(0x1000, A, GLOBAL);
        assertThat(load(0x1000, B, GLOBAL)).isEqualTo(L1_HIT);
    }

    @Test
    void pagingStructureCachesAreTaggedEvenForGlobalPages() {
        load(0x1000, A, GLOBAL);
        assertThat(load(0x1001, B, GLOBAL)).isEqualTo(WALK + 4);
    }

    @Test
    void flushOnSwitchDropsOnlyTheTag() {
        load(0x1000, A, OWN);
        load(0x1000, B, OWN);
        mmu.flushTag(A);
        assertThat(load(0x1000, B, OWN)).isEqualTo(L1_HIT);
        assertThat(load(0x1000, A, OWN)).isEqualTo(WALK + 4);
    }

    @Test
    void aTagFlushDropsPagingStructuresWhereGlobalEntriesStay() {
        load(0x1000, A, GLOBAL);
        mmu.flushTag(A);
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(L1_HIT);
        assertThat(load(0x1001, A, GLOBAL)).isEqualTo(WALK + 4);
    }

    @Test
    void globalSurvivesCr3WriteWithoutPcid() {
        load(0x1000, A, GLOBAL);
        load(0x5000, A, OWN);
        load(0x6000, B, OWN);
        mmu.flushNonGlobal();
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(L1_HIT);
        assertThat(load(0x5000, A, OWN)).isEqualTo(WALK + 4);
        assertThat(load(0x6000, B, OWN)).isEqualTo(WALK + 4);
    }

    @Test
    void invpcidAllDropsGlobalPagesToo() {
        load(0x1000, A, GLOBAL);
        load(0x5000, B, OWN);
        mmu.invpcidAll();
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(WALK + 4);
        assertThat(load(0x5000, B, OWN)).isEqualTo(WALK + 4);
    }

    @Test
    void invpcidAllNonGlobalSparesGlobalPages() {
        load(0x1000, A, GLOBAL);
        load(0x5000, B, OWN);
        mmu.invpcidAllNonGlobal();
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(L1_HIT);
        assertThat(load(0x5000, B, OWN)).isEqualTo(WALK + 4);
    }

    @Test
    void invlpgDropsThePageOfItsTagOnly() {
        load(0x1000, A, OWN);
        load(0x1001, A, OWN);
        load(0x1000, B, OWN);
        mmu.invlpg(0x1000, A);
        assertThat(load(0x1000, B, OWN)).isEqualTo(L1_HIT);
        assertThat(load(0x1001, A, OWN)).isEqualTo(L1_HIT);
        assertThat(load(0x1000, A, OWN)).isEqualTo(WALK + 4); // its paging-structure caches went as well
    }

    @Test
    void invlpgReachesGlobalEntriesOfAllTags() {
        load(0x1000, A, GLOBAL);
        mmu.invlpg(0x1000, B);
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(WALK + 1); // the PDE of A stays, that of B would go
    }

    @Test
    void invlpgFindsTheLargePageAroundAnAddress() {
        mmu.access(0x1000, SIZE_2M, A, OWN, LOAD);
        mmu.access(0x1000, SIZE_2M, A, OWN, FETCH);
        mmu.invlpg(0x11ff, A);
        assertThat(mmu.access(0x1000, SIZE_2M, A, OWN, LOAD)).isEqualTo(WALK + 3);
    }

    @Test
    void invpcidAddressSparesGlobalPagesAndOtherPagingStructures() {
        load(0x1000, A, GLOBAL);
        load(0x1001, A, OWN);
        load(0x5000, A, OWN);
        mmu.invpcidAddress(0x1000, A);
        assertThat(load(0x1000, A, GLOBAL)).isEqualTo(L1_HIT);
        mmu.invpcidAddress(0x1001, A);
        assertThat(load(0x5001, A, OWN)).isEqualTo(WALK + 1); // PDE of 0x5000
        assertThat(load(0x1001, A, OWN)).isEqualTo(WALK + 4);
    }

    @Test
    void aGuestWalkIsTwoDimensional() {
        Mmu bare = new Mmu(GeometryFile.of("skylake-client").withoutWalkCaches());
        assertThat(guest(bare, 0x1000, SIZE_4K, SIZE_4K)).isEqualTo(WALK + 24); // (4 + 1) * (4 + 1) - 1
        assertThat(guest(bare, 0x9000, SIZE_4K, SIZE_2M)).isEqualTo(WALK + 19); // (4 + 1) * (3 + 1) - 1
        assertThat(guest(bare, 0x9200, SIZE_2M, SIZE_2M)).isEqualTo(WALK + 15); // (3 + 1) * (3 + 1) - 1
    }

    @Test
    void aCachedGuestPdeLeavesOneReadAndTheWalkForThePageItself() {
        guest(mmu, 0x1000, SIZE_4K, SIZE_4K);
        // PTE: its table's host address is in the PDE cache. The frame next to the last one: nested PDE cached.
        assertThat(guest(mmu, 0x1001, SIZE_4K, SIZE_4K)).isEqualTo(WALK + 2);
    }

    @Test
    void aNestedTlbSavesTheNestedWalks() {
        Mmu zen = new Mmu(GeometryFile.of("zen3"));
        guest(zen, 0x1000, SIZE_4K, SIZE_2M);
        assertThat(guest(zen, 0x1001, SIZE_4K, SIZE_2M)).isEqualTo(WALK + 1); // PTE only: the 2 MiB frame is known
    }

    @Test
    void aSplinteredGuestPageTakesTheSmallerSize() {
        mmu.accessNested(0x1000, SIZE_2M, GUEST, OWN, LOAD, 0x1000, SIZE_4K);
        assertThat(mmu.accessNested(0x1001, SIZE_2M, GUEST, OWN, LOAD, 0x1001, SIZE_4K))
                .isGreaterThanOrEqualTo(WALK);
    }

    @Test
    void guestEntriesSurviveTheHostsFlushes() {
        guest(mmu, 0x1000, SIZE_4K, SIZE_4K);
        mmu.flushTag(A);
        mmu.flushNonGlobal();
        mmu.invpcidAll();
        assertThat(guest(mmu, 0x1000, SIZE_4K, SIZE_4K)).isEqualTo(L1_HIT);
        mmu.flushAll();
        assertThat(guest(mmu, 0x1000, SIZE_4K, SIZE_4K)).isGreaterThan(WALK);
    }

    @Test
    void invvpidDropsOneGuestAndNotTheHost() {
        load(0x5000, A, OWN);
        guest(mmu, 0x1000, SIZE_4K, SIZE_4K);
        mmu.invvpid(7);
        assertThat(load(0x5000, A, OWN)).isEqualTo(L1_HIT);
        // 4 guest tables, each with its nested PDE cached (1 read), and the frame likewise.
        assertThat(guest(mmu, 0x1000, SIZE_4K, SIZE_4K)).isEqualTo(WALK + 4 + 4 + 1);
        mmu.invept(7);
        // 4 guest tables: the first needs 4 nested reads, the others 2, since all lie in one GiB; the frame 4.
        assertThat(guest(mmu, 0x1000, SIZE_4K, SIZE_4K)).isEqualTo(WALK + 4 + 4 + 3 * 2 + 4);
    }

    @Test
    void guestAndHostCompeteForTheSameSets() {
        // One set of 4 ways in the L1 dTLB: page 0 of the host and pages 16, 32, 48, 64 of the guest, modulo 16 sets.
        load(0, A, OWN);
        for (int page = 16; page <= 64; page += 16) {
            guest(mmu, page, SIZE_4K, SIZE_4K);
        }
        assertThat(load(0, A, OWN)).isEqualTo(STLB_HIT);
    }

    @Test
    void anEmptiedWayIsTakenBeforeALiveOneIsEvicted() {
        // The set of pages 0, 16, 32, 48 in the L1 dTLB is full; 48 belongs to B and is flushed; 64 takes its way.
        load(0, A, OWN);
        load(16, A, OWN);
        load(32, A, OWN);
        load(48, B, OWN);
        mmu.flushTag(B);
        load(64, A, OWN);
        assertThat(load(0, A, OWN)).isEqualTo(L1_HIT);
        assertThat(load(16, A, OWN)).isEqualTo(L1_HIT);
        assertThat(load(32, A, OWN)).isEqualTo(L1_HIT);
        assertThat(load(64, A, OWN)).isEqualTo(L1_HIT);
    }

    @Test
    void aBusySiblingLeavesHalfTheWays() {
        Mmu half = new Mmu(GeometryFile.of("skylake-client").besideBusySibling());
        for (int page : new int[] {0, 16, 32}) {
            half.access(page, SIZE_4K, A, OWN, LOAD);
        }
        assertThat(half.access(16, SIZE_4K, A, OWN, LOAD)).isEqualTo(L1_HIT);
        assertThat(half.access(0, SIZE_4K, A, OWN, LOAD)).isEqualTo(STLB_HIT); // 2 of 4 ways are left
    }

    @Test
    void handlesThatRunOutChangeNothing() {
        Mmu few = new Mmu(GeometryFile.of("skylake-client"), 8);
        few.access(0x1000, SIZE_4K, A, GLOBAL, LOAD);
        few.access(0x7000, SIZE_4K, B, OWN, LOAD);
        few.flushTag(A);
        for (int i = 0; i < 1000; i++) {
            assertThat(few.access(0x5000, SIZE_4K, A, OWN, LOAD)).isEqualTo(WALK + 4);
            few.flushTag(A);
        }
        assertThat(few.access(0x1000, SIZE_4K, A, GLOBAL, LOAD)).isEqualTo(L1_HIT);
        assertThat(few.access(0x7000, SIZE_4K, B, OWN, LOAD)).isEqualTo(L1_HIT);
    }

    @Test
    void everyShippedCpuCanBeBuilt() {
        for (String cpu : CPUS) {
            Geometry geometry = GeometryFile.of(cpu);
            assertThat(new Mmu(geometry).access(0x1000, SIZE_4K, A, OWN, LOAD))
                    .as(cpu)
                    .isEqualTo(WALK + 4);
            new Mmu(geometry.besideBusySibling());
            new Mmu(geometry.withLevels(5));
        }
    }

    private int load(long page, int tag, boolean isGlobal) {
        return mmu.access(page, SIZE_4K, tag, isGlobal, LOAD);
    }

    private static int guest(Mmu mmu, long page, int size, int frameSize) {
        return mmu.accessNested(page, size, GUEST, OWN, LOAD, page, frameSize);
    }
}
