package tollgate.replay;

/**
 * Which threads are kernel threads, by name, since recordings do not say it otherwise: they have no mm, so
 * that a switch to one loads no address space.
 *
 * <p>The names are those that Linux gives (kernel/kthread.c and its callers, as seen in {@code ps} under
 * PID 2). A process that takes such a name is misjudged until it makes a system call or faults in user mode.
 */
final class KernelThreads {
    private static final String[] STARTS = {
        "swapper",
        "kworker/",
        "ksoftirqd/",
        "migration/",
        "rcu_",
        "rcub/",
        "rcuc/",
        "rcuog/",
        "rcuop/",
        "kthreadd",
        "kcompactd",
        "kswapd",
        "khugepaged",
        "ksmd",
        "kdevtmpfs",
        "kauditd",
        "khungtaskd",
        "oom_reaper",
        "cpuhp/",
        "idle_inject/",
        "irq/",
        "jbd2/",
        "kblockd",
        "writeback",
        "watchdog",
        "scsi_eh_",
        "nvme",
        "md",
        "xfs",
        "btrfs-",
        "irqbalance-k",
        "napi/",
        "kintegrityd",
        "kthrotld",
        "edac-poller",
        "devfreq_wq",
        "hwrng",
        "ext4-rsv-conver",
        "vhost-",
        "psimon",
        "card0-crtc",
        "ttm_swap",
        "kdmflush",
        "dm_bufio",
        "kstrp",
        "zswap",
        "mm_percpu_wq",
        "netns",
        "inet_frag_wq",
        "ipv6_addrconf",
        "slub_flushwq",
        "tpm_dev_wq",
        "acpi_thermal_pm",
        "ata_sff",
        "kvm-nx-lpage-re",
        "kvm-pit/",
    };

    private KernelThreads() {}

    static boolean hasName(String comm) {
        for (String start : STARTS) {
            if (comm.startsWith(start) && isWhole(comm, start)) {
                return true;
            }
        }
        return false;
    }

    /** Short names such as "md" and "nvme" must be followed by something that no ordinary word is. */
    private static boolean isWhole(String comm, String start) {
        boolean isShort = start.equals("md") || start.equals("nvme") || start.equals("xfs") || start.equals("netns");
        return !isShort || comm.length() == start.length() || !Character.isLetter(comm.charAt(start.length()));
    }
}
