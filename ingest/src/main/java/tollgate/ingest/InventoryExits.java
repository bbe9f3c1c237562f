package tollgate.ingest;

import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs each virtual CPU's exits with the entry that follows, by thread, and keeps apart what lies between:
 *
 * <pre>
 *   VM_EXIT ---- handled in the kernel ---- VM_ENTRY                          in kernel
 *   VM_EXIT ---- handled -- SWITCH ..asleep.. SWITCH -- handled -- VM_ENTRY   slept
 *   VM_EXIT ---- handled -- VMM_RETURN ..trip to user space.. -- VM_ENTRY     to user space
 * </pre>
 *
 * <p>Handling is what remains between exit and entry without the trip and without time off the CPU. A halt that
 * KVM does not hand to the VMM (KVM_EXIT_HLT) is waiting from end to end, polled or asleep, and never handling. Where kvm_userspace_exit is
 * not recorded, the return of the ioctl shows the trip. An exit without entry after it (the VM ended), or with lost
 * records in between, is none of the three and has no time.
 */
final class InventoryExits {
    /** Twice what the tables of VMX, SVM and PVM hold. */
    private static final int MOST_REASONS = 1024;

    private static final int VMX_HLT = 12;
    private static final int SVM_HLT = 0x78;
    private static final int SVM_IDLE_HALT = 0xa6;
    /** include/uapi/linux/kvm.h */
    private static final int KVM_EXIT_HLT = 5;

    private final InventoryTable<Sums> reasons = new InventoryTable<>(Sums::new, MOST_REASONS);
    long exitsWithoutEntry;

    private static final class Sums {
        long count;
        long errors;
        long inKernel;
        long slept;
        long toUserSpace;
        final InventoryDurations handling = new InventoryDurations();
        long offCpuNanos;
        long userSpaceNanos;
        long untilEntryNanos;
    }

    void exit(InventoryThread thread, int reason, long time, int epoch) {
        reasons.at(reason).count++;
        ends(thread);
        thread.exit = reason;
        thread.exitSince = time;
        thread.exitOff = thread.offNanos();
        thread.exitEpoch = epoch;
        thread.hasSlept = false;
        thread.userSince = InventoryThread.NOT_YET;
    }

    /** An exit of a thread that the recording does not name: counted, not paired. */
    void exitUnnamed(int reason) {
        reasons.at(reason).count++;
    }

    /**
     * KVM_RUN returns, as kvm_userspace_exit says or the return of the ioctl.
     *
     * @param reason KVM_EXIT_x, -1 if not told
     * @param errno 0 or negative
     */
    void returnsToUser(InventoryThread thread, int reason, long errno, long time) {
        if (thread.exit != InventoryThread.NONE && thread.userSince == InventoryThread.NOT_YET) {
            thread.userSince = time;
            thread.userOff = thread.offNanos();
            thread.hasWaited = isHalt(thread.exit) && (reason != KVM_EXIT_HLT || errno < 0);
            if (errno < 0) {
                reasons.at(thread.exit).errors++;
            }
        }
    }

    void entry(InventoryThread thread, long time, int epoch) {
        if (thread.exit == InventoryThread.NONE) {
            return;
        }
        if (thread.exitEpoch == epoch) {
            answered(reasons.at(thread.exit), thread, time);
        }
        thread.exit = InventoryThread.NONE;
    }

    /** The thread, or the recording, ends: its last exit has no entry. */
    void ends(InventoryThread thread) {
        if (thread.exit != InventoryThread.NONE) {
            exitsWithoutEntry++;
            thread.exit = InventoryThread.NONE;
        }
    }

    Map<String, Inventory.Exit> byName() {
        Map<String, Inventory.Exit> byName = new TreeMap<>();
        reasons.forEach((id, sums) -> {
            String name = ExitReason.name(id);
            byName.put(byName.containsKey(name) ? name + " (isa " + ExitReason.isa(id) + ")" : name, told(sums));
        });
        Sums none = new Sums();
        Sums others = reasons.others(none);
        if (others != none) {
            byName.put("others", told(others));
        }
        return byName;
    }

    private static void answered(Sums sums, InventoryThread thread, long time) {
        long whole = Math.max(0, time - thread.exitSince);
        sums.untilEntryNanos += whole;
        if (thread.userSince != InventoryThread.NOT_YET) {
            long off = thread.userOff - thread.exitOff;
            long inKernel = thread.userSince - thread.exitSince;
            sums.toUserSpace++;
            if (thread.hasWaited) {
                off = inKernel;
            } else {
                sums.handling.add(inKernel - off);
            }
            sums.offCpuNanos += off;
            sums.userSpaceNanos += Math.max(0, time - thread.userSince);
        } else if (isHalt(thread.exit)) {
            sums.slept++;
            sums.offCpuNanos += whole;
        } else {
            long off = thread.offNanos() - thread.exitOff;
            if (thread.hasSlept) {
                sums.slept++;
            } else {
                sums.inKernel++;
            }
            sums.handling.add(whole - off);
            sums.offCpuNanos += off;
        }
    }

    private static boolean isHalt(int id) {
        int reason = ExitReason.reason(id);
        return ExitReason.isa(id) == ExitReason.VMX
                ? reason == VMX_HLT
                : ExitReason.isa(id) == ExitReason.SVM && (reason == SVM_HLT || reason == SVM_IDLE_HALT);
    }

    private static Inventory.Exit told(Sums sums) {
        return new Inventory.Exit(
                sums.count,
                sums.errors,
                sums.inKernel,
                sums.slept,
                sums.toUserSpace,
                sums.handling,
                sums.offCpuNanos,
                sums.userSpaceNanos,
                sums.untilEntryNanos);
    }
}
