package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.NAMESPACE;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.K_DATA;
import static tollgate.replay.MemoryClass.K_MOD;
import static tollgate.replay.MemoryClass.K_TEXT;
import static tollgate.replay.MemoryClass.PERCPU;
import static tollgate.replay.MemoryClass.VMEMMAP;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.whenCause;

import com.google.auto.service.AutoService;
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
 *   switch to another mm     the CR3 write that is there anyway; the direct map is no longer global
 *   interrupt                runs on an all-mapping table: CR3 there and back, entries kept
 *   exclusive page allocated   unmapped from every other namespace's table and shot down everywhere
 *   setns                    the kernel half of the mm's table is rebuilt, and flushed
 * </pre>
 *
 * <p>Source: rppt/linux mm/ass.c, net/core/net_namespace.c (2019-2020), patent US 11093657. The prototype flushes
 * nothing when it unmaps, which would leave the pages reachable: {@code shootdown} is what correctness needs. How often
 * a socket call allocates an exclusive page is stated, not recorded: {@code pages_per_call}.
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

    @Override
    public String name() {
        return "netns";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofNumber("namespaces", 2, 1, 10_000, "network namespaces on the machine", "stated"),
                Parameter.ofNumber(
                        "pages_per_call",
                        0.05,
                        0,
                        10,
                        "exclusive pages allocated a socket call",
                        "estimate: slab reuse"),
                Parameter.ofSwitch(
                        "shootdown", true, "flush other CPUs when a page is unmapped", "missing in the prototype"),
                Parameter.ofSwitch(
                        "neutral_irq",
                        true,
                        "interrupts run on a table that maps all namespaces",
                        "open in the talks"));
    }

    @Override
    public Strategy build(Settings settings) {
        double perCall = settings.number("pages_per_call");
        int others = (int) settings.number("namespaces") - 1;
        View everything = View.everything().global(ENTRY, K_TEXT, K_DATA, K_MOD, PERCPU, VMEMMAP);
        View own = everything.without(tollgate.replay.MemoryClass.K_NS_OTH);
        List<Act> allocation = new java.util.ArrayList<>(List.of(new Act.Charge(Operation.PTE_WRITE, others + 1)));
        if (settings.isOn("shootdown")) {
            allocation.addAll(
                    List.of(charge(Operation.INVLPG), charge(Operation.IPI_SEND), charge(Operation.IPI_WAIT)));
        }
        Strategy.Builder netns = Strategy.named(
                        name() + settings.suffix(),
                        "Namespace address spaces: objects private to a network namespace are mapped in its table only.",
                        own)
                .space("neutral", Strategy.Owner.ALL, everything, 1 << 9)
                .on(
                        NAMESPACE,
                        charge(Operation.PGD_COPY),
                        Strategy.load(Strategy.KERNEL, tollgate.replay.Act.Flush.FLUSH));
        if (perCall > 0 && others > 0) {
            netns.on(USER_ENTRY, new Act.IfSyscall(SOCKET_CALLS, List.of(new Act.AtRate(perCall, allocation))));
        }
        if (settings.isOn("neutral_irq")) {
            Act enter = Strategy.load("neutral", KEEP);
            Act leave = Strategy.load(Strategy.KERNEL, KEEP);
            netns.on(USER_ENTRY, whenCause(List.of(Family.INTERRUPT), enter))
                    .on(KERNEL_ENTRY, whenCause(List.of(Family.INTERRUPT), enter))
                    .in("neutral", tollgate.replay.Crossing.USER_RETURN, leave)
                    .in("neutral", KERNEL_RETURN, leave)
                    .in("neutral", tollgate.replay.Crossing.SWITCH, leave);
        }
        return netns.build();
    }
}
