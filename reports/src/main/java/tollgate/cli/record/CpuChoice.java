package tollgate.cli.record;

import java.util.List;
import java.util.Map;

/**
 * The CPU profile that fits a machine, by vendor, family and model as {@code /proc/cpuinfo} tells them.
 *
 * <p>Source: arch/x86/include/asm/intel-family.h for Intel; the ranges by which bsp_init_amd tells Zen 1 to 5 apart
 * (arch/x86/kernel/cpu/amd.c) for AMD. A virtual machine may show another model than the CPU it runs on.
 *
 * @param profile for {@code --cpu}
 * @param fits whether it is this microarchitecture; if not, it is the nearest one that has a profile
 * @param core what the machine has, for a reader
 */
public record CpuChoice(String profile, boolean fits, String core) {
    private record Range(int family, int from, int to, String profile, String core, boolean fits) {}

    private static final List<Range> INTEL = List.of(
            like(0x2a, 0x2a, "haswell", "Sandy Bridge"),
            like(0x2d, 0x2d, "haswell", "Sandy Bridge"),
            like(0x3a, 0x3a, "haswell", "Ivy Bridge"),
            like(0x3e, 0x3e, "haswell", "Ivy Bridge"),
            intel(0x3c, "haswell", "Haswell"),
            intel(0x3f, "haswell", "Haswell"),
            intel(0x45, "haswell", "Haswell"),
            intel(0x46, "haswell", "Haswell"),
            intel(0x3d, "broadwell", "Broadwell"),
            intel(0x47, "broadwell", "Broadwell"),
            intel(0x4f, "broadwell", "Broadwell"),
            intel(0x56, "broadwell", "Broadwell"),
            intel(0x4e, "skylake-client", "Skylake"),
            intel(0x5e, "skylake-client", "Skylake"),
            like(0x8e, 0x8e, "skylake-client", "Kaby Lake or later"),
            like(0x9e, 0x9e, "skylake-client", "Kaby Lake or later"),
            like(0xa5, 0xa6, "skylake-client", "Comet Lake"),
            intel(0x6a, "ice-lake-sp", "Ice Lake server"),
            intel(0x6c, "ice-lake-sp", "Ice Lake server"),
            intel(0x7d, "ice-lake-client", "Ice Lake"),
            intel(0x7e, "ice-lake-client", "Ice Lake"),
            like(0x8c, 0x8d, "ice-lake-client", "Tiger Lake"),
            like(0xa7, 0xa7, "ice-lake-client", "Rocket Lake"),
            intel(0x8f, "sapphire-rapids", "Sapphire Rapids"),
            like(0xcf, 0xcf, "sapphire-rapids", "Emerald Rapids"),
            like(0x97, 0x97, "sapphire-rapids", "Alder Lake"),
            like(0x9a, 0x9a, "sapphire-rapids", "Alder Lake"),
            like(0xb7, 0xb7, "sapphire-rapids", "Raptor Lake"),
            like(0xba, 0xba, "sapphire-rapids", "Raptor Lake"),
            like(0xbf, 0xbf, "sapphire-rapids", "Raptor Lake"),
            like(0xad, 0xae, "sapphire-rapids", "Granite Rapids"));

    private static final List<Range> AMD = List.of(
            amd(0x17, 0x00, 0x2f, "zen1", "Zen or Zen+"),
            amd(0x17, 0x50, 0x5f, "zen1", "Zen or Zen+"),
            amd(0x17, 0x30, 0xff, "zen2", "Zen 2"),
            new Range(0x18, 0x00, 0xff, "zen1", "Hygon Dhyana", false),
            amd(0x19, 0x00, 0x0f, "zen3", "Zen 3"),
            amd(0x19, 0x20, 0x5f, "zen3", "Zen 3"),
            amd(0x19, 0x10, 0xff, "zen4", "Zen 4"),
            new Range(0x1a, 0x00, 0xff, "zen4", "Zen 5", false));

    /** Skylake, Cascade Lake and Cooper Lake servers share model 0x55 and differ in the stepping. */
    private static final int SKYLAKE_SERVER = 0x55;

    private static Range intel(int model, String profile, String core) {
        return new Range(6, model, model, profile, core, true);
    }

    private static Range like(int from, int to, String profile, String core) {
        return new Range(6, from, to, profile, core, false);
    }

    private static Range amd(int family, int from, int to, String profile, String core) {
        return new Range(family, from, to, profile, core, true);
    }

    /** @param cpuinfo keys and values of the first CPU */
    static CpuChoice of(Map<String, String> cpuinfo) {
        String vendor = cpuinfo.getOrDefault("vendor_id", "");
        int family = number(cpuinfo.get("cpu family"));
        int model = number(cpuinfo.get("model"));
        int stepping = number(cpuinfo.get("stepping"));
        boolean isIntel = vendor.equals("GenuineIntel");
        if (isIntel && family == 6 && model == SKYLAKE_SERVER) {
            return stepping <= 4
                    ? new CpuChoice("skylake-sp", true, "Skylake server")
                    : new CpuChoice("cascade-lake", stepping <= 7, stepping <= 7 ? "Cascade Lake" : "Cooper Lake");
        }
        for (Range range : isIntel ? INTEL : AMD) {
            if (range.family == family && range.from <= model && model <= range.to) {
                return new CpuChoice(range.profile, range.fits, range.core);
            }
        }
        String unknown = vendor + " family " + family + " model " + model;
        return new CpuChoice(isIntel ? "sapphire-rapids" : "zen4", false, unknown);
    }

    private static int number(String text) {
        return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
