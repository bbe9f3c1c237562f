package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a recording is made under, read from {@code /proc} and {@code /sys}. What is not told there stays unknown.
 *
 * @param kernel release
 * @param cpu model name
 * @param inVm whether the CPU says that a hypervisor runs it
 * @param pti {@code on}, {@code off} or {@code unknown}
 * @param mitigations by the names and in the words of {@code /sys/devices/system/cpu/vulnerabilities}
 * @param cores CPUs of each core
 * @param networkNamespace inode of the namespace that this process, and so the command, is in
 * @param choice of a CPU profile
 */
public record Surroundings(
        String kernel,
        String cpu,
        Optional<Boolean> inVm,
        String pti,
        Map<String, String> mitigations,
        List<List<Integer>> cores,
        OptionalLong networkNamespace,
        CpuChoice choice) {
    private static final String VULNERABILITIES = "sys/devices/system/cpu/vulnerabilities";
    private static final Pattern INODE = Pattern.compile("net:\\[([0-9]+)]");

    public static Surroundings of(Machine machine) {
        Map<String, String> cpuinfo = firstCpu(machine);
        Map<String, String> mitigations = new TreeMap<>();
        for (String name : machine.list(VULNERABILITIES)) {
            machine.read(VULNERABILITIES + "/" + name).ifPresent(text -> mitigations.put(name, text));
        }
        return new Surroundings(
                machine.read("proc/sys/kernel/osrelease").orElse(""),
                cpuinfo.getOrDefault("model name", ""),
                Optional.ofNullable(cpuinfo.get("flags")).map(flags -> hasFlag(flags, "hypervisor")),
                pti(mitigations.get("meltdown"), cpuinfo.get("flags")),
                mitigations,
                cores(machine),
                inode(machine, "proc/self/ns/net"),
                CpuChoice.of(cpuinfo));
    }

    /** The file says it since 4.15 (arch/x86/kernel/cpu/bugs.c: cpu_show_common); the flag is set where the boot line forces it. */
    private static String pti(String meltdown, String flags) {
        if (meltdown != null && meltdown.contains("PTI") && meltdown.startsWith("Mitigation")
                || flags != null && hasFlag(flags, "pti")) {
            return "on";
        }
        return meltdown == null || meltdown.startsWith("Unknown") ? "unknown" : "off";
    }

    private static boolean hasFlag(String flags, String flag) {
        return (" " + flags + " ").contains(" " + flag + " ");
    }

    private static Map<String, String> firstCpu(Machine machine) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String line : machine.read("proc/cpuinfo").orElse("").split("\n")) {
            if (line.isBlank()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                keys.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return keys;
    }

    private static List<List<Integer>> cores(Machine machine) {
        TreeMap<Integer, List<Integer>> cores = new TreeMap<>();
        for (String name : machine.list("sys/devices/system/cpu")) {
            if (name.matches("cpu[0-9]+")) {
                machine.read("sys/devices/system/cpu/" + name + "/topology/thread_siblings_list")
                        .map(Surroundings::numbers)
                        .filter(siblings -> !siblings.isEmpty())
                        .ifPresent(siblings -> cores.put(siblings.get(0), siblings));
            }
        }
        return List.copyOf(cores.values());
    }

    /** {@code 0,64} or {@code 0-1}. */
    private static List<Integer> numbers(String list) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : list.split(",")) {
            Matcher range = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?").matcher(part.strip());
            if (range.matches()) {
                int from = Integer.parseInt(range.group(1));
                int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
                for (int cpu = from; cpu <= to; cpu++) {
                    numbers.add(cpu);
                }
            }
        }
        return new ArrayList<>(numbers);
    }

    private static OptionalLong inode(Machine machine, String link) {
        try {
            Matcher matcher =
                    INODE.matcher(Files.readSymbolicLink(machine.file(link)).toString());
            return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return OptionalLong.empty();
        }
    }
}
