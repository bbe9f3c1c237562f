package tollgate.reports;

import tollgate.analysis.Comparison;

/** The report's page on the simulated MMU: what it does in ten lines, beside a picture of the model. */
final class MmuSection {
    private static final String[] LINES = {
        "An access names a 4 KiB page, and its view the size of the leaf that maps it. The first-level TLB for its kind "
                + "and size is asked, then the second level; a hit there is counted as such.",
        "A miss in both is a page walk. It starts below the deepest level that the paging-structure caches know, and "
                + "each entry it reads is counted.",
        "Replacement is true LRU within a set; empty ways are taken first.",
        "Entries carry the PCID of the address space they were filled under, or the global bit; guests' carry a VPID "
                + "and compete for the same sets.",
        "A CR3 write with bit 63 drops nothing. Without it, all entries of that PCID that are not global go, and its "
                + "paging-structure caches. Without PCID every write drops all that is not global.",
        "INVLPG drops a page under the running PCID and its global entry everywhere, and that PCID's paging-structure "
                + "caches; INVPCID one page, one PCID, or everything.",
        "Linux keeps six ASIDs a CPU, replaced round robin; one that is found again is flushed only if its process's "
                + "pages were shot down meanwhile.",
        "Deep idle empties everything, in every strategy alike.",
        "Against measured page streams of a real kernel, every expected miss count of an independent TLB model is met "
                + "exactly (2052 of 2052); a second, plain implementation agrees on every access.",
        "Not modelled: data caches behind the walks, prefetch, merging of neighbouring pages on Zen, entries that "
                + "hardware drops of its own accord.",
    };

    private MmuSection() {}

    /** The lines below the picture, {@link tollgate.reports.chart.ModelPicture}. */
    static String lines() {
        Html html = new Html().raw("<ol>");
        for (String line : LINES) {
            html.element("li", line);
        }
        return html.raw("</ol>\n").toString();
    }

    static String caption(Comparison.Cpu cpu) {
        return "The way of an event through the model, with the translation caches of " + cpu.title()
                + ". What stands there without a remark is verified; \"derived\" and \"approximate\" are not.";
    }
}
