package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.analysis.Attack.*;
import static tollgate.analysis.AttackCell.Verdict.CANNOT_TELL;
import static tollgate.analysis.AttackCell.Verdict.NOT_AFFECTED;
import static tollgate.analysis.AttackCell.Verdict.REDUCED;
import static tollgate.analysis.AttackCell.Verdict.STOPPED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.AttackCell.Verdict;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.Strategies;
import tollgate.replay.exposure.Neighbours;

/**
 * What is left of each attack follows from a strategy's own table: strategies of the user's own, in which one mapping, one
 * flush or one word is changed at a time, beside a guest, its VMM, two processes that follow each other and siblings.
 *
 * <pre>
 *   ns     CPU 0                                   CPU 1
 *   100    task 1 taken                            task 2 taken
 *   150                                            to user mode
 *   200    VM entry
 *   500    VM exit, served                         system call
 *   600    VM entry                                to user mode
 *   900    VM exit, touches a process's object
 *   1000   return to the VMM
 *   1050   to user mode
 *   1200   system call
 *   1300   task 3 taken
 *   1350   to user mode
 *   1600   end
 * </pre>
 */
class AttackMatrixTest {
    private static final String KERNEL = rows("[]");
    private static final String LEAVE = "[{load: {space: kernel, flush: keep}}]";

    /** Exits are served on a space that maps this. */
    private static final String GUESTS = """
            kernel: {map: everything}
            spaces:
              kvm: {owner: vm, map: [k_text, k_data, percpu, entry, k_vm_cur], pcid_bits: 0x200, on_touch: LEAVE}
            rows:
              - {at: vm_entry, do: [{load: {space: kvm, flush: keep}}]}
              - {at: vmm_return, do: LEAVE}
              - {at: switch, do: LEAVE}
            """.replace("LEAVE", LEAVE);

    /** User code runs on a space that maps this. */
    private static final String USERS = """
            kernel: {map: everything}
            spaces:
              user: {owner: mm, map: [u_cur, entry], pcid_bits: 0x800}
            rows:
              - {at: user_entry, do: LEAVE}
              - {at: user_return, do: [{load: {space: user, flush: keep}}]}
            """.replace("LEAVE", LEAVE);

    /** System calls run on a space that maps this. */
    private static final String CALLS = """
            kernel: {map: everything}
            spaces:
              calls: {owner: mm, map: everything, pcid_bits: 0x400}
            rows:
              - {at: user_entry, do: [{load: {space: calls, flush: keep}}]}
              - {at: user_return, do: LEAVE}
              - {at: switch, do: LEAVE}
            """.replace("LEAVE", LEAVE);

    private static final Played TRACE = new Played()
            .takes(0, 100, 1)
            .takes(1, 100, 2)
            .toUser(1, 150)
            .guest(0, 200, 1)
            .exit(0, 500, 1)
            .call(1, 500)
            .guest(0, 600, 1)
            .toUser(1, 600)
            .exit(0, 900, 1)
            .touch(MemoryClass.K_PROC_CUR)
            .toVmm(0, 1000)
            .toUser(0, 1050)
            .call(0, 1200)
            .takes(0, 1300, 3)
            .toUser(0, 1350)
            .end(1600);

    private static final Lane BASELINE = TRACE.under(Strategies.parse("baseline"), Played.siblings());

    @TempDir
    private Path folder;

    private static String rows(String rows) {
        return "kernel: {map: everything}\nrows: " + rows + "\n";
    }

    private Map<Attack, AttackCell> of(String table) throws IOException {
        Path file = folder.resolve("own.yaml");
        Files.writeString(file, "strategy: own\nidea: of a test\n" + table);
        AttackMatrix matrix = new AttackMatrix(BASELINE, new MemorySizes(Map.of()), "");
        Map<Attack, AttackCell> cells = new EnumMap<>(Attack.class);
        matrix.of(TRACE.under(Strategies.parse(file.toString()), Played.siblings()))
                .forEach(cell -> cells.put(cell.attack(), cell));
        return cells;
    }

    /** Attacks of which something else is left, in figures or in words. */
    private Set<Attack> differences(String one, String other) throws IOException {
        Map<Attack, AttackCell> before = of(one);
        Map<Attack, AttackCell> after = of(other);
        Set<Attack> differences = EnumSet.noneOf(Attack.class);
        for (Attack attack : Attack.values()) {
            if (!before.get(attack).equals(after.get(attack))) {
                differences.add(attack);
            }
        }
        return differences;
    }

    private static Map<Attack, Verdict> verdicts(Map<Attack, AttackCell> cells) {
        Map<Attack, Verdict> verdicts = new EnumMap<>(Attack.class);
        cells.forEach((attack, cell) -> verdicts.put(attack, cell.verdict()));
        return verdicts;
    }

    private Verdict verdict(String table, Attack attack) throws IOException {
        return of(table).get(attack).verdict();
    }

    @Test
    void noIsolationAffectsNothing() throws IOException {
        assertThat(verdicts(of(KERNEL)).values()).containsOnly(NOT_AFFECTED);
    }

    @Test
    void aSpaceForUserCodeStopsWhatUserCodeReadsByItself() throws IOException {
        assertThat(differences(KERNEL, USERS)).containsExactly(MELTDOWN);
        assertThat(verdict(USERS, MELTDOWN)).isEqualTo(STOPPED);
    }

    @Test
    void oneMappingMoreThereOpensItAgain() throws IOException {
        String keys = USERS.replace("[u_cur, entry]", "[u_cur, entry, k_secret]");
        assertThat(differences(USERS, keys)).containsExactly(MELTDOWN);
        AttackCell cell = of(keys).get(MELTDOWN);
        assertThat(cell.verdict()).isEqualTo(REDUCED);
        // All keys for all user time, none of the tenants' data.
        assertThat(cell.left().get(0).what()).startsWith("keys in reach");
        assertThat(cell.left().get(0).figure()).isEqualTo(Estimate.exact(100));
        assertThat(cell.left().get(1).figure()).isEqualTo(Estimate.exact(0));
        assertThat(cell.left().get(2).from())
                .isEqualTo("1750 of 1750 ns"); // 150 and 250 on CPU 0, 350 and 1000 on CPU 1
    }

    @Test
    void oneMappingMoreForExitsIsMoreForGuestsAndForUserCodeBesideThem() throws IOException {
        String more = GUESTS.replace("[k_text,", "[u_oth, k_text,");
        assertThat(differences(GUESTS, more))
                .containsExactly(L1TF_THREAD, MDS_THREAD, MDS_SIBLING, SPECTRE_V1_GUEST, SPECTRE_V2_GUEST);
    }

    @Test
    void aSpaceForExitsReducesWhatGuestsReach() throws IOException {
        Map<Attack, Verdict> verdicts = verdicts(of(GUESTS));
        assertThat(verdicts.get(SPECTRE_V1_GUEST)).isEqualTo(REDUCED);
        assertThat(verdicts.get(SPECTRE_V1_USER)).isEqualTo(NOT_AFFECTED);
        assertThat(verdicts.get(MELTDOWN)).isEqualTo(NOT_AFFECTED);
        // Of the exits at 500 and 900 the second touches what is not mapped.
        AttackCell cell = of(GUESTS).get(SPECTRE_V1_GUEST);
        assertThat(cell.left().get(cell.left().size() - 1).what()).isEqualTo("VM exits with anything in reach");
        assertThat(cell.left().get(cell.left().size() - 1).figure()).isEqualTo(Estimate.exact(50));
    }

    @Test
    void oneFlushChangesWhatItFlushes() throws IOException {
        String verw = rows("[{at: user_return, do: [{charge: verw}]}, {at: vm_entry, do: [{charge: verw}]}]");
        assertThat(differences(KERNEL, verw)).containsExactly(MDS_THREAD, MDS_SIBLING);
        assertThat(verdict(verw, MDS_THREAD)).isEqualTo(STOPPED);
        assertThat(verdict(verw, MDS_SIBLING))
                .isEqualTo(NOT_AFFECTED); // no longer what is left, as ever what is in use
        String l1d = rows("[{at: vm_entry, do: [{charge: l1d_flush}]}]");
        assertThat(differences(KERNEL, l1d)).containsExactly(L1TF_THREAD, L1TF_SIBLING, MDS_THREAD, MDS_SIBLING);
        assertThat(verdict(l1d, L1TF_THREAD)).isEqualTo(STOPPED);
        assertThat(verdict(l1d, L1TF_SIBLING)).isEqualTo(NOT_AFFECTED);
        assertThat(verdict(l1d, MDS_THREAD)).isEqualTo(REDUCED); // before guests, not before user code
        String atSwitch = rows("[{at: switch, do: [{charge: ibpb}]}]");
        assertThat(verdict(atSwitch, BRANCHES_TENANTS)).isEqualTo(STOPPED);
        assertThat(differences(KERNEL, atSwitch)).containsExactly(SPECTRE_V2_USER, SPECTRE_V2_GUEST, BRANCHES_TENANTS);
        String atExit = rows("[{at: vm_exit, do: [{charge: ibpb}]}]");
        assertThat(verdict(atExit, SPECTRE_V2_GUEST)).isEqualTo(REDUCED);
        assertThat(verdict(atExit, BRANCHES_TENANTS)).isEqualTo(NOT_AFFECTED);
    }

    @Test
    void whatSiblingsMayRunChangesTheirAttacksAlone() throws IOException {
        for (String word : List.of("off", "one_tenant", "one_tenant_out_of_kernel", "stunned", "stunned_guests")) {
            assertThat(differences(GUESTS, GUESTS + "siblings: " + word + "\n"))
                    .as(word)
                    .containsExactly(L1TF_SIBLING, MDS_SIBLING);
        }
        assertThat(verdict(KERNEL + "\nsiblings: off", L1TF_SIBLING)).isEqualTo(STOPPED);
        assertThat(verdict(KERNEL + "\nsiblings: stunned", L1TF_SIBLING)).isEqualTo(REDUCED); // what is left behind
        String flushed = "siblings: stunned\n"
                + rows("[{at: user_return, do: [{charge: l1d_flush}]}, {at: vm_entry, do: [{charge: l1d_flush}]}]");
        assertThat(verdict(flushed, L1TF_SIBLING)).isEqualTo(STOPPED);
        assertThat(verdict(flushed.replace("siblings: stunned", "siblings: one_tenant"), L1TF_SIBLING))
                .isEqualTo(STOPPED); // the guest's sibling is another tenant
    }

    @Test
    void siblingPoliciesStopWhatTheKernelsDocumentationSays() {
        AttackMatrix matrix = new AttackMatrix(BASELINE, new MemorySizes(Map.of()), "");
        Map<String, Verdict> ofMds = new java.util.TreeMap<>();
        for (String strategy :
                List.of("nosmt", "core-scheduling", "core-scheduling(kernel=true)", "stun", "stun(users=true)")) {
            List<AttackCell> cells = matrix.of(TRACE.under(Strategies.parse(strategy), Played.siblings()));
            assertThat(cells.get(MDS_THREAD.ordinal()).verdict()).isEqualTo(NOT_AFFECTED);
            ofMds.put(strategy, cells.get(MDS_SIBLING.ordinal()).verdict());
        }
        assertThat(ofMds)
                .isEqualTo(Map.of(
                        "nosmt",
                        STOPPED,
                        "core-scheduling",
                        REDUCED, // what one tenant left behind the next one on the sibling finds
                        "core-scheduling(kernel=true)",
                        REDUCED,
                        "stun",
                        REDUCED, // CPU 1's kernel beside the guest, not beside user code
                        "stun(users=true)",
                        REDUCED));
    }

    @Test
    void otherNamespacesAreClosedToABugOnlyIfATouchIsRefused() throws IOException {
        String without = CALLS.replace("map: everything, pcid", "map: [k_text, k_mod, u_cur, k_task_cur], pcid");
        assertThat(verdict(CALLS, NAMESPACE_READ)).isEqualTo(NOT_AFFECTED);
        assertThat(verdict(without, NAMESPACE_READ))
                .isEqualTo(REDUCED); // 100 to 150 and 1300 to 1350 on the full space
        String opens = without.replace("pcid_bits: 0x400", "pcid_bits: 0x400, on_touch: " + LEAVE);
        assertThat(verdict(opens, NAMESPACE_READ)).isEqualTo(NOT_AFFECTED);
        assertThat(differences(without, opens)).containsExactly(NAMESPACE_READ);
    }

    @Test
    void codeOnDemandCountsOnlyIfItIsChecked() throws IOException {
        String granted = CALLS.replace(
                "map: everything, pcid_bits: 0x400",
                "map: [u_cur], rest: on_demand, pcid_bits: 0x400, on_touch: [{map_touched: {pages: 256, code_pages: 64}}]");
        String checked = granted.replace("on_touch: [", "on_touch: [{charge: code_verdict}, ");
        assertThat(verdict(CALLS, CODE_REUSE)).isEqualTo(NOT_AFFECTED);
        assertThat(verdict(granted, CODE_REUSE)).isEqualTo(NOT_AFFECTED);
        assertThat(verdict(checked, CODE_REUSE)).isEqualTo(REDUCED);
        assertThat(differences(granted, checked)).contains(CODE_REUSE);
    }

    @Test
    void whatTheRecordingDoesNotShowCannotBeTold() throws IOException {
        AttackMatrix matrix = new AttackMatrix(
                new Played()
                        .takes(0, 100, 1)
                        .toUser(0, 200)
                        .end(300)
                        .under(Strategies.parse("baseline"), Neighbours.NONE),
                new MemorySizes(Map.of()),
                "");
        List<AttackCell> cells = matrix.of(
                new Played().takes(0, 100, 1).toUser(0, 200).end(300).under(Strategies.parse("kpti"), Neighbours.NONE));
        assertThat(cells.get(L1TF_THREAD.ordinal()).verdict()).isEqualTo(CANNOT_TELL);
        assertThat(cells.get(L1TF_THREAD.ordinal()).reason()).isEqualTo("no guest ran in the workload");
        assertThat(cells.get(BRANCHES_TENANTS.ordinal()).reason())
                .isEqualTo("nothing was open to it without isolation either, in this recording");
        assertThat(cells.get(MDS_SIBLING.ordinal()).assumes())
                .contains("no sibling was recorded: from one that runs nothing to one that always runs another");
        Estimate share =
                (Estimate) cells.get(MDS_SIBLING.ordinal()).left().get(0).figure();
        assertThat(share.low()).isZero();
    }

    @Test
    void withoutAClockVerdictsStandAndTimesDoNot() throws IOException {
        AttackMatrix matrix =
                new AttackMatrix(BASELINE, new MemorySizes(Map.of()), "the recording's clock is not real time");
        AttackCell cell = matrix.of(TRACE.under(Strategies.parse("kpti"), Played.siblings()))
                .get(L1TF_THREAD.ordinal());
        assertThat(cell.verdict()).isEqualTo(NOT_AFFECTED);
        assertThat(cell.left().get(0).figure())
                .isEqualTo(new Figure.CannotTell("the recording's clock is not real time"));
        assertThat(cell.left().get(cell.left().size() - 1).figure()).isEqualTo(Estimate.exact(100));
    }
}
