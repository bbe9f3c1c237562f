package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.FLUSH;
import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.NAMESPACE;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.SWITCHED;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.Crossing.USER_RETURN;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.K_DATA;
import static tollgate.replay.MemoryClass.K_MOD;
import static tollgate.replay.MemoryClass.K_NS_OTH;
import static tollgate.replay.MemoryClass.K_TEXT;
import static tollgate.replay.MemoryClass.PERCPU;
import static tollgate.replay.MemoryClass.VMEMMAP;
import static tollgate.replay.Strategy.KERNEL;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.load;
import static tollgate.replay.Strategy.whenCause;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Cause.Family;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.SyscallSet;
import tollgate.replay.View;

/**
 * Network-namespace address spaces: the kernel half of a process's page table is its namespace's, in which
 * other namespaces' private objects are not mapped. Costs nothing at a system call.
 *
 * <pre>
 *   switch to another mm       the CR3 write that is there anyway; the direct map is no longer global
 *   interrupt, kernel thread   runs on an all-mapping table: CR3 there and back, entries kept; nested ones stay there
 *   exclusive page allocated   unmapped from every other namespace's table and the shadow, and shot down; freed: mapped again
 *   setns                      the kernel half of the mm's table is rebuilt, and flushed
 *   packet to another namespace   the receiver's part runs on the all-mapping table, or the packet is mapped into the peer
 *   touch of another's object  no way back: an oops
 * </pre>
 *
 * <p>Source: rppt/linux mm/ass.c, net/core/net_namespace.c (2019-2020), patent US 11093657. The prototype flushes
 * nothing when it unmaps, which would leave the pages reachable: {@code shootdown} is what correctness needs. What
 * becomes of packets and interrupts its talks leave open. How often a socket call allocates an exclusive page or
 * sends a packet elsewhere is stated, not recorded.
 */
@AutoService(Blueprint.class)
public final class NetnsTables implements Blueprint {
    private static final SyscallSet SOCKET_CALLS = new SyscallSet(List.of(
            "socket",
            "accept",
            "accept4",
            "connect",
            "sendto",
            "sendmsg",
            "sendmmsg",
            "recvfrom",
            "recvmsg",
            "recvmmsg",
            "bind",
            "listen",
            "socketpair",
            "shutdown"));

    private static final SyscallSet SENDING_CALLS = new SyscallSet(List.of("connect", "sendto", "sendmsg", "sendmmsg"));

    /** 4 KiB entries that take the place of one of 2 MiB. */
    private static final int SPLIT = 512;

    @Override
    public String name() {
        return "netns";
    }

    @Override
    public String origin() {
        return "Address spaces for network namespaces, M. Rapoport, J. Bottomley, J. Nider (IBM), talks of 2019 and 2020; read in"
                + " rppt/linux mm/ass.c and net/core/net_namespace.c, and patent US 11093657. Never posted, no measurements.";
    }

    @Override
    public String criticism() {
        return "Its authors' own list: the direct map falls to pieces, page tables and the cost of an allocation grow with"
                + " the number of namespaces, and how shared objects such as packets are to behave is open, as is how to"
                + " measure the gain. The prototype neither locks nor flushes. T. Gleixner wanted one concept shared with PTI.";
    }

    @Override
    public String protects() {
        return "Other namespaces' private objects cannot be read from a system call, by speculation or by a bug: they are not"
                + " in the table. Not covered: shared objects, anything that is not the network's, an attacker who can write"
                + " page tables or run kernel code, residue in buffers; interrupts and kernel threads run on a table that"
                + " maps all. Meltdown, L1TF and MDS reach those private objects less, and all else as before: Meltdown needs"
                + " KPTI beside it, the others a flush at each switch.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofNumber("namespaces", 2, 1, 10_000, "network namespaces on the machine", "stated"),
                Parameter.ofSwitch(
                        "initial",
                        true,
                        "the initial namespace has exclusive objects too, as if its tasks were in one of their own",
                        "the prototype: not"),
                Parameter.ofNumber(
                        "pages_per_call",
                        0.05,
                        0,
                        10,
                        "exclusive pages allocated, and freed, a socket call",
                        "estimate: slab reuse"),
                Parameter.ofNumber(
                        "split_rate",
                        0.002,
                        0,
                        1,
                        "share of exclusive pages that split a 2 MiB mapping",
                        "estimate: one in 512, side by side"),
                Parameter.ofSwitch(
                        "shootdown", true, "flush other CPUs when a page is unmapped", "missing in the prototype"),
                Parameter.ofNumber("batch", 1, 1, 512, "exclusive pages a shootdown", "stated; a slab at a time"),
                Parameter.ofNumber(
                        "packets_per_call",
                        1,
                        0,
                        100,
                        "packets to another namespace a sending call, of tasks not in the initial one",
                        "stated: a veth is the way out"),
                Parameter.ofWord(
                        "packets",
                        List.of("neutral", "map"),
                        "receive on the all-mapping table, or map the packet into the peer",
                        "open in the talks"),
                Parameter.ofSwitch(
                        "neutral_irq", true, "interrupts run on a table that maps all namespaces", "open in the talks"),
                Parameter.ofSwitch(
                        "neutral_kthreads", true, "kernel threads run on that table, not lazily", "open in the talks"));
    }

    @Override
    public Strategy build(Settings settings) {
        View everything = View.everything().global(ENTRY, K_TEXT, K_DATA, K_MOD, PERCPU, VMEMMAP);
        Act toNeutral = load("neutral", KEEP);
        Act back = load(KERNEL, KEEP);
        Strategy.Builder netns = Strategy.named(
                        name() + settings.suffix(),
                        "Namespace address spaces: objects private to a network namespace are mapped in its table only.",
                        everything.without(K_NS_OTH))
                .space("neutral", Strategy.Owner.ALL, everything, 1 << 9)
                .on(NAMESPACE, charge(Operation.PGD_COPY), new Act.RaiseGeneration(), load(KERNEL, FLUSH));
        allocate(netns, settings);
        double packets = settings.number("packets_per_call");
        if (packets > 0) {
            List<Act> crossing = settings.word("packets").equals("neutral")
                    ? List.of(toNeutral, back)
                    : List.of(new Act.Charge(Operation.PTE_WRITE, 2), charge(Operation.INVLPG));
            Act send = new Act.IfSyscall(SENDING_CALLS, List.of(new Act.AtRate(packets, crossing)));
            netns.on(USER_ENTRY, new Act.IfNamespaced(List.of(send)));
        }
        if (settings.isOn("neutral_irq")) {
            Act suspend = whenCause(List.of(Family.INTERRUPT), new Act.Suspend("neutral", KEEP));
            netns.on(USER_ENTRY, suspend)
                    .on(KERNEL_ENTRY, suspend)
                    .on(KERNEL_RETURN, whenCause(List.of(Family.INTERRUPT), new Act.Resume(KEEP)))
                    .in("neutral", USER_RETURN, new Act.Leave(KEEP));
        }
        if (settings.isOn("neutral_kthreads")) {
            netns.on(SWITCHED, new Act.IfKernelThread(List.of(toNeutral)));
        }
        return netns.in("neutral", SWITCH, new Act.Leave(KEEP)).build();
    }

    /** What a socket call costs through the exclusive pages it takes and gives back. */
    private static void allocate(Strategy.Builder netns, Settings settings) {
        double pages = settings.number("pages_per_call");
        int tables = (int) settings.number("namespaces"); // those of the others, and the shadow
        if (pages == 0 || tables == 1) {
            return;
        }
        List<Act> call = new ArrayList<>();
        call.add(new Act.AtRate(pages, List.of(new Act.Charge(Operation.PTE_WRITE, 2 * tables)))); // unmapped, mapped
        if (settings.number("split_rate") > 0) {
            Act split = new Act.Charge(Operation.PTE_WRITE, SPLIT * tables);
            call.add(new Act.AtRate(pages * settings.number("split_rate"), List.of(split)));
        }
        if (settings.isOn("shootdown")) {
            call.add(new Act.AtRate(pages / settings.number("batch"), List.of(new Act.ShootOtherNamespaces())));
        }
        Act allocation = new Act.IfSyscall(SOCKET_CALLS, call);
        netns.on(USER_ENTRY, settings.isOn("initial") ? allocation : new Act.IfNamespaced(List.of(allocation)));
    }
}
